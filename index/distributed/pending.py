"""What the library will hold once everything that was admitted is written.

Articles are admitted while earlier ones are still being encoded; to each the library has to look as
if those were there, as they are on one machine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from index.article import Article, Findings
from index.ingest.admission import AdmissionRecords
from index.ingest.batch import Admission
from index.ingest.provenance import Provenance
from index.store.base import Stored

__all__ = ["PendingRecords"]

# A kind of key, and its value.
_Key = tuple[str, str | int]


@dataclass(frozen=True, slots=True)
class _Entry:
    """An admitted article, and what it may be looked up by."""

    admission: Admission
    content: str
    input: str | None
    lines: frozenset[int]

    @classmethod
    def of(cls, admission: Admission) -> Self:
        provenance = admission.provenance
        lines = frozenset(provenance.lines if provenance else ())
        input_hash = provenance.input_hash if provenance else None
        return cls(admission, admission.article.content_hash, input_hash, lines)

    @property
    def keys(self) -> Iterator[_Key]:
        """What the ids are kept under."""
        yield "content", self.content
        if self.admission.article.url is not None:
            yield "url", self.admission.article.url
        if self.input is not None:
            yield "input", self.input
        for line in self.lines:
            yield "line", line


class PendingRecords:
    """The records of a store, and before them the articles that are admitted and not written.

    It answers what :class:`index.ingest.admission.AdmissionRecords` says, as the store will once
    these are written. Looking an article up takes no longer where many are pending.
    """

    def __init__(self, records: AdmissionRecords) -> None:
        self.records = records
        self._pending: dict[str, _Entry] = {}
        # Ids in the order in which they came, as those of a store are.
        self._ids: dict[_Key, dict[str, None]] = {}

    def add(self, admission: Admission) -> None:
        """Count an admitted article among the library's from now on, in place of one of its id."""
        self._remove(admission.article.id)
        entry = self._pending[admission.article.id] = _Entry.of(admission)
        for key in entry.keys:
            self._ids.setdefault(key, {})[admission.article.id] = None

    def discard(self, admission: Admission) -> None:
        """Forget an article that is written."""
        entry = self._pending.get(admission.article.id)
        if entry and entry.admission is admission:
            self._remove(admission.article.id)

    def _remove(self, id: str) -> None:
        entry = self._pending.pop(id, None)
        for key in entry.keys if entry else ():
            del self._ids[key][id]
            if not self._ids[key]:
                del self._ids[key]

    def stored(self, ids: Sequence[str]) -> dict[str, Stored]:
        known_articles = self.records.stored(ids)
        for id in ids:
            if entry := self._pending.get(id):
                known_articles[id] = Stored(-1, entry.content, entry.admission.version)
        return known_articles

    def id_of_content(self, content_hash: str) -> str | None:
        for id in self._ids.get(("content", content_hash), ()):
            return id
        id_there = self.records.id_of_content(content_hash)
        return None if id_there in self._pending else id_there

    def ids_of_url(self, url: str) -> list[str]:
        ids = [id for id in self.records.ids_of_url(url) if id not in self._pending]
        return [*ids, *self._ids.get(("url", url), ())]

    def article(self, id: str) -> Article | None:
        if entry := self._pending.get(id):
            # As a store gives it back: without what is no part of it.
            return replace(
                entry.admission.article, found_as="text", date_source=None, findings=Findings()
            )
        return self.records.article(id)

    def provenance(self, id: str) -> Provenance | None:
        if entry := self._pending.get(id):
            return entry.admission.provenance
        return self.records.provenance(id)

    def ids_of_input(self, input_hash: str) -> list[str]:
        ids = [id for id in self.records.ids_of_input(input_hash) if id not in self._pending]
        return sorted([*ids, *self._ids.get(("input", input_hash), ())])

    def line_counts(
        self, lines: Collection[int], longest: Collection[int], but: Collection[str]
    ) -> dict[int, int]:
        replacements = (id for id, entry in self._pending.items() if entry.admission.keep_previous)
        counts = self.records.line_counts(lines, longest, {*but, *replacements})
        copies = {id for line in longest for id in self._ids.get(("line", line), ())}
        for line in set(lines):
            ids = self._ids.get(("line", line), {}).keys() - copies - set(but)
            if ids:
                counts[line] = counts.get(line, 0) + len(ids)
        return counts
