"""What a store of articles is: the protocols that :class:`index.library.Library` talks to.

A store keeps articles with their passages and vectors, and searches them. Filters and changes are
data (:class:`index.filters.Filters`, :class:`NewArticle`, :data:`SyncChange`); how they are carried
out is the store's own affair. ``tests/index/store/test_any_store.py`` says what every store has to
do; :class:`index.store.sqlite.SqliteStore` is the one that ships.

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
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.article import Article, Passage, Span
from index.encode.base import Floats
from index.filters import Filters
from index.ingest.provenance import Provenance
from index.text.shingles import Fingerprint

__all__ = [
    "ArticleRecords",
    "Dropped",
    "DuplicateRecords",
    "Found",
    "Item",
    "KeptByHand",
    "Keys",
    "Moved",
    "NewArticle",
    "ProvenanceRecords",
    "Put",
    "Ranking",
    "Records",
    "Restamped",
    "Selection",
    "Snapshot",
    "Store",
    "Stored",
    "StoredVersion",
    "SyncChange",
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
    """An article as one version of it was. Times are UTC; ``replaced_at`` is ``None`` for the
    present version."""

    number: int
    article: Article
    added_at: datetime
    replaced_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article to be written, in place of the one of its id if there is one.

    ``version``: its number, from 1. ``passages``: the sentences of each, spans of its text.
    ``vectors``: float32 ``[len(passages), dim]``, unit length. ``keep_previous``: what it replaces
    goes into the article's history.
    """

    article: Article
    version: int
    passages: Sequence[tuple[Span, ...]]
    vectors: Floats
    fingerprint: Fingerprint
    provenance: Provenance | None = None
    keep_previous: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a synced source: a file of a folder, or a link of a feed.

    ``stamp``: how it was when it was read, empty when it is to be read again. ``hash``: SHA-256 of
    its bytes. ``articles``: ids of its articles in the library. Of a link, :mod:`index.sync.links`
    says what the first two are.
    """

    stamp: str
    hash: str
    articles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Put:
    """Note an item of a source, in place of what was noted of it."""

    name: str
    item: Item


@dataclass(frozen=True, slots=True)
class Restamped:
    """Note another stamp of an item."""

    name: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """Forget an item."""

    name: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Say where articles lie now: their ``source`` begins with the path of their file."""

    articles: Sequence[str]
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class KeptByHand:
    """These articles were added by hand: no source that holds them too may remove them."""

    articles: Sequence[str]


SyncChange = Put | Restamped | Dropped | Moved | KeptByHand


