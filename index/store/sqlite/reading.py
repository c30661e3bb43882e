"""Read one state of the database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np

from index.article import Article, Passage
from index.encode.base import Floats
from index.errors import LibraryCorrupt
from index.filters import Filters
from index.ingest.provenance import Provenance
from index.search.dense import VectorIndex
from index.search.lexical import LexicalIndex
from index.store.base import Found, Keys, Ranking, Selection, Stored, StoredVersion
from index.store.sqlite.articles import ArticleTable
from index.store.sqlite.database import Database
from index.store.sqlite.families import FamilyTable
from index.store.sqlite.passages import PassageTable
from index.store.sqlite.provenance import ProvenanceTable
from index.store.sqlite.selection import conditions, word_conditions
from index.store.sqlite.sync_items import SyncTable
from index.store.sqlite.version_table import VersionTable
from index.store.sync_changes import Item

__all__ = ["SqliteRecords", "SqliteSnapshot"]

T = TypeVar("T")

# Of a family's articles, as far as a selection leaves them.
MOST_COPIES = 100


class SqliteRecords:
    """The records of one state, inside ``database.reading()``, or of the one writer; see
    :class:`index.store.base.Records`."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._articles = ArticleTable(database)
        self._passages = PassageTable(database)
        self._families = FamilyTable(database)
        self._provenance = ProvenanceTable(database)
        self._versions = VersionTable(database)
        self._sync = SyncTable(database)

    @property
    def generation(self) -> int:
        return self._db.generation

    def metadata(self, name: str) -> Any:
        return self._db.meta(name)

    def counts(self) -> tuple[int, int]:
        return self._articles.count(), self._passages.count()

    def languages(self) -> dict[str, int]:
        return self._articles.languages()

    def publishers(self) -> list[tuple[str, int]]:
        return self._articles.publishers()

    def content_hashes(self) -> Iterator[tuple[str, str]]:
        return self._articles.content_hashes()

    def stored(self, ids: Sequence[str]) -> dict[str, Stored]:
        return self._articles.stored(ids)

    def id_of_content(self, content_hash: str) -> str | None:
        return self._articles.id_of_content(content_hash)

    def ids_of_url(self, url: str) -> list[str]:
        return self._articles.ids_of_url(url)

    def article(self, id: str) -> Article | None:
        return self._articles.article(id)

    def articles(self) -> Iterator[Article]:
        return self._articles.all()

    def page(
        self, filters: Filters, words: str, limit: int, offset: int
    ) -> tuple[list[Article], int]:
        return self._articles.page([*conditions(filters), *word_conditions(words)], limit, offset)

    def passages_of(self, article_id: str) -> list[Passage]:
        return self._passages.of(article_id)

    def versions(self, id: str) -> list[StoredVersion]:
        return self._versions.of(id)

    def families(self, ids: Sequence[str]) -> dict[str, int]:
        return self._families.families(ids)

    def family(self, id: str, selection: Selection | None = None) -> list[Article]:
        keys = self._families.members(id)
        if selection is not None and selection.articles is not None:
            keys = np.array(keys)[np.isin(keys, selection.articles)].tolist()
        keys = keys[:MOST_COPIES]
        articles = self._articles.by_key(keys)
        return [articles[key] for key in keys if key in articles]

    def uncompared(self) -> int:
        return self._families.uncompared()

    def provenance(self, id: str) -> Provenance | None:
        return self._provenance.of(id)

    def ids_of_input(self, input_hash: str) -> list[str]:
        return self._provenance.ids_of_input(input_hash)

    def line_counts(
        self, lines: Collection[int], longest: Collection[int], but: Collection[str]
    ) -> dict[int, int]:
        return self._provenance.line_counts(lines, longest, but)

    def sync_items(self, source: str) -> dict[str, Item]:
        return self._sync.items(source)

    def sync_lost(self, source: str) -> set[str]:
        return self._sync.lost(source)

    def held_elsewhere(self, source: str, ids: Iterable[str]) -> set[str]:
        return self._sync.held_elsewhere(source, ids)

    def held(self, ids: Iterable[str]) -> set[str]:
        return self._sync.held(ids)


class SqliteSnapshot(SqliteRecords):
    """One state with its indexes; see :class:`index.store.base.Snapshot`."""

    def __init__(
        self,
        database: Database,
        vectors: VectorIndex,
        lexical: LexicalIndex | None,
        languages: dict[str, int],
        replacement: Callable[[Database, LibraryCorrupt], LexicalIndex],
        on_damage: Callable[[], None],
    ) -> None:
        super().__init__(database)
        self._dense = vectors
        self._lexical = lexical
        self._replacement = replacement
        self._on_damage = on_damage
        self._languages = languages

    def __len__(self) -> int:
        return len(self._dense)

    def languages(self) -> dict[str, int]:
        return self._languages

    def select(self, filters: Filters) -> Selection:
        clauses = conditions(filters)
        if not clauses:
            return Selection()
        articles = self._articles.select(clauses)
        return Selection(articles, self._passages.keys(articles))

    def dense(self, query: Floats, k: int, selection: Selection) -> Ranking:
        return self._dense.search(query, k, selection.passages)

    def lexical(self, terms: Sequence[str], k: int, selection: Selection) -> Ranking:
        return self._ask(lambda index: index.search(terms, k, selection.articles), _EMPTY_RANKING)

    def document_frequency(self, term: str) -> int:
        return self._ask(lambda index: index.document_frequency(term), 0)

    def has_term(self, term: str) -> bool:
        return self._ask(lambda index: index.has_term(term), True)

    def _ask(self, ask: Callable[[LexicalIndex], T], otherwise: T) -> T:
        """Ask the lexical index; returns ``otherwise`` without one. A damaged index is replaced and
        the replacement asked."""
        if self._lexical is None:
            return otherwise
        try:
            return ask(self._lexical)
        except LibraryCorrupt as exc:
            self._lexical = self._replacement(self._db, exc)
            return ask(self._lexical)

    def vectors(self, keys: Sequence[int]) -> Floats:
        return self._passages.vectors_of(keys)

    def passages(self, keys: Sequence[int]) -> list[Found | None]:
        passages = self._passages.by_key(keys)
        articles = self._articles.by_key(article for _, article in passages.values())
        rows = ((key, passages[key]) for key in passages if passages[key][1] in articles)
        by_key = {key: Found(articles[article], passage) for key, (passage, article) in rows}
        missing = [key for key in keys if key not in by_key]
        if missing and self._passages.holds_any(missing):
            self._on_damage()
        return [by_key.get(key) for key in keys]


_NO_KEYS: Keys = np.zeros(0, dtype=np.int64)
_EMPTY_RANKING: Ranking = (_NO_KEYS, np.zeros(0, dtype=np.float32))
