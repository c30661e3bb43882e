"""SQL that gives rows of the store their checksums as they are written, and holds them against
what the rows hold now.

Triggers do it, so that no statement that writes can forget it. They are temporary, of one
connection: an older Pullquote, which lacks their function, writes on.
"""

from __future__ import annotations

import zlib
from typing import Final

__all__ = ["KEYS", "TRIGGERS", "checksum", "intact", "row_key", "row_values"]

# The columns that name a row, by table, and those beside them.
KEYS: Final = {
    "meta": ("key",),
    "articles": ("id",),
    "versions": ("id", "version"),
    "copies": ("article",),
    "arrivals": ("article",),
    "sync_items": ("source", "item"),
    "sync_articles": ("source", "item", "article"),
    "publisher_lines": ("line", "article"),
}
_ARTICLE: Final = (
    *("title", "text", "publisher", "author", "published_at", "language", "url", "source"),
    "added_at",
)
_VALUE_COLUMNS: Final = {
    "meta": ("value",),
    "articles": ("key", *_ARTICLE, "content_hash", "version"),
    "versions": (*_ARTICLE, "replaced_at"),
    "copies": ("family", "runs", "signature"),
    "arrivals": ("mark", "date_source", "dropped"),
    "sync_items": ("stamp", "hash"),
    "sync_articles": (),
    "publisher_lines": (),
}


def checksum(*values: bytes | None) -> int:
    """Make the checksum of a row's columns."""
    crc = 0
    for value in values:
        # The length too, so that nothing moves from one column to the next.
        crc = zlib.crc32(b"-" if value is None else b"%d:" % len(value), crc)
        crc = zlib.crc32(value or b"", crc)
    return crc


def row_key(table: str, row: str) -> str:
    """SQL for the name of a row; ``row``: the table's alias."""
    return " || ' ' || ".join(f"quote({row}.{column})" for column in KEYS[table])


def row_values(table: str, row: str) -> str:
    """SQL for the checksum of a row. Plain bytes are read, whatever a damaged row holds."""
    columns = (*KEYS[table], *_VALUE_COLUMNS[table])
    return f"row_checksum({', '.join(f'CAST({row}.{column} AS BLOB)' for column in columns)})"


def intact(table: str, row: str) -> str:
    """SQL for whether a row has its checksum, and is as it was written."""
    return (
        f"({row_values(table, row)} IS (SELECT r.checksum FROM row_checksums r "
        f"WHERE r.name = '{table}' AND r.row = {row_key(table, row)}))"
    )


def _triggers(table: str) -> tuple[str, ...]:
    old = f"name = '{table}' AND row = {row_key(table, 'OLD')}"
    actions = {
        "INSERT": f"REPLACE INTO row_checksums VALUES "
        f"('{table}', {row_key(table, 'NEW')}, {row_values(table, 'NEW')})",
        # No column of a row that was damaged before is taken as right.
        "UPDATE": f"UPDATE row_checksums SET checksum = {row_values(table, 'NEW')} "
        f"WHERE {old} AND checksum = {row_values(table, 'OLD')}",
        "DELETE": f"DELETE FROM row_checksums WHERE {old}",
    }
    return tuple(
        f"CREATE TEMP TRIGGER IF NOT EXISTS {table}_{event.lower()} AFTER {event} ON main.{table} "
        f"BEGIN {action}; END"
        for event, action in actions.items()
    )


TRIGGERS: Final = tuple(trigger for table in KEYS for trigger in _triggers(table))
