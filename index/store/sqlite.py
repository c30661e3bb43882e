"""The truth on disk: articles, passages and vectors in one SQLite database.

Everything that changes together changes in one transaction, which ends by raising the
generation. A reader works inside one read transaction, so it sees one generation throughout;
what FAISS and tantivy return beyond it (they are written just before or after) has no row in
that transaction and falls away.

Passage keys come from an AUTOINCREMENT column: a key is never given out twice.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from index.article import Article, Passage, Span
from index.encode.base import Floats
from index.error_mapping import storage_errors
from index.errors import LibraryLocked, LibraryMissing, SchemaTooNew
from index.ingest.provenance import Arrivals
from index.store.lock import writing
from index.store.rows import article_of_row, passage_of_row, spans_of_blob
from index.store.schema import ADDITIONS, TABLES

__all__ = ["COLUMNS", "SCHEMA", "Keys", "Store"]

SCHEMA = 1
_CREATION_SECONDS = 10.0
Keys = NDArray[np.int64]

COLUMNS = "id, title, text, publisher, author, published_at, language, url, source"
# What programs leave with an article is rare, so it has rows of its own instead of a column.
_METADATA = "article metadata "
_ARTICLE = f"{COLUMNS}, (SELECT value FROM meta WHERE meta.key = '{_METADATA}' || articles.id)"


class Store:
    """One connection to the database of a library; not for use by two threads at once.

    Raises ``LibraryMissing`` when there is none, ``SchemaTooNew`` when a newer Pullquote wrote
    it, and what :func:`index.error_mapping.storage_errors` makes of SQLite's errors.
    """

    def __init__(self, folder: Path, create: bool = False) -> None:
        self.folder = folder
        self.path = folder / "library.sqlite"
        if not create and not self.path.exists():
            raise LibraryMissing(f"{folder}: no library there; add articles with pullquote add")
        with storage_errors(folder):
            if create:
                folder.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                self._uri(), uri=True, isolation_level=None, timeout=10.0, check_same_thread=False
            )
            self._db.create_function("casefold", 1, _casefold, deterministic=True)
            self._db.execute("PRAGMA foreign_keys = ON")
            self._check_schema(create)
        self.arrivals = Arrivals(self._db)

    def _uri(self) -> str:
        location = f"file:{quote(str(self.path.resolve()))}"
        if not self.path.exists() or os.access(self.folder, os.W_OK):
            return location
        # WAL needs a shared-memory file beside the database. On a medium where none can be made
        # and where no writer has left one, the database cannot change under us.
        wal = self.path.with_name(self.path.name + "-wal")
        return f"{location}?mode=ro" + ("" if wal.exists() else "&immutable=1")

    def _check_schema(self, create: bool) -> None:
        version = self._version()
        if version > SCHEMA:
            raise SchemaTooNew(
                f"{self.folder} was written by a newer Pullquote (schema {version}, this one "
                f"knows {SCHEMA}); update Pullquote, nothing was changed"
            )
        if version < SCHEMA:
            if not create:
                raise LibraryMissing(f"{self.folder}: the library was never completed; add to it")
            self._create()

    def _create(self) -> None:
        try:
            with writing(self.folder, timeout=_CREATION_SECONDS):
                # Another process may have done it since, or be writing to it already.
                if not self._version():
                    self._db.execute("PRAGMA journal_mode = WAL")
                    self._db.executescript(
                        f"BEGIN; {TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;"
                    )
        except LibraryLocked:
            if not self._version():
                raise

    def _version(self) -> int:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        return int(version)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent view for all that is read inside."""
        with storage_errors(self.folder):
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All that is written inside, and a new generation, or nothing."""
        with storage_errors(self.folder):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.set_meta("generation", self.generation + 1)
                self._db.execute("COMMIT")
            except BaseException:
                # A full disk ends the transaction by itself.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def complete(self) -> None:
        """Add what a library that an older Pullquote made does not have."""
        with storage_errors(self.folder):
            for statement in ADDITIONS:
                self._db.execute(statement)

    def execute(self, query: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """One statement, for modules with tables of their own."""
        return self._db.execute(query, values)

    def has(self, table: str) -> bool:
        return bool(self.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone())

    # What is known about the library

    def meta(self, key: str, default: Any = None) -> Any:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return json.loads(row[0]) if row else default

    def set_meta(self, key: str, value: Any) -> None:
        self._db.execute("REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(value)))

    @property
    def generation(self) -> int:
        return int(self.meta("generation", 0))

    def counts(self) -> tuple[int, int]:
        """How many articles and passages there are."""
        row = self._db.execute(
            "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)"
        ).fetchone()
        return int(row[0]), int(row[1])

    def damage(self) -> list[str]:
        """What SQLite finds wrong with its file; it reads all of it."""
        rows = self._db.execute("PRAGMA quick_check(5)").fetchall()
        return [f"{self.path}: {row[0]}" for row in rows if row[0] != "ok"]

    def content_hashes(self) -> Iterator[str]:
        """The content hash of every article, in id order: what a corpus hash is made of."""
        for row in self._db.execute("SELECT id || ' ' || content_hash FROM articles ORDER BY id"):
            yield row[0]

    # Articles

    def article_keys(self, ids: Sequence[str]) -> dict[str, tuple[int, str, int]]:
        """``{id: (key, content hash, version)}`` of those that are there."""
        found: dict[str, tuple[int, str, int]] = {}
        for part in _chunks(ids):
            marks = ",".join("?" * len(part))
            query = f"SELECT id, key, content_hash, version FROM articles WHERE id IN ({marks})"
            found |= {row[0]: (row[1], row[2], row[3]) for row in self._db.execute(query, part)}
        return found

    def id_of_content(self, content_hash: str) -> str | None:
        """An article that has exactly this content."""
        query = "SELECT id FROM articles WHERE content_hash = ? LIMIT 1"
        row = self._db.execute(query, (content_hash,)).fetchone()
        return row[0] if row else None

    def article(self, id: str) -> Article | None:
        query = f"SELECT {_ARTICLE} FROM articles WHERE id = ?"
        row = self._db.execute(query, (id,)).fetchone()
        return article_of_row(row) if row else None

    def articles(self) -> Iterator[Article]:
        """Every article, newest first; those without a date last."""
        for row in self._db.execute(f"SELECT {_ARTICLE} FROM articles {_NEWEST_FIRST}"):
            yield article_of_row(row)

    def page(
        self, conditions: Sequence[tuple[str, Sequence[Any]]], limit: int, offset: int
    ) -> tuple[list[Article], int]:
        """Some of the articles that meet all conditions, newest first, and how many do."""
        where, values = _where(conditions)
        query = f"SELECT {_ARTICLE} FROM articles WHERE {where} {_NEWEST_FIRST} LIMIT ? OFFSET ?"
        rows = self._db.execute(query, [*values, limit, offset]).fetchall()
        query = f"SELECT count(*) FROM articles WHERE {where}"
        (total,) = self._db.execute(query, values).fetchone()
        return [article_of_row(row) for row in rows], int(total)

    def publishers(self) -> list[tuple[str, int]]:
        """Every publisher, names that differ in case alone being one, and its articles' number."""
        return self._db.execute(
            "SELECT min(publisher), count(*) FROM articles WHERE publisher IS NOT NULL "
            "GROUP BY casefold(publisher) ORDER BY casefold(publisher)"
        ).fetchall()

    def select(self, conditions: Sequence[tuple[str, Sequence[Any]]]) -> NDArray[np.int64]:
        """The keys of the articles that meet all conditions (SQL with ``?`` marks, values)."""
        where, values = _where(conditions)
        rows = self._db.execute(f"SELECT key FROM articles WHERE {where} ORDER BY key", values)
        return np.fromiter((row[0] for row in rows), dtype=np.int64)

    def insert_article(self, article: Article, version: int) -> int:
        """Add one article; its key is returned."""
        cursor = self._db.execute(
            f"INSERT INTO articles ({COLUMNS}, content_hash, version, added_at) "
            f"VALUES ({','.join('?' * 12)})",
            (
                article.id,
                article.title,
                article.text,
                article.publisher,
                article.author,
                article.published_at.isoformat() if article.published_at else None,
                article.language,
                article.url,
                article.source,
                article.content_hash,
                version,
                datetime.now(UTC).isoformat(timespec="seconds"),
            ),
        )
        if article.metadata is not None:
            self.set_meta(_METADATA + article.id, dict(article.metadata))
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def delete_article(self, key: int) -> None:
        """Remove an article and its passages, whose keys are remembered as gone."""
        query = "INSERT INTO tombstones SELECT key FROM passages WHERE article = ?"
        self._db.execute(query, (key,))
        query = "DELETE FROM meta WHERE key = ? || (SELECT id FROM articles WHERE key = ?)"
        self._db.execute(query, (_METADATA, key))
        self._db.execute("DELETE FROM articles WHERE key = ?", (key,))

    # Passages

    def insert_passage(
        self, article: int, ordinal: int, sentences: Sequence[Span], vector: Floats
    ) -> int:
        """Add one passage; its key is returned."""
        spans = np.array([(span.start, span.end) for span in sentences], dtype="<i4")
        cursor = self._db.execute(
            "INSERT INTO passages (article, ordinal, sentences, vector) VALUES (?, ?, ?, ?)",
            (article, ordinal, spans.tobytes(), vector.astype("<f4").tobytes()),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def passages(self, keys: Sequence[int]) -> dict[int, tuple[Passage, int]]:
        """``{passage key: (passage, article key)}`` of those that are there."""
        found: dict[int, tuple[Passage, int]] = {}
        for part in _chunks(keys):
            query = f"{_PASSAGES} WHERE p.key IN ({','.join('?' * len(part))})"
            rows = self._db.execute(query, part)
            found |= {row[0]: (passage_of_row(row), row[4]) for row in rows}
        return found

    def articles_by_key(self, keys: Iterable[int]) -> dict[int, Article]:
        found: dict[int, Article] = {}
        for part in _chunks(sorted(set(keys))):
            marks = ",".join("?" * len(part))
            rows = self._db.execute(
                f"SELECT {_ARTICLE}, key FROM articles WHERE key IN ({marks})", part
            )
            found |= {row[-1]: article_of_row(row[:-1]) for row in rows}
        return found

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of one article, in order."""
        rows = self._db.execute(f"{_PASSAGES} WHERE a.id = ? ORDER BY p.ordinal", (article_id,))
        return [passage_of_row(row) for row in rows]

    def passage_keys(self, articles: NDArray[np.int64] | None = None) -> Keys:
        """The keys of all passages, or of those of some articles, ascending."""
        if articles is None:
            rows = self._db.execute("SELECT key FROM passages ORDER BY key").fetchall()
            return np.array([row[0] for row in rows], dtype=np.int64)
        keys: list[int] = []
        for part in _chunks(articles.tolist()):
            marks = ",".join("?" * len(part))
            query = f"SELECT key FROM passages WHERE article IN ({marks})"
            keys.extend(row[0] for row in self._db.execute(query, part))
        return np.array(sorted(keys), dtype=np.int64)

    def vectors(self, after: int = 0) -> tuple[Keys, Floats]:
        """Keys and vectors (float32 ``[n, dim]``) of the passages with a key above ``after``."""
        rows = self._db.execute(
            "SELECT key, vector FROM passages WHERE key > ? ORDER BY key", (after,)
        ).fetchall()
        keys = np.array([row[0] for row in rows], dtype=np.int64)
        flat = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4")
        return keys, flat.reshape(len(rows), -1) if rows else np.zeros((0, 1), dtype=np.float32)

    def vectors_of(self, keys: Sequence[int]) -> Floats:
        """The vectors of these passages, float32 ``[len(keys), dim]``. ``KeyError`` if one is
        not there."""
        found: dict[int, bytes] = {}
        for part in _chunks(keys):
            marks = ",".join("?" * len(part))
            rows = self._db.execute(
                f"SELECT key, vector FROM passages WHERE key IN ({marks})", part
            )
            found |= dict(rows.fetchall())
        flat = np.frombuffer(b"".join(found[key] for key in keys), dtype="<f4")
        return flat.reshape(len(keys), -1) if len(keys) else np.zeros((0, 1), dtype=np.float32)

    def lexical_rows(self) -> Iterator[tuple[int, int, str, str]]:
        """``(passage key, article key, title, passage text)`` of every passage."""
        rows = self._db.execute(
            "SELECT p.key, p.article, a.title, a.text, p.sentences "
            "FROM passages p JOIN articles a ON a.key = p.article ORDER BY p.key"
        )
        for key, article, title, text, blob in rows:
            spans = spans_of_blob(blob)
            yield key, article, title, text[spans[0].start : spans[-1].end]

    # Passages that went since the vector file was written

    def tombstones(self, up_to: int) -> Keys:
        """Those with a key of ``up_to`` or less: what came later was never in the file."""
        query = "SELECT passage FROM tombstones WHERE passage <= ? ORDER BY passage"
        rows = self._db.execute(query, (up_to,)).fetchall()
        return np.array([row[0] for row in rows], dtype=np.int64)

    def clear_tombstones(self) -> None:
        self._db.execute("DELETE FROM tombstones")


_NEWEST_FIRST = "ORDER BY published_at IS NULL, published_at DESC, id"
_PASSAGES = (
    "SELECT p.key, a.id, p.ordinal, p.sentences, p.article "
    "FROM passages p JOIN articles a ON a.key = p.article"
)


def _where(conditions: Sequence[tuple[str, Sequence[Any]]]) -> tuple[str, list[Any]]:
    where = " AND ".join(f"({sql})" for sql, _ in conditions) or "1"
    return where, [value for _, each in conditions for value in each]


def _casefold(name: str | None) -> str | None:
    return name.casefold() if name else None


def _chunks(values: Sequence[Any], size: int = 500) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
