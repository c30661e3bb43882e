"""The protocols of a store of articles, which :class:`index.library.Library` talks to.

A store keeps articles with their passages and vectors, and searches them. Filters and changes are
data (:class:`index.filters.Filters`, :class:`NewArticle`, :mod:`index.store.sync_changes`); how
they are carried out is up to the store. ``tests/index/store/test_any_store.py`` and the file beside
it test what every store has to do; :class:`index.store.sqlite.store.SqliteStore`
is the one that ships.

::

    Store.reading()    ->  Records     one state, without searching
    Store.searching()  ->  Snapshot    one state, with both searches
    Store.writing()    ->  Writer      one writer at a time; every change raises the generation
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from index.article import Article, Passage, Span
from index.encode.base import Floats
from index.filters import Filters
from index.ingest.provenance import Provenance
from index.store.sync_changes import Item, SyncChange
from index.text.shingles import Fingerprint

__all__ = [
    "ArticleRecords",
    "DuplicateRecords",
    "Found",
    "HybridSearch",
    "Keys",
    "NewArticle",
    "ProvenanceRecords",
    "Ranking",
    "Records",
    "Selection",
    "Snapshot",
    "Store",
    "Stored",
    "StoredVersion",
    "SyncRecords",
    "Writer",
]

# Numbers of passages, int64 ``[n]``.
Keys = NDArray[np.int64]
# Keys and their scores, best first.
Ranking = tuple[Keys, Floats]


class Stored(NamedTuple):
    """The properties of a stored article that decide whether it is written again."""

    key: int
    content_hash: str
    version: int


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
class StoredVersion:
    """One version of an article. Times are UTC; ``replaced_at`` is ``None`` for the present
    version."""

    number: int
    article: Article
    added_at: datetime
    replaced_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article to write; it replaces the one with its id if there is one.

    ``version``: its number, from 1. ``passages``: the sentences of each, spans of its text.
    ``vectors``: float32 ``[len(passages), dim]``, unit length. ``keep_previous``: whether the
    replaced version goes into the article's history.
    """

    article: Article
    version: int
    passages: Sequence[tuple[Span, ...]]
    vectors: Floats
    fingerprint: Fingerprint
    provenance: Provenance | None = None
    keep_previous: bool = False


class ArticleRecords(Protocol):
    """The articles of one state, and the settings that the index was made with."""

    @property
    def generation(self) -> int: ...

    def metadata(self, name: str) -> Any:
        """A setting that the index was made with, in plain JSON types; ``None`` if not known."""
        ...

    def counts(self) -> tuple[int, int]:
        """Count articles and passages."""
        ...

    def languages(self) -> dict[str, int]:
        """Count the articles in each language."""
        ...

    def publishers(self) -> list[tuple[str, int]]:
        """Count the articles of each publisher; names that differ only in case are one."""
        ...

    def content_hashes(self) -> Iterator[tuple[str, str]]:
        """Id and content hash of every article, by id."""
        ...

    def stored(self, ids: Sequence[str]) -> dict[str, Stored]:
        """Key, content hash and version of those of these articles that are there, by id."""
        ...

    def id_of_content(self, content_hash: str) -> str | None:
        """Return the id of an article that has exactly this content."""
        ...

    def ids_of_url(self, url: str) -> list[str]:
        """Return the ids of the articles with this address."""
        ...

    def article(self, id: str) -> Article | None: ...

    def articles(self) -> Iterator[Article]:
        """Return every article, newest first; those without a date last."""
        ...

    def page(
        self, filters: Filters, words: str, limit: int, offset: int
    ) -> tuple[list[Article], int]:
        """Return a page of the articles that meet the filters and whose title, publisher or author
        contains ``words`` (in any case), newest first, and how many there are in all."""
        ...

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of one article, in order."""
        ...

    def versions(self, id: str) -> list[StoredVersion]:
        """Return all versions of an article, the present one first; none if it does not exist."""
        ...


class DuplicateRecords(Protocol):
    """Families of near-duplicates (:mod:`index.text.shingles`)."""

    def families(self, ids: Sequence[str]) -> dict[str, int]:
        """Return the number of each article's family, by id; those in none are left out."""
        ...

    def family(self, id: str, selection: Selection | None = None) -> list[Article]:
        """Return the selected articles of an article's family, including itself, the one to cite
        first: the earliest dated, then the most complete, then the first that was added."""
        ...

    def uncompared(self) -> int:
        """Count the articles that were not yet compared with others to find near-duplicates."""
        ...


class ProvenanceRecords(Protocol):
    """How articles came in."""

    def provenance(self, id: str) -> Provenance | None:
        """Return the provenance of an article; ``None`` where it has none."""
        ...

    def ids_of_input(self, input_hash: str) -> list[str]:
        """Return the articles that came of exactly this input, treated in this way."""
        ...

    def line_counts(
        self, lines: Collection[int], longest: Collection[int], but: Collection[str]
    ) -> dict[int, int]:
        """Count the articles that have each of these lines (hashes).

        Articles with ids in ``but`` do not count, nor do copies: those that have one of the lines
        ``longest``.
        """
        ...


