"""What a store in memory holds and how one state of it is read: every search exact."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np

from index.article import Article, Passage
from index.encode.base import Floats
from index.filters import Filters, publisher_forms
from index.ingest.provenance import Provenance
from index.search.analyzer import terms_of
from index.store.base import Found, NewArticle, Ranking, Selection, Stored, StoredVersion
from index.store.sync_changes import Item

__all__ = ["MemorySnapshot", "Row", "State"]

_K1, _B = 1.2, 0.75


@dataclass
class Row:
    """An article with everything beside it."""

    key: int
    new: NewArticle
    added_at: datetime
    family: int
    passages: list[Passage] = field(default_factory=list)

    @property
    def article(self) -> Article:
        return self.new.article


@dataclass
class State:
    """All that a store knows. A reader has one of its own; a writer replaces it whole."""

    generation: int = 0
    metadata: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    history: dict[str, list[StoredVersion]] = field(default_factory=dict)
    items: dict[str, dict[str, Item]] = field(default_factory=dict)
    by_hand: set[str] = field(default_factory=set)


class MemorySnapshot:
    """See :class:`index.store.base.Snapshot`."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._rows = state.rows

    def __len__(self) -> int:
        return sum(len(row.passages) for row in self._rows.values())

    @property
    def generation(self) -> int:
        return self._state.generation

    def metadata(self, name: str) -> Any:
        return self._state.metadata.get(name)

    def counts(self) -> tuple[int, int]:
        return len(self._rows), len(self)

    def languages(self) -> dict[str, int]:
        return dict(Counter(row.article.language for row in self._rows.values()))

    def publishers(self) -> list[tuple[str, int]]:
        names = sorted(row.article.publisher or "" for row in self._rows.values())
        counts = Counter(name.casefold() for name in names if name)
        first = {name.casefold(): name for name in reversed(names)}
        return [(first[folded], counts[folded]) for folded in sorted(counts)]

    def content_hashes(self) -> Iterator[tuple[str, str]]:
        return ((id, self._rows[id].article.content_hash) for id in sorted(self._rows))

    def stored(self, ids: Sequence[str]) -> dict[str, Stored]:
        return {
            id: Stored(row.key, row.article.content_hash, row.new.version)
            for id in ids
            if (row := self._rows.get(id))
        }

    def id_of_content(self, content_hash: str) -> str | None:
        hashes = ((row.article.content_hash, id) for id, row in self._rows.items())
        return next((id for known, id in hashes if known == content_hash), None)

    def ids_of_url(self, url: str) -> list[str]:
        return [id for id, row in self._rows.items() if row.article.url == url]

    def article(self, id: str) -> Article | None:
        row = self._rows.get(id)
        return row.article if row else None

    def articles(self) -> Iterator[Article]:
        articles = sorted((row.article for row in self._rows.values()), key=lambda each: each.id)
        return iter(sorted(articles, key=_newest_first))

    def page(
        self, filters: Filters, words: str, limit: int, offset: int
    ) -> tuple[list[Article], int]:
        words = " ".join(words.split()).casefold()
        found = [
            each for each in self.articles() if _passes(each, filters) and words in _about(each)
        ]
        return found[offset : offset + limit], len(found)

    def passages_of(self, article_id: str) -> list[Passage]:
        row = self._rows.get(article_id)
        return row.passages if row else []

    def versions(self, id: str) -> list[StoredVersion]:
        row = self._rows.get(id)
        if row is None:
            return []
        now = StoredVersion(row.new.version, row.article, row.added_at, None)
        return [now, *self._state.history.get(id, ())]

    def families(self, ids: Sequence[str]) -> dict[str, int]:
        return {id: self._rows[id].family for id in ids if id in self._rows}

    def family(self, id: str, selection: Selection | None = None) -> list[Article]:
        mine = self._rows[id].family if id in self._rows else None
        rows = [row for row in self._rows.values() if row.family == mine]
        if selection is not None and selection.articles is not None:
            rows = [row for row in rows if row.key in selection.articles]
        rows.sort(
            key=lambda row: (
                row.article.published_at or date.max,
                -row.new.fingerprint.runs,
                row.key,
            )
        )
        return [row.article for row in rows]

    def uncompared(self) -> int:
        return 0

    def provenance(self, id: str) -> Provenance | None:
        row = self._rows.get(id)
        return row.new.provenance if row else None

    def ids_of_input(self, input_hash: str) -> list[str]:
        known = ((id, self.provenance(id)) for id in sorted(self._rows))
        return [id for id, each in known if each and each.input_hash == input_hash]

    def line_counts(
        self, lines: Collection[int], longest: Collection[int], but: Collection[str]
    ) -> dict[int, int]:
        counts: Counter[int] = Counter()
        for id in self._rows.keys() - set(but):
            known = self.provenance(id)
            if known and not set(longest) & set(known.lines):
                counts.update(set(lines) & set(known.lines))
        return dict(counts)

    def sync_items(self, source: str) -> dict[str, Item]:
        return dict(self._state.items.get(source, {}))

    def sync_lost(self, source: str) -> set[str]:
        items = self.sync_items(source)
        return {name for name, item in items.items() if item.articles - self._rows.keys()}

    def held_elsewhere(self, source: str, ids: Iterable[str]) -> set[str]:
        others = [items for name, items in self._state.items.items() if name != source]
        return set(ids) & (_held(others) | self._state.by_hand)

    def held(self, ids: Iterable[str]) -> set[str]:
        return set(ids) & (_held(self._state.items.values()) | self._state.by_hand)

    # Searching

    def select(self, filters: Filters) -> Selection:
        if filters == Filters():
            return Selection()
        rows = [row for row in self._rows.values() if _passes(row.article, filters)]
        keys = [passage.key for row in rows for passage in row.passages]
        return Selection(
            np.array(sorted(row.key for row in rows), dtype=np.int64),
            np.array(sorted(keys), dtype=np.int64),
        )

    def dense(self, query: Floats, k: int, selection: Selection) -> Ranking:
        scores = {
            passage.key: float(vector @ query)
            for row in self._rows.values()
            for passage, vector in zip(row.passages, row.new.vectors, strict=True)
        }
        return _best(scores, k, selection)

    def lexical(self, terms: Sequence[str], k: int, selection: Selection) -> Ranking:
        bodies = self._terms()
        mean = sum(map(len, bodies.values())) / max(len(bodies), 1)
        scores: dict[int, float] = {}
        for term in set(terms):
            holding = self.document_frequency(term)
            idf = math.log1p((len(bodies) - holding + 0.5) / (holding + 0.5))
            for key, body in bodies.items():
                if often := body.count(term):
                    norm = often + _K1 * (1 - _B + _B * len(body) / mean)
                    scores[key] = scores.get(key, 0.0) + idf * often * (_K1 + 1) / norm
        return _best(scores, k, selection)

    def document_frequency(self, term: str) -> int:
        return sum(term in body for body in self._terms().values())

    def has_term(self, term: str) -> bool:
        titles = (row.article for row in self._rows.values())
        return bool(self.document_frequency(term)) or any(
            term in terms_of(each.title, each.language) for each in titles
        )

    def vectors(self, keys: Sequence[int]) -> Floats:
        known = {
            passage.key: vector
            for row in self._rows.values()
            for passage, vector in zip(row.passages, row.new.vectors, strict=True)
        }
        return np.array([known[key] for key in keys], dtype=np.float32)

    def passages(self, keys: Sequence[int]) -> list[Found | None]:
        found = {
            passage.key: Found(row.article, passage)
            for row in self._rows.values()
            for passage in row.passages
        }
        return [found.get(key) for key in keys]

    def _terms(self) -> dict[int, list[str]]:
        return {
            passage.key: terms_of(passage.span.of(row.article.text), row.article.language)
            for row in self._rows.values()
            for passage in row.passages
        }


