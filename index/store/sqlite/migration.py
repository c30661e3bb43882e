"""Migrate libraries of older versions.

There is one schema number; what was added after the first schema is in
:data:`index.store.sqlite.schema.ADDITIONS`. A library's version is thus which of these it has, and
every older library is migrated in the same way: first a copy of the database, then all additions in
one transaction. A newer schema is refused when the library is opened (``SchemaTooNew``).
"""

from __future__ import annotations

import re
from typing import Final

from index.error_mapping import storage_errors
from index.store.sqlite.checksums import ChecksumTable
from index.store.sqlite.database import CHECKSUMMED, Database
from index.store.sqlite.row_checksums import RowChecksums
from index.store.sqlite.schema import ADDITIONS

__all__ = ["COPY_NAME", "is_outdated", "migrate"]

# The library as it was before the last migration.
COPY_NAME: Final = "library.before-migration.sqlite"
_NAME: Final = re.compile(r"CREATE (?:TABLE|INDEX) IF NOT EXISTS (\w+)")


def migrate(database: Database, copy: bool = True) -> bool:
    """Add all tables and indexes that a library of an older Pullquote lacks, in one transaction;
    returns whether any was lacking.

    copy: whether a library with content is copied first, to :data:`COPY_NAME` in its folder,
    replacing an earlier copy.

    The caller holds the lock.
    """
    if not is_outdated(database):
        return False
    if copy and database.generation and _missing(database):
        target = database.folder / COPY_NAME
        part = target.with_name(f"{COPY_NAME}.part")
        database.copy_to(part)
        with storage_errors(database.folder):
            part.replace(target)
    with database.altering():
        # Another process may have done it since.
        for statement in _missing(database):
            database.execute(statement)
        ChecksumTable(database).fill()
        RowChecksums(database).fill()
    return True


def is_outdated(database: Database) -> bool:
    """Whether an older Pullquote made the library, and none that writes as this one does."""
    return bool(_missing(database)) or not all(map(database.checksummed, CHECKSUMMED))


def _missing(database: Database) -> list[str]:
    """Return the statements whose table or index does not exist."""
    with storage_errors(database.folder):
        rows = database.execute("SELECT name FROM sqlite_master").fetchall()
    names = {name for (name,) in rows}
    return [statement for statement in ADDITIONS if _name(statement) not in names]


def _name(statement: str) -> str:
    match = _NAME.match(statement)
    assert match is not None
    return match[1]
