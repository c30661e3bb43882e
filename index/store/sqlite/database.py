"""The SQLite database of a library: its connection, its transactions, its schema.

Everything that changes together changes in one transaction, which ends by raising the generation. A
reader works inside one read transaction, so it sees one state throughout.

The *revision* is a random name for the set of passages: a transaction that changes passages gives
them a new one. Derived indexes carry it, so that an index made from another state (as when an older
copy of this file was restored) is recognised.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from index.error_mapping import database_errors, storage_errors
from index.errors import LibraryCorrupt, LibraryLocked, LibraryMissing, SchemaTooNew
from index.store.private import make_private, private_folder, sync_folder
from index.store.sqlite.lock import writing
from index.store.sqlite.row_triggers import KEYS, TRIGGERS, checksum
from index.store.sqlite.schema import TABLES

__all__ = [
    "CHECKSUMMED",
    "FILE_NAME",
    "LIST",
    "SCHEMA",
    "Database",
    "chunks",
    "copy_database",
    "marks",
]

SCHEMA = 1
FILE_NAME = "library.sqlite"
# A list of any length in one value (JSON): SQLite bounds how many values a statement may have.
LIST = "(SELECT value FROM json_each(?))"
_CREATION_SECONDS = 10.0
# KiB of pages that a writer keeps in memory, as far as it needs them.
_WRITING_CACHE = 64 << 10
_REVISION = "passages_revision"
# What has checksums: passages (index/store/sqlite/checksums.py), and rows of other tables
# (index/store/sqlite/row_checksums.py).
CHECKSUMMED = ("passages", "table_rows")


# Inode, size in bytes, and when it was last written, in nanoseconds.
_FileState = tuple[int, int, int]


class Database:
    """One connection; not for use by two threads at once.

    Raises ``LibraryMissing`` when there is no library, ``SchemaTooNew`` when a newer Pullquote
    wrote it, and what :func:`index.error_mapping.storage_errors` makes of SQLite's errors.
    """

    def __init__(self, folder: Path, create: bool = False, read_only: bool = False) -> None:
        self.folder = folder
        self._frozen = read_only
        self.path = folder / FILE_NAME
        if not create and not self.path.exists():
            raise LibraryMissing(f"{folder}: no library there; add articles with pullquote add")
        with storage_errors(folder):
            if create:
                private_folder(folder)
                make_private(self.path)
            self._connect()
            self._check_schema(create)

    def _connect(self) -> None:
        uri = f"file:{quote(str(self.path.resolve()))}"
        # The file's state while nobody is expected to write; ``None`` where SQLite looks for that.
        self._state: _FileState | None = None
        if self.path.exists() and self.read_only:
            # WAL needs a shared-memory file beside the database. Where none can be made and no
            # writer has left one, SQLite is told that the database does not change.
            self._state = None if self._has_log() else _file_state(self.path)
            uri += "?mode=ro" + ("&immutable=1" if self._state else "")
        self._db = sqlite3.connect(
            uri, uri=True, isolation_level=None, timeout=10.0, check_same_thread=False
        )
        # Also where nobody closes it.
        weakref.finalize(self, self._db.close).atexit = False
        self._db.create_function("casefold", 1, _casefold, deterministic=True)
        self._db.create_function("row_checksum", -1, checksum, deterministic=True)
        self._has_triggers = False
        self._db.execute("PRAGMA foreign_keys = ON")
        # Else what is removed stays in the file, and goes into backups; Debian's default.
        self._db.execute("PRAGMA secure_delete = ON")

    def _has_log(self) -> bool:
        return self.path.with_name(self.path.name + "-wal").exists()

    def _is_overtaken(self) -> bool:
        """Whether somebody wrote to the file that SQLite was told does not change."""
        return self._state is not None and _file_state(self.path) not in (None, self._state)

    def refresh(self) -> None:
        """Connect anew where who may not write reads what somebody else has written since."""
        if self.is_reading or not self.read_only or not self.path.exists():
            return
        if self._is_overtaken() or self._has_log() is (self._state is not None):
            with storage_errors(self.folder):
                self._db.close()
                self._connect()

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

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written into the library's folder, or must not be."""
        return self._frozen or not os.access(self.folder, os.W_OK)

    @property
    def is_reading(self) -> bool:
        """Whether a block of :meth:`reading` is open."""
        return self._db.in_transaction

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read one consistent state inside the block. What the block itself raises is mapped only
        where it is SQLite's."""
        with self.one_state():
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                # An error of the disk ends the transaction by itself, and is what is to be told.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """Map SQLite's errors in the block. ``LibraryLocked`` where somebody wrote meanwhile to a
        file that SQLite was told does not change: what was read may be of two states, and what
        seems damaged is not."""
        try:
            with database_errors(self.folder):
                yield
        except LibraryCorrupt as exc:
            if not self._is_overtaken():
                raise
            raise self._overtaken() from exc
        if self._is_overtaken():
            raise self._overtaken()

    def _overtaken(self) -> LibraryLocked:
        return LibraryLocked(f"{self.folder}: another process has written; try again in a moment")

    @contextmanager
    def writing(self, passages: bool = False) -> Iterator[str]:
        """Commit all that is written in the block with a new generation, or nothing.

        passages: whether passages change; then they get a new revision, which is yielded.
        """
        with self.altering():
            before = self.revision
            checksummed = [name for name in CHECKSUMMED if self.checksummed(name)]
            revision = before if before and not passages else secrets.token_hex(8)
            yield revision
            generation = self.generation + 1
            self.set_meta("generation", generation)
            self.set_meta(_REVISION, {"name": revision, "generation": generation})
            for name in checksummed:
                self.set_checksummed(name)

    @contextmanager
    def altering(self) -> Iterator[None]:
        """Commit all that is written in the block or nothing, without a new generation: for what is
        not content."""
        with storage_errors(self.folder):
            self._set_triggers()
            # Signatures of near-duplicates go to pages all over their table. In a cache of 2 MB,
            # which is SQLite's, each was written and read again within one transaction.
            self._db.execute(f"PRAGMA cache_size = -{_WRITING_CACHE}")
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                # So does a full disk.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _set_triggers(self) -> None:
        """From here on, rows get their checksums as this connection writes them."""
        # A library of an older version gets its tables first.
        if not self._has_triggers and all(map(self.has, ("row_checksums", *KEYS))):
            for trigger in TRIGGERS:
                self._db.execute(trigger)
            self._has_triggers = True

    def copy_to(self, file: Path) -> None:
        """Write the state that is being read, or the newest, to a new SQLite file, which is on the
        disk when this returns."""
        with storage_errors(file.parent):
            copy_database(self._db, file)

    def execute(self, query: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Execute one statement, for the modules of this folder."""
        return self._db.execute(query, values)

    def executemany(self, query: str, rows: Sequence[Sequence[Any]]) -> None:
        """Execute one statement for each of these rows."""
        self._db.executemany(query, rows)

    def has(self, table: str) -> bool:
        """Whether a table exists; those of :data:`ADDITIONS` may not."""
        query = "SELECT 1 FROM sqlite_master WHERE name = ?"
        return self.execute(query, (table,)).fetchone() is not None

    def meta(self, key: str, default: Any = None) -> Any:
        """Return the value of a key, in plain JSON types. ``LibraryCorrupt`` for what is not."""
        query = "SELECT CAST(value AS BLOB) FROM meta WHERE key = ?"
        with storage_errors(self.folder):
            row = self._db.execute(query, (key,)).fetchone()
        try:
            return json.loads(row[0]) if row else default
        except (ValueError, TypeError) as exc:
            raise self._changed_entry(key) from exc

    def set_meta(self, key: str, value: Any) -> None:
        """Store a value under a key; inside :meth:`writing`."""
        self._db.execute("REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(value)))

    def _changed_entry(self, key: str) -> LibraryCorrupt:
        return LibraryCorrupt(
            f"{self.path}: its entry {key!r} is not as it was written; "
            "put a backup back (pullquote restore FILE)"
        )

    @property
    def generation(self) -> int:
        """Return the number of changes so far."""
        value = self.meta("generation", 0)
        if not isinstance(value, int):
            raise self._changed_entry("generation")
        return value

    @property
    def revision(self) -> str | None:
        """The name of the set of passages; ``None`` when an older Pullquote, which gives none,
        wrote last."""
        value = self.meta(_REVISION)
        if not isinstance(value, dict) or value.get("generation") != self.generation:
            return None
        name = value.get("name")
        return name if isinstance(name, str) else None

    def checksummed(self, name: str) -> bool:
        """Whether each of these (:data:`CHECKSUMMED`) was given a checksum in this state; an older
        Pullquote, which gives none, raises the generation all the same."""
        return bool(self.meta(f"{name}_checksummed") == self.generation)

    def set_checksummed(self, name: str) -> None:
        """Note that each of these has its checksum in this state; inside a transaction."""
        self.set_meta(f"{name}_checksummed", self.generation)

    def damage(self) -> list[str]:
        """List the faults that SQLite finds in its file; it reads all of it, and holds each index
        against its table."""
        with storage_errors(self.folder):
            rows = self._db.execute("PRAGMA integrity_check(5)").fetchall()
        return [f"{self.path}: {row[0]}" for row in rows if row[0] != "ok"]

    def reindex(self) -> bool:
        """Make SQLite's own indexes anew; returns whether the tables are whole enough for that."""
        try:
            with self.altering():
                self.execute("REINDEX")
        except LibraryCorrupt:
            return False
        return True


def copy_database(source: sqlite3.Connection, file: Path) -> None:
    """Copy a database, as the transaction of ``source`` sees it, to a new private file.

    The copy has no log beside it, and is on the disk when this returns. Raises ``sqlite3.Error``
    and ``OSError``.
    """
    file.unlink(missing_ok=True)
    make_private(file)
    target = sqlite3.connect(file, isolation_level=None)
    try:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    finally:
        target.close()
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())
    sync_folder(file.parent)


def _file_state(file: Path) -> _FileState | None:
    try:
        stat = file.stat()
    except FileNotFoundError:
        # Who has it open can go on reading it.
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _casefold(name: str | None) -> str | None:
    return name.casefold() if name else None


def marks(values: Sequence[Any]) -> str:
    """Return a ``?`` for each value, for a list in SQL."""
    return ",".join("?" * len(values))


def chunks(values: Sequence[Any], size: int = 500) -> Iterator[Sequence[Any]]:
    """Split the values into parts that fit into one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
