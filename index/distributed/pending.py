"""What the library will hold once everything that was admitted is written.

Articles are admitted while earlier ones are still being encoded; to each the library has to look as
if those were there, as they are on one machine.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from index.article import Article, Findings
from index.ingest.admission import AdmissionRecords
from index.ingest.batch import Admission
from index.ingest.provenance import Provenance
from index.store.base import Stored

__all__ = ["PendingRecords"]


class PendingRecords:
    """The records of a store, and before them the articles that are admitted and not written.

    It answers what :class:`index.ingest.admission.AdmissionRecords` says, as the store will once
    these are written.
    """

    def __init__(self, records: AdmissionRecords) -> None:
        self.records = records
        self._pending: dict[str, Admission] = {}

    def add(self, admission: Admission) -> None:
        """Count an admitted article among the library's from now on, in place of one of its id."""
        self._pending[admission.article.id] = admission

    def discard(self, admission: Admission) -> None:
        """Forget an article that is written."""
        if self._pending.get(admission.article.id) is admission:
            del self._pending[admission.article.id]

    def stored(self, ids: Sequence[str]) -> dict[str, Stored]:
        known_articles = self.records.stored(ids)
        for id in ids:
            if admission := self._pending.get(id):
                known_articles[id] = Stored(-1, admission.article.content_hash, admission.version)
        return known_articles

    def id_of_content(self, content_hash: str) -> str | None:
        for id, admission in self._pending.items():
            if admission.article.content_hash == content_hash:
                return id
        id_there = self.records.id_of_content(content_hash)
        return None if id_there in self._pending else id_there

    def ids_of_url(self, url: str) -> list[str]:
        ids = [id for id in self.records.ids_of_url(url) if id not in self._pending]
        return ids + [id for id, entry in self._pending.items() if entry.article.url == url]

    def article(self, id: str) -> Article | None:
        if admission := self._pending.get(id):
            # As a store gives it back: without what is no part of it.
            return replace(
                admission.article, found_as="text", date_source=None, findings=Findings()
            )
        return self.records.article(id)

    def provenance(self, id: str) -> Provenance | None:
        if admission := self._pending.get(id):
            return admission.provenance
        return self.records.provenance(id)

    def ids_of_input(self, input_hash: str) -> list[str]:
        ids = [id for id in self.records.ids_of_input(input_hash) if id not in self._pending]
        ids += [
            id
            for id, admission in self._pending.items()
            if admission.provenance and admission.provenance.input_hash == input_hash
        ]
        return sorted(ids)

    def line_counts(
        self, lines: Collection[int], longest: Collection[int], but: Collection[str]
    ) -> dict[int, int]:
        counts = self.records.line_counts(lines, longest, {*but, *self._pending})
        long = set(longest)
        for id, admission in self._pending.items():
            if id in but or admission.provenance is None:
                continue
            of_article = set(admission.provenance.lines)
            if not of_article.isdisjoint(long):
                continue
            for line in of_article.intersection(lines):
                counts[line] = counts.get(line, 0) + 1
        return counts