class SyncRecords(Protocol):
    """The stored states of sources that the library is synchronised with."""

    def sync_items(self, source: str) -> dict[str, Item]:
        """Return the items of a source, by name."""
        ...

    def sync_lost(self, source: str) -> set[str]:
        """Return the items of a source of which an article no longer exists."""
        ...

    def held_elsewhere(self, source: str, ids: Iterable[str]) -> set[str]:
        """Select the articles that another source has too, or that were added by hand."""
        ...

    def held(self, ids: Iterable[str]) -> set[str]:
        """Select the articles that any source has, or that were marked as added by hand."""
        ...


class Records(ArticleRecords, DuplicateRecords, ProvenanceRecords, SyncRecords, Protocol):
    """One state of a store, for as long as its ``with`` block runs."""


class Snapshot(Records, Protocol):
    """One state of a store that can be searched; both searches are of this state."""

    def __len__(self) -> int:
        """Count the passages that are searched."""
        ...

    def select(self, filters: Filters) -> Selection:
        """Select the articles and passages that meet the filters."""
        ...

    def dense(self, query: Floats, k: int, selection: Selection) -> Ranking:
        """Return the ``k`` nearest passages and their cosines. ``query``: float32 ``[dim]``, unit
        length."""
        ...

    def lexical(self, terms: Sequence[str], k: int, selection: Selection) -> Ranking:
        """Return the ``k`` best passages for these terms (:mod:`index.search.analyzer`) and their
        BM25 scores; nothing without terms."""
        ...

    def document_frequency(self, term: str) -> int:
        """Count the passages that contain a term, titles aside."""
        ...

    def has_term(self, term: str) -> bool:
        """Whether a term stands in any passage or title; true where that is not known."""
        ...

    def vectors(self, keys: Sequence[int]) -> Floats:
        """Return the vectors of these passages, float32 ``[len(keys), dim]``. ``KeyError`` if one
        does not exist."""
        ...

    def passages(self, keys: Sequence[int]) -> list[Found | None]:
        """Return the passages of these keys, in their order; ``None`` for one that does not
        exist."""
        ...


@runtime_checkable
class HybridSearch(Protocol):
    """What a snapshot may have beside the two searches: one of its engine for both, whose ranking
    is the engine's own."""

    def hybrid(self, query: Floats, terms: Sequence[str], k: int, selection: Selection) -> Ranking:
        """Return the ``k`` best passages of both searches by reciprocal rank fusion: each is worth
        the sum of ``1 / (60 + rank)`` over the two, of which each brings its ``k`` best. Without
        terms the first search is alone. ``query`` and ``terms`` are those of
        :meth:`Snapshot.dense` and :meth:`Snapshot.lexical`."""
        ...


class Writer(Protocol):
    """The holder of the right to write. Each call is one change that happens completely or not at
    all, and raises the generation."""

    @property
    def records(self) -> Records:
        """The newest state."""
        ...

    def write(
        self, articles: Sequence[NewArticle], metadata: Mapping[str, Any], anew: bool = False
    ) -> dict[str, str]:
        """Write a batch of articles, and the settings that the index is made with now.

        anew: the batch replaces all articles, and vectors may have another dimension than before.

        Returns the near-duplicates in the batch, each with the id of the article that it copies.
        """
        ...

    def remove(self, ids: Sequence[str]) -> None:
        """Remove articles that exist, with their history and everything stored beside them."""
        ...

    def repair(self) -> list[str]:
        """Make anew whatever is derived and does not hold, and take out passages that are not as
        they were written. Says what was wrong."""
        ...

    def incomplete(self) -> list[str]:
        """Return the intact articles whose passages are not all there, and can be made anew."""
        ...


class Store(Protocol):
    """Articles, passages and both searches. Safe to share between threads."""

    @property
    def problems(self) -> list[str]:
        """Describe for people the parts that fail and that the store works without."""
        ...

    def close(self) -> None: ...

    def reading(self) -> AbstractContextManager[Records]:
        """Open one state for reading, without its search indexes."""
        ...

    def searching(self) -> AbstractContextManager[Snapshot]:
        """Open one state for reading, with its search indexes."""
        ...

    def writing(self) -> AbstractContextManager[Writer]:
        """Take the right to write. Raises ``LibraryLocked`` when another process has it."""
        ...

    def note(self, source: str, changes: Sequence[SyncChange]) -> None:
        """Store changes of a source's items: all of them or none."""
        ...

    def damage(self) -> list[str]:
        """Check all that is stored; list the faults, each with its remedy."""
        ...