def _held(sources: Iterable[Mapping[str, Item]]) -> set[str]:
    return {id for items in sources for item in items.values() for id in item.articles}


def _newest_first(article: Article) -> tuple[bool, int]:
    day = article.published_at
    return (day is None, -day.toordinal() if day else 0)


def _about(article: Article) -> str:
    known = (article.title, article.publisher, article.author)
    return "\n".join(each.casefold() for each in known if each)


def _passes(article: Article, filters: Filters) -> bool:
    language = article.language.casefold()
    languages = {tag.casefold().replace("_", "-") for tag in filters.language}
    publishers = {form for name in filters.publisher for form in publisher_forms(name)}
    day = article.published_at
    dated = filters.published_from or filters.published_to
    return (
        (not publishers or (article.publisher or "").casefold() in publishers)
        and (not languages or bool({language, language.partition("-")[0]} & languages))
        and (not filters.article_ids or article.id in filters.article_ids)
        and (not dated or day is not None)
        and (not filters.published_from or (day or date.min) >= filters.published_from)
        and (not filters.published_to or (day or date.max) <= filters.published_to)
    )


def _best(scores: Mapping[int, float], k: int, selection: Selection) -> Ranking:
    allowed = None if selection.passages is None else set(selection.passages.tolist())
    chosen = [key for key in scores if allowed is None or key in allowed]
    chosen = sorted(chosen, key=lambda key: (-scores[key], key))[:k]
    return (
        np.array(chosen, dtype=np.int64),
        np.array([scores[key] for key in chosen], dtype=np.float32),
    )
