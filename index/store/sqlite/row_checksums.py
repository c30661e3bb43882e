"""Checksums of rows of the store: of settings, articles and their earlier versions, families, how
articles came in, the state of sync, and the lines that a publisher's pages repeat. (Passages have
theirs in :mod:`index.store.sqlite.checksums`.)"""

from __future__ import annotations

from typing import Final

from index.store.sqlite.database import Database
from index.store.sqlite.row_triggers import KEYS, intact, row_key, row_values

__all__ = ["RowChecksums"]

# What is said of a row, before its name.
_NOUNS: Final = {
    "meta": "the entry",
    "articles": "article",
    "versions": "the earlier version of article and number",
    "copies": "the family of the article of key",
    "arrivals": "how an article came in, of key",
    "sync_items": "the state of sync of",
    "sync_articles": "the article in the state of sync of",
    "publisher_lines": "the line of a publisher's pages, its hash and the article's key",
}
# Without these a library is whole, if poorer: what can be is compared or read again.
_DISPENSABLE: Final = tuple(table for table in KEYS if table not in ("meta", "articles"))


class RowChecksums:
    """Checksums by table and row, which triggers write (:mod:`index.store.sqlite.row_triggers`).

    As with passages, a library that an older Pullquote wrote last has none that count, until the
    next writer makes them of what it holds then.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def condition(self, table: str, row: str) -> str:
        """SQL for whether a row may be read: all rows may while no checksums count."""
        return intact(table, row) if self._db.checksummed("table_rows") else "1"

    def fill(self) -> None:
        """Give every row its checksum if they do not count; what it holds now is taken as
        right."""
        if self._db.checksummed("table_rows"):
            return
        self._db.set_checksummed("table_rows")
        self._db.execute("DELETE FROM row_checksums")
        for table in KEYS:
            self._db.execute(
                f"REPLACE INTO row_checksums SELECT '{table}', {row_key(table, 't')}, "
                f"{row_values(table, 't')} FROM {table} t"
            )

    def faults(self, of_removable: bool) -> list[str]:
        """Name what is not as it was written, or is there no more: of what :meth:`remove` takes
        out, or of the rest."""
        if not self._db.checksummed("table_rows"):
            return []
        tables = [table for table in KEYS if (table in _DISPENSABLE) == of_removable]
        return [f"{_NOUNS[table]} {row}" for table in tables for row in self._damaged_rows(table)]

    def remove(self) -> None:
        """Remove the damaged rows that the library can do without."""
        for table in _DISPENSABLE:
            self._db.execute(f"DELETE FROM {table} AS t WHERE NOT {intact(table, 't')}")
            self._db.execute(f"DELETE FROM row_checksums WHERE {_lost(table)}")

    def _damaged_rows(self, table: str) -> list[str]:
        """Name the rows of a table that are not as they were written, or lost."""
        query = (
            f"SELECT CAST({row_key(table, 't')} AS BLOB) FROM {table} t "
            f"WHERE NOT {intact(table, 't')} "
            f"UNION SELECT CAST(row AS BLOB) FROM row_checksums WHERE {_lost(table)}"
        )
        return [str(row, errors="replace") for (row,) in self._db.execute(query)]


def _lost(table: str) -> str:
    return f"name = '{table}' AND row NOT IN (SELECT {row_key(table, 't')} FROM {table} t)"
