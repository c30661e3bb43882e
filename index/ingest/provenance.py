"""Kept beside each article: how it came in, and which lines its publisher's pages have.

Two tables of the library's database, made by the first writer that needs them: a library from
before they existed opens as it is, and its articles simply have nothing beside them. Both follow
their article when it goes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from index.boilerplate.detector import Dropped
from index.ingest.preparation import Arrival

__all__ = ["Arrivals"]

# More rows of one line would tell nothing new, and counting them would cost.
_MAX_ROWS_OF_A_LINE = 32
_TABLES = (
    """CREATE TABLE IF NOT EXISTS arrivals (
        article INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE,
        mark TEXT NOT NULL,
        date_source TEXT,
        dropped TEXT NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS arrivals_mark ON arrivals (mark)",
    """CREATE TABLE IF NOT EXISTS publisher_lines (
        line INTEGER NOT NULL,
        article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
        PRIMARY KEY (line, article)
    ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS publisher_lines_article ON publisher_lines (article)",
)


class Arrivals:
    """The two tables, over the connection of a :class:`index.store.sqlite.Store`. What is read is
    empty while they are not there; writing belongs into the store's transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def _there(self) -> bool:
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'publisher_lines'"
        return self._db.execute(query).fetchone() is not None

    def insert(self, article: int, arrival: Arrival) -> None:
        """Keep how the article of this key came in."""
        if not self._there():
            for statement in _TABLES:
                self._db.execute(statement)
        dropped = [[each.line, each.reason, each.text] for each in arrival.dropped]
        self._db.execute(
            "INSERT INTO arrivals (article, mark, date_source, dropped) VALUES (?, ?, ?, ?)",
            (article, arrival.mark, arrival.date_source, json.dumps(dropped, ensure_ascii=False)),
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO publisher_lines SELECT ?1, ?2 WHERE "
            "(SELECT count(*) FROM publisher_lines WHERE line = ?1) < ?3",
            [(line, article, _MAX_ROWS_OF_A_LINE) for line in arrival.lines],
        )

    def of(self, article_id: str) -> Arrival | None:
        """How an article came in; ``None`` where nothing is known of it."""
        if not self._there():
            return None
        row = self._db.execute(
            "SELECT v.mark, v.date_source, v.dropped, a.key FROM arrivals v "
            "JOIN articles a ON a.key = v.article WHERE a.id = ?",
            (article_id,),
        ).fetchone()
        if row is None:
            return None
        query = "SELECT line FROM publisher_lines WHERE article = ? ORDER BY line"
        lines = tuple(line for (line,) in self._db.execute(query, (row[3],)))
        dropped = tuple(Dropped(n, text, reason) for n, reason, text in json.loads(row[2]))
        return Arrival(row[0], row[1], dropped, lines)

    def ids_of(self, mark: str) -> list[str]:
        """The articles that came in exactly so."""
        if not self._there():
            return []
        query = (
            "SELECT a.id FROM arrivals v JOIN articles a ON a.key = v.article "
            "WHERE v.mark = ? ORDER BY a.id"
        )
        return [id for (id,) in self._db.execute(query, (mark,))]

    def counts(
        self, lines: Collection[int], longest: Collection[int], but: Collection[str]
    ) -> dict[int, int]:
        """In how many articles each of these lines stands. Articles of the ids ``but`` do not
        count, nor do copies: those that have one of the lines ``longest``."""
        if not lines or not self._there():
            return {}
        found: dict[int, int] = {}
        copies = f"SELECT article FROM publisher_lines WHERE line IN ({_marks(longest)})"
        others = f"SELECT key FROM articles WHERE id IN ({_marks(but)})"
        for part in _parts(sorted(lines)):
            rows = self._db.execute(
                f"SELECT line, count(*) FROM publisher_lines WHERE line IN ({_marks(part)}) "
                f"AND article NOT IN ({copies}) AND article NOT IN ({others}) GROUP BY line",
                [*part, *longest, *but],
            )
            found |= dict(rows.fetchall())
        return found


def _marks(values: Collection[Any]) -> str:
    return ",".join("?" * len(values))


def _parts(values: Sequence[int], size: int = 400) -> Iterator[Sequence[int]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
