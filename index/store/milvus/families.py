"""Families of near-duplicates in Milvus: an article joins that of whatever it copies.

As in :mod:`index.store.families`, but for where the signatures are: bands are tags of articles'
rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from index.store.base import NewArticle
from index.store.milvus.documents import article_of, fingerprint_of
from index.store.milvus.engine import Row, listing
from index.store.milvus.records import MilvusRecords
from index.text.shingles import are_copies

__all__ = ["FamilyPlacement"]

# As many articles are looked at as share a band, and compared as are likeliest.
_MOST_OF_A_BAND, _MOST_COMPARED = 200, 48
_FIELDS: Final = ("document", "article", "name", "family", "runs", "signature")


class FamilyPlacement:
    """The families of a batch of articles, among themselves and with what is there.

    ``gone``: numbers of articles that the batch takes the place of. ``merged``: families that an
    article of the batch turned out to join, each with the one that it is now.
    """

    def __init__(self, records: MilvusRecords, gone: set[int]) -> None:
        self._records = records
        self._gone = gone
        self._batch: list[tuple[NewArticle, int]] = []
        self.placed: dict[int, int] = {}
        self.merged: dict[int, int] = {}

    def place(self, new: NewArticle, key: int) -> str | None:
        """Put an article into its family; the id of one that it is a copy of, if there is one."""
        original: str | None = None
        family = key
        for id, text, other in self._candidates(new):
            other = self._now(other)
            if other == family or not are_copies(new.article.text, text):
                continue
            original = original or id
            if family != key:
                self._merge(family, other)
            family = other
        self.placed[key] = family
        self._batch.append((new, key))
        return original

    def _merge(self, old: int, new: int) -> None:
        for table in (self.placed, self.merged):
            for number, family in table.items():
                if family == old:
                    table[number] = new
        self.merged[old] = new

    def _now(self, family: int) -> int:
        return self.merged.get(family, family)

    def _candidates(self, new: NewArticle) -> Iterator[tuple[str, str, int]]:
        """Id, text and family of the articles worth comparing, the likeliest first."""
        for row in self._stored(new):
            body = self._records.bodies([row["document"]])[row["document"]]
            yield row["name"], article_of(body).text, row["family"]
        for other, key in self._batch:
            if new.fingerprint.may_copy(other.fingerprint):
                yield other.article.id, other.article.text, self.placed[key]

    def _stored(self, new: NewArticle) -> list[Row]:
        bands = listing(f"b{band}" for band in new.fingerprint.bands())
        condition = f'kind == "article" and array_contains_any(tags, {bands})'
        rows = self._records.rows(condition, _FIELDS, _MOST_OF_A_BAND)
        rows = [row for row in rows if row["article"] not in self._gone]
        rows = [row for row in rows if new.fingerprint.may_copy(fingerprint_of(row))]
        signature = new.fingerprint.signature
        rows.sort(key=lambda row: -int((signature == fingerprint_of(row).signature).sum()))
        return rows[:_MOST_COMPARED]