class ArticleRecords(Protocol):
    """The articles of one state, and what the index was made with."""

    @property
    def generation(self) -> int: ...

    def metadata(self, name: str) -> Any:
        """A setting that the index was made with, in plain JSON types; ``None`` if not known."""
        ...

    def counts(self) -> tuple[int, int]:
        """How many articles and passages there are."""
        ...

    def languages(self) -> dict[str, int]:
        """How many articles there are in each language."""
        ...

    def publishers(self) -> list[tuple[str, int]]:
        """Every publisher, names that differ in case alone being one, and its articles' number."""
        ...

    def content_hashes(self) -> Iterator[tuple[str, str]]:
        """Id and content hash of every article, by id."""
        ...

    def stored(self, ids: Sequence[str]) -> dict[str, Stored]:
        """Key, content hash and version of those of these articles that are there, by id."""
        ...

    def id_of_content(self, content_hash: str) -> str | None:
        """An article that has exactly this content."""
        ...

    def ids_of_url(self, url: str) -> list[str]:
        """The articles of this address."""
        ...

    def article(self, id: str) -> Article | None: ...

    def articles(self) -> Iterator[Article]:
        """Every article, newest first; those without a date last."""
        ...

    def page(
        self, filters: Filters, words: str, limit: int, offset: int
    ) -> tuple[list[Article], int]:
        """Some of the articles that the filters leave and whose title, publisher or author holds
        ``words`` (in any case), newest first, and how many there are in all."""
        ...

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of one article, in order."""
        ...

    def versions(self, id: str) -> list[StoredVersion]:
        """All versions of an article, the present one first; none if it is not there."""
        ...


class DuplicateRecords(Protocol):
    """Families of near-duplicates (:mod:`index.text.shingles`)."""

    def families(self, ids: Sequence[str]) -> dict[str, int]:
        """The family of each of these articles, by its number; those in none are left out."""
        ...

    def family(self, id: str, selection: Selection | None = None) -> list[Article]:
        """The selected articles of an article's family, itself among them, the one to cite first:
        the earliest dated, then the most complete, then the first that came in."""
        ...

    def uncompared(self) -> int:
        """How many articles nobody has looked for near-duplicates of."""
        ...


class ProvenanceRecords(Protocol):
    """How articles came in."""

    def provenance(self, id: str) -> Provenance | None:
        """How an article came in; ``None`` where nothing is known of it."""
        ...

    def ids_of_input(self, input_hash: str) -> list[str]:
        """The articles that came of exactly this input, treated in this way."""
        ...

    def line_counts(
        self, lines: Collection[int], longest: Collection[int], but: Collection[str]
    ) -> dict[int, int]:
        """In how many articles each of these lines (hashes) stands. Articles of the ids ``but`` do
        not count, nor do copies: those that have one of the lines ``longest``."""
        ...


class SyncRecords(Protocol):
    """The stored states of sources that the library is synchronised with."""

    def sync_items(self, source: str) -> dict[str, Item]:
        """The items of a source, by name."""
        ...

    def sync_lost(self, source: str) -> set[str]:
        """The items of a source of which an article is not there any more."""
        ...

    def held_elsewhere(self, source: str, ids: Iterable[str]) -> set[str]:
        """Choose the articles that another source has too, or that were added by hand."""
        ...

    def held(self, ids: Iterable[str]) -> set[str]:
        """Choose the articles that any source has, or that were noted as added by hand."""
        ...


class Records(ArticleRecords, DuplicateRecords, ProvenanceRecords, SyncRecords, Protocol):
    """One state of a store, for as long as its ``with`` block runs."""


class Snapshot(Records, Protocol):
    """One state of a store that can be searched. What is searched is of the same state."""

    def __len__(self) -> int:
        """How many passages are searched."""
        ...

    def select(self, filters: Filters) -> Selection:
        """Select the articles and passages that meet the filters."""
        ...

    def dense(self, query: Floats, k: int, selection: Selection) -> Ranking:
        """The ``k`` nearest passages and their cosines. ``query``: float32 ``[dim]``, unit
        length."""
        ...

    def lexical(self, terms: Sequence[str], k: int, selection: Selection) -> Ranking:
        """The ``k`` best passages for these terms (:mod:`index.search.analyzer`) and their BM25
        scores; none for no term."""
        ...

    def document_frequency(self, term: str) -> int:
        """Count the passages that a term stands in, titles apart."""
        ...

    def has_term(self, term: str) -> bool:
        """Whether a term stands in any passage or title, or nobody can tell."""
        ...

    def vectors(self, keys: Sequence[int]) -> Floats:
        """The vectors of these passages, float32 ``[len(keys), dim]``. ``KeyError`` if one is
        not there."""
        ...

    def passages(self, keys: Sequence[int]) -> list[Found | None]:
        """The passages of these keys, in their order; ``None`` for one that is not there."""
        ...


class Writer(Protocol):
    """The one who may write. Each call is a change that happens whole or not at all, and raises
    the generation."""

    @property
    def records(self) -> Records:
        """The newest state."""
        ...

    def write(
        self, articles: Sequence[NewArticle], metadata: Mapping[str, Any], anew: bool = False
    ) -> dict[str, str]:
        """Write a batch of articles, and what the index is made with now.

        Returns what is a near-duplicate, and of which other article. ``anew``: the batch is all
        that there is, and vectors may have another dimension than before.
        """
        ...

    def remove(self, ids: Sequence[str]) -> None:
        """Remove articles that are there, with their history and everything beside them."""
        ...

    def repair(self) -> list[str]:
        """Make anew whatever is derived and does not hold, and take out passages that are not as
        they were written. Says what was wrong."""
        ...

    def incomplete(self) -> list[str]:
        """The intact articles whose passages are not all there, and can be made anew."""
        ...


class Store(Protocol):
    """Articles, passages and both searches. Safe to share between threads."""

    problems: list[str]
    """What does not work as it should and is done without, for people."""

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
        """Write down what is known of a source now: all of it or nothing."""
        ...

    def damage(self) -> list[str]:
        """Read all that is stored; list the faults, each with its remedy."""
        ...
