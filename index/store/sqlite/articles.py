"""The table of articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.article import Article
from index.errors import LibraryCorrupt
from index.store.base import Stored
from index.store.sqlite.database import Database, chunks, marks
from index.store.sqlite.rows import article_of_row
from index.store.sqlite.selection import Condition, where

__all__ = ["COLUMNS", "ArticleTable"]

COLUMNS = "id, title, text, publisher, author, published_at, language, url, source"
# What programs leave with an article is rare, so it has rows of its own instead of a column.
_METADATA = "article metadata "
_RECOGNITION = "article recognition "
_ARTICLE = COLUMNS + "".join(
    f", (SELECT value FROM meta WHERE meta.key = '{name}' || articles.id)"
    for name in (_METADATA, _RECOGNITION)
)
_NEWEST_FIRST = "ORDER BY published_at IS NULL, published_at DESC, id"


class ArticleTable:
    """Articles by key and by id. Methods that write are called inside ``database.writing()``."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def count(self) -> int:
        (count,) = self._db.execute("SELECT count(*) FROM articles").fetchone()
        return int(count)

    def languages(self) -> dict[str, int]:
        query = "SELECT language, count(*) FROM articles GROUP BY language"
        return dict(self._db.execute(query).fetchall())

    def publishers(self) -> list[tuple[str, int]]:
        return self._db.execute(
            "SELECT min(publisher), count(*) FROM articles WHERE publisher IS NOT NULL "
            "GROUP BY casefold(publisher) ORDER BY casefold(publisher)"
        ).fetchall()

    def content_hashes(self) -> Iterator[tuple[str, str]]:
        yield from self._db.execute("SELECT id, content_hash FROM articles ORDER BY id")

    def changed_texts(self) -> Iterator[str]:
        """Yield the ids of articles whose content no longer matches its hash."""
        for id, content_hash in list(self.content_hashes()):
            try:
                article = self.article(id)
                is_same = article is not None and article.content_hash == content_hash
            except (sqlite3.OperationalError, LibraryCorrupt):
                is_same = False  # Not even text, a day or JSON any more.
            if not is_same:
                yield str(id)

    def stored(self, ids: Sequence[str]) -> dict[str, Stored]:
        """Key, content hash and version of those of these articles that are there."""
        records: dict[str, Stored] = {}
        for part in chunks(ids):
            query = (
                f"SELECT id, key, content_hash, version FROM articles WHERE id IN ({marks(part)})"
            )
            records |= {row[0]: Stored(*row[1:]) for row in self._db.execute(query, part)}
        return records

    def id_of_content(self, content_hash: str) -> str | None:
        query = "SELECT id FROM articles WHERE content_hash = ? LIMIT 1"
        row = self._db.execute(query, (content_hash,)).fetchone()
        return row[0] if row else None

    def ids_of_url(self, url: str) -> list[str]:
        rows = self._db.execute("SELECT id FROM articles WHERE url = ?", (url,))
        return [id for (id,) in rows]

    def article(self, id: str) -> Article | None:
        query = f"SELECT {_ARTICLE} FROM articles WHERE id = ?"
        row = self._db.execute(query, (id,)).fetchone()
        return article_of_row(row) if row else None

    def by_key(self, keys: Iterable[int]) -> dict[int, Article]:
        """Return the articles of these keys, by key.

        One whose content no longer matches its hash is left out, so that nothing is cited from it.
        """
        articles: dict[int, Article] = {}
        for part in chunks(sorted(set(keys))):
            for *row, content_hash, key in self._rows(part):
                article = _intact(row, content_hash)
                if article is not None:
                    articles[key] = article
        return articles

    def _rows(self, keys: Sequence[int]) -> list[tuple[Any, ...]]:
        """Read the rows of these keys, without those that no longer hold text."""
        query = f"SELECT {_ARTICLE}, content_hash, key FROM articles WHERE key IN ({marks(keys)})"
        try:
            return self._db.execute(query, keys).fetchall()
        except sqlite3.OperationalError as exc:
            # SQLite's own errors have a name.
            if hasattr(exc, "sqlite_errorname"):
                raise
        half = len(keys) // 2
        return [*self._rows(keys[:half]), *self._rows(keys[half:])] if half else []

    def all(self) -> Iterator[Article]:
        """Yield every article, newest first; those without a date last."""
        for row in self._db.execute(f"SELECT {_ARTICLE} FROM articles {_NEWEST_FIRST}"):
            yield article_of_row(row)

    def page(
        self, conditions: Sequence[Condition], limit: int, offset: int
    ) -> tuple[list[Article], int]:
        """Return a page of the articles that meet all conditions, newest first, and how many do."""
        clause, values = where(conditions)
        query = f"SELECT {_ARTICLE} FROM articles WHERE {clause} {_NEWEST_FIRST} LIMIT ? OFFSET ?"
        rows = self._db.execute(query, [*values, limit, offset]).fetchall()
        query = f"SELECT count(*) FROM articles WHERE {clause}"
        (total,) = self._db.execute(query, values).fetchone()
        return [article_of_row(row) for row in rows], int(total)

    def select(self, conditions: Sequence[Condition]) -> NDArray[np.int64]:
        """Return the keys of the articles that meet all conditions, ascending."""
        clause, values = where(conditions)
        rows = self._db.execute(f"SELECT key FROM articles WHERE {clause} ORDER BY key", values)
        return np.fromiter((row[0] for row in rows), dtype=np.int64)

    def insert(self, article: Article, version: int) -> int:
        """Add one article; returns its key."""
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
            self._db.set_meta(_METADATA + article.id, dict(article.metadata))
        if article.recognition is not None:
            self._db.set_meta(_RECOGNITION + article.id, article.recognition)
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def delete(self, key: int) -> None:
        """Remove an article and its passages, whose keys are recorded as removed."""
        # One that is noted already, though it is there, is damage that must not keep it here.
        query = "INSERT OR IGNORE INTO tombstones SELECT key FROM passages WHERE article = ?"
        self._db.execute(query, (key,))
        query = "DELETE FROM meta WHERE key = ? || (SELECT id FROM articles WHERE key = ?)"
        for name in (_METADATA, _RECOGNITION):
            self._db.execute(query, (name, key))
        self._db.execute("DELETE FROM articles WHERE key = ?", (key,))


def _intact(row: Sequence[Any], content_hash: str) -> Article | None:
    """Return the article of a row; ``None`` when its content no longer matches its hash."""
    try:
        article = article_of_row(row)
        return article if article.content_hash == content_hash else None
    except LibraryCorrupt:
        return None  # Not even text, a day or JSON any more.
