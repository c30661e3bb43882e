"""Families of near-duplicates in Milvus: an article joins that of whatever it copies.

As in :mod:`index.store.sqlite.families`, but for where the signatures are: bands are tags of
articles' rows.
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

    ``replaced_articles``: numbers of articles that the batch takes the place of. ``family_of``: the
    family of each article of the batch. ``merges``: families that one of them turned out to join,
    each with the one that it is now.
    """

    def __init__(self, records: MilvusRecords, replaced_articles: set[int]) -> None:
        self._records = records
        self._replaced_articles = replaced_articles
        self._batch: list[tuple[NewArticle, int]] = []
        self.family_of: dict[int, int] = {}
        self.merges: dict[int, int] = {}

    def place(self, new: NewArticle, key: int) -> str | None:
        """Put an article into its family; the id of one that it is a copy of, if there is one."""
        original: str | None = None
        family = key
        for id, text, candidate in self._candidates(new):
            candidate = self._now(candidate)
            if candidate == family or not are_copies(new.article.text, text):
                continue
            original = original or id
            if family != key:
                self._merge(family, candidate)
            family = candidate
        self.family_of[key] = family
        self._batch.append((new, key))
        return original

    def _merge(self, old: int, new: int) -> None:
        for table in (self.family_of, self.merges):
            for number, family in table.items():
                if family == old:
                    table[number] = new
        self.merges[old] = new

    def _now(self, family: int) -> int:
        return self.merges.get(family, family)

    def _candidates(self, new: NewArticle) -> Iterator[tuple[str, str, int]]:
        """Id, text and family of the articles worth comparing, the likeliest first."""
        for row in self._stored_rows(new):
            body = self._records.bodies([row["document"]])[row["document"]]
            yield row["name"], article_of(body).text, row["family"]
        for candidate, key in self._batch:
            if new.fingerprint.may_copy(candidate.fingerprint):
                yield candidate.article.id, candidate.article.text, self.family_of[key]

    def _stored_rows(self, new: NewArticle) -> list[Row]:
        bands = listing(f"b{band}" for band in new.fingerprint.bands())
        condition = f'kind == "article" and array_contains_any(tags, {bands})'
        rows = self._records.rows(condition, _FIELDS, _MOST_OF_A_BAND)
        rows = [row for row in rows if row["article"] not in self._replaced_articles]
        rows = [row for row in rows if new.fingerprint.may_copy(fingerprint_of(row))]
        signature = new.fingerprint.signature
        rows.sort(key=lambda row: -int((signature == fingerprint_of(row).signature).sum()))
        return rows[:_MOST_COMPARED]
