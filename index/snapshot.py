"""Reading one generation of a library: what is searched, and what is found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.article import Article, Passage
from index.encode.base import Floats
from index.errors import NotFoundError
from index.filters import Filters, holding
from index.ingest.preparation import Arrival
from index.search.dense import VectorIndex
from index.search.lexical import LexicalIndex
from index.store import versions
from index.store.duplicate_groups import CopyGroups
from index.store.sqlite import Keys, Store

__all__ = ["Derived", "Found", "Selection", "View"]


@dataclass(frozen=True, slots=True)
class Selection:
    """The articles and passages that a search may find; ``None`` keys mean all."""

    articles: NDArray[np.int64] | None = None
    passages: Keys | None = None

    @property
    def empty(self) -> bool:
        return self.articles is not None and not len(self.articles)


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with its article."""

    article: Article
    passage: Passage

    @property
    def text(self) -> str:
        """The passage's characters, without the article's title."""
        return self.passage.span.of(self.article.text)


@dataclass(frozen=True, slots=True)
class Derived:
    """The indexes over the store, opened, and the generation that they are of."""

    generation: int
    vectors: VectorIndex
    lexical: LexicalIndex | None


class View:
    """One generation of a library, for reading."""

    def __init__(self, store: Store, derived: Derived) -> None:
        self._store = store
        self._derived = derived
        self.generation = derived.generation

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self._derived.vectors)

    def select(self, filters: Filters) -> Selection:
        """What the filters leave."""
        conditions = filters.conditions()
        if not conditions:
            return Selection()
        articles = self._store.select(conditions)
        return Selection(articles, self._store.passage_keys(articles))

    def dense(self, query: Floats, k: int, selection: Selection) -> tuple[Keys, Floats]:
        """The ``k`` nearest passage keys and their cosines, best first."""
        return self._derived.vectors.search(query, k, selection.passages)

    def lexical(self, question: str, k: int, selection: Selection) -> tuple[Keys, Floats]:
        """The ``k`` best passage keys and their BM25 scores, best first."""
        if self._derived.lexical is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        return self._derived.lexical.search(question, k, selection.articles)

    def cosines(self, query: Floats, keys: Keys) -> Floats:
        """The cosine of each of these passages, which must be there: float32 ``[len(keys)]``."""
        return self._store.vectors_of(keys.tolist()) @ query

    def terms(self, text: str) -> list[str]:
        """The words of a text as the lexical index has them, in order."""
        return self._derived.lexical.terms(text) if self._derived.lexical else []

    def idf(self, term: str) -> float:
        """What a term tells in this library (BM25's idf)."""
        return self._derived.lexical.idf(term) if self._derived.lexical else 0.0

    def holds(self, text: str) -> bool:
        """Whether every word of a text is in the library, in any of its forms."""
        return self._derived.lexical is None or self._derived.lexical.holds(text)

    def passages(self, keys: Sequence[int]) -> list[Found | None]:
        """The passages of these keys, in their order; ``None`` for one that is not there."""
        passages = self._store.passages(keys)
        articles = self._store.articles_by_key(article for _, article in passages.values())
        return [
            Found(articles[passages[key][1]], passages[key][0]) if key in passages else None
            for key in keys
        ]

    def article(self, id: str) -> Article:
        """The article of that id. ``NotFoundError`` when there is none."""
        found = self._store.article(id)
        if found is None:
            raise NotFoundError(f"no article {id!r} in the library; pullquote list shows them")
        return found

    def families(self, ids: Sequence[str]) -> dict[str, int]:
        """The group of copies that each of these articles is in, by its number."""
        return CopyGroups(self._store).families(ids)

    def copies_of(self, id: str, selection: Selection | None = None) -> list[Article]:
        """An article's group, itself among them, the one to cite first."""
        keys = CopyGroups(self._store).members(id)
        if selection is not None and selection.articles is not None:
            chosen = set(selection.articles.tolist())
            keys = [key for key in keys if key in chosen]
        found = self._store.articles_by_key(keys)
        return [found[key] for key in keys]

    def history(self, id: str) -> list[versions.Version]:
        """All versions of an article, the present one first. ``NotFoundError`` if there is none."""
        return versions.history(self._store, id)

    def arrival(self, id: str) -> Arrival | None:
        """How the article of that id came in: what was dropped, how its day was found. ``None``
        for what was added as it is."""
        return self._store.arrivals.of(id)

    def articles(self) -> Iterator[Article]:
        """All articles, newest first."""
        return self._store.articles()

    def page(
        self, filters: Filters, words: str, limit: int, offset: int
    ) -> tuple[list[Article], int]:
        """Some of the articles that the filters leave and whose title, publisher or author holds
        ``words`` (in any case), newest first, and how many there are in all."""
        return self._store.page([*filters.conditions(), *holding(words)], limit, offset)

    def counts(self) -> tuple[int, int]:
        """How many articles and passages there are."""
        return self._store.counts()

    def publishers(self) -> list[tuple[str, int]]:
        """Every publisher, names that differ in case alone being one, and its articles' number."""
        return self._store.publishers()

    def passages_of(self, article_id: str) -> list[Passage]:
        return self._store.passages_of(article_id)
