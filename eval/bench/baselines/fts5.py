"""SQLite's full-text index (FTS5), the lexical search that every Python has."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from index.search.lexical import LexicalRow

__all__ = ["FullTextTable"]

_WORD = re.compile(r"\w+")


class FullTextTable:
    """Passages in an FTS5 table of a database file, with its Porter stemmer and its BM25."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute(
            "CREATE VIRTUAL TABLE passages USING fts5"
            "(title, body, content='', tokenize='porter unicode61')"
        )

    def add(self, rows: Iterable[LexicalRow]) -> None:
        """Index these passages, in one transaction."""
        self._change("INSERT INTO passages (rowid, title, body) VALUES (?, ?, ?)", rows)

    def remove(self, rows: Iterable[LexicalRow]) -> None:
        """Remove passages, in one transaction. Their texts are not kept, so they have to be given
        as they were added."""
        self._change(
            "INSERT INTO passages (passages, rowid, title, body) VALUES ('delete', ?, ?, ?)", rows
        )

    def _change(self, statement: str, rows: Iterable[LexicalRow]) -> None:
        self._connection.execute("BEGIN")
        values = ((row.passage, row.title, row.text) for row in rows)
        self._connection.executemany(statement, values)
        self._connection.execute("COMMIT")

    def search(self, question: str, k: int) -> list[int]:
        """Return the keys of the ``k`` best passages that have any word of the question."""
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(_WORD.findall(question)))
        rows = self._connection.execute(
            "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?", (words, k)
        )
        return [int(key) for (key,) in rows]

    def close(self) -> None:
        self._connection.close()
