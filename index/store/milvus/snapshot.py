"""Searching one generation of a library in Milvus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from index.encode.base import Floats
from index.filters import Filters
from index.search.lexical import TITLE_WEIGHT
from index.store.base import Found, Ranking, Selection
from index.store.milvus.conditions import ConditionalSelection, passage_condition
from index.store.milvus.documents import article_of
from index.store.milvus.engine import RRF_K, Engine, Row, SearchScope, chunks, listing
from index.store.milvus.partitions import partitions_within
from index.store.milvus.passages import PASSAGE_FIELDS, indexed_text, passage_of
from index.store.milvus.records import MilvusRecords
from index.store.milvus.state import State
from index.store.milvus.term_counts import TermCounts

__all__ = ["MilvusSnapshot"]

_NOBODY: Final = Selection(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


class MilvusSnapshot(MilvusRecords):
    """See :class:`index.store.base.Snapshot`. ``term_counts``: of this generation."""

    def __init__(self, engine: Engine, state: State, term_counts: TermCounts | None = None) -> None:
        super().__init__(engine, state)
        self._term_counts = term_counts or TermCounts()

    def __len__(self) -> int:
        return self._state.passages

    def select(self, filters: Filters) -> Selection:
        """Select by an expression, which the engine applies before it searches."""
        if filters == Filters():
            return Selection()
        by_article = bool(filters.article_ids)
        rows = self.select_rows(filters, ["article"], None if by_article else 1)
        if not rows:
            return _NOBODY
        if by_article:
            condition = f"article in {listing(sorted(row['article'] for row in rows))}"
        else:
            condition = self.condition(filters)
        partitions = partitions_within(filters, self._state.years)
        return ConditionalSelection(condition=condition, partitions=partitions)

    def dense(self, query: Floats, k: int, selection: Selection) -> Ranking:
        scope = self._scope(selection)
        if scope is None:
            return _ranking({}, k)
        return _ranking(dict(self._engine.nearest(scope, query, k)), k)

    def lexical(self, terms: Sequence[str], k: int, selection: Selection) -> Ranking:
        """Milvus's BM25 of the passage, and of its title with less weight. Both are asked for their
        best, and then for their scores of what either of them brought."""
        scope = self._scope(selection)
        text = indexed_text(dict.fromkeys(terms))
        if scope is None or not text:
            return _ranking({}, k)
        scores = {column: dict(self._engine.bm25(scope, column, text, k)) for column in _WEIGHTS}
        for column, counterpart in (("title", "body"), ("body", "title")):
            missing = sorted(scores[counterpart].keys() - scores[column].keys())
            for part in chunks(missing):
                only = scope._replace(condition=f"key in {listing(part)}")
                scores[column].update(self._engine.bm25(only, column, text, len(part)))
        keys = scores["title"].keys() | scores["body"].keys()
        return _ranking(
            {
                key: sum(
                    weight * scores[column].get(key, 0.0) for column, weight in _WEIGHTS.items()
                )
                for key in keys
            },
            k,
        )

    def hybrid(self, query: Floats, terms: Sequence[str], k: int, selection: Selection) -> Ranking:
        """See :class:`index.store.base.HybridSearch`. The words are looked for in passages alone;
        titles are part of the vectors."""
        scope = self._scope(selection)
        text = indexed_text(dict.fromkeys(terms))
        if scope is None:
            return _ranking({}, k)
        if not text:
            hits = enumerate(self._engine.nearest(scope, query, k), start=1)
            return _ranking({key: 1 / (RRF_K + rank) for rank, (key, _) in hits}, k)
        return _ranking(dict(self._engine.hybrid(scope, query, "body", text, k)), k)

    def _scope(self, selection: Selection) -> SearchScope | None:
        """Return where to search for the passages of a selection; ``None`` for nowhere."""
        condition = self._condition(selection)
        if condition is None:
            return None
        partitions = selection.partitions if isinstance(selection, ConditionalSelection) else None
        return SearchScope(self._state.collection, condition, partitions)

    def _condition(self, selection: Selection) -> str | None:
        """Return the condition that a passage has to meet; ``None`` where none can meet it."""
        if selection.empty or not self._state.collection or not len(self):
            return None
        return " and ".join(filter(None, [passage_condition(selection), self._state.visible]))

    def document_frequency(self, term: str) -> int:
        return self._holding("body", term)

    def has_term(self, term: str) -> bool:
        return bool(self._holding("body", term) or self._holding("title", term))

    def _holding(self, column: str, term: str) -> int:
        condition = self._condition(Selection())
        text = indexed_text([term])
        if condition is None or not text:
            return 0
        # A word is a word character and no other: it ends no string.
        condition = f'text_match({column}, "{text}") and {condition}'
        return self._term_counts.get(
            column, term, lambda: self._engine.count(self._state.collection, condition)
        )

    def vectors(self, keys: Sequence[int]) -> Floats:
        rows = self._passage_rows(keys, ["key", "vector"])
        return np.array([rows[key]["vector"] for key in keys], dtype=np.float32)

    def passages(self, keys: Sequence[int]) -> list[Found | None]:
        rows = self._passage_rows(keys, PASSAGE_FIELDS)
        articles = sorted({row["article"] for row in rows.values()})
        owners = [
            row
            for part in chunks(articles)
            for row in self.rows(f'kind == "article" and article in {listing(part)}')
        ]
        bodies = self.bodies(row["document"] for row in owners)
        by_key = {row["article"]: article_of(bodies[row["document"]]) for row in owners}
        # One that is not as it was written is as if it were not there: nothing is cited from it.
        content_hashes = {row["article"]: row["content"] for row in owners}
        intact = {
            k: article for k, article in by_key.items() if article.content_hash == content_hashes[k]
        }
        results = {
            key: Found(intact[row["article"]], passage_of(row, intact[row["article"]].id))
            for key, row in rows.items()
            if row["article"] in intact
        }
        return [results.get(key) for key in keys]

    def articles_with_passages(self, articles: Iterable[int]) -> set[int]:
        """Choose the articles, by number, that have a passage."""
        if not self._state.collection:
            return set()
        return {
            row["article"]
            for part in chunks(sorted(articles))
            for row in self._engine.query(
                self._state.collection,
                f"article in {listing(part)} and {self._state.visible}",
                ["article"],
            )
        }

    def _passage_rows(self, keys: Iterable[int], fields: Sequence[str]) -> dict[int, Row]:
        if not self._state.collection:
            return {}
        return {
            row["key"]: row
            for part in chunks(sorted(set(keys)))
            for row in self._engine.query(
                self._state.collection,
                f"key in {listing(part)} and {self._state.visible}",
                fields,
            )
        }


_WEIGHTS: Final = {"title": TITLE_WEIGHT, "body": 1.0}


def _ranking(scores: dict[int, float], k: int) -> Ranking:
    keys = sorted(scores, key=lambda key: (-scores[key], key))[:k]
    return (
        np.array(keys, dtype=np.int64),
        np.array([scores[key] for key in keys], dtype=np.float32),
    )
