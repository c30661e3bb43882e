"""Map the errors of SQLite, tantivy, FAISS and the operating system to those of
:mod:`index.errors`."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import LibraryCorrupt, LibraryLocked, StorageError

__all__ = ["database_errors", "is_panic", "lexical_errors", "storage_errors"]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_PERMISSION_ERRORS = {errno.EACCES, errno.EPERM, errno.EROFS}

_NEARLY_FULL = 16 << 20


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Map the errors of a block that reads or writes the library at ``path``.

    Raises ``StorageError`` (full, read-only, not ours), ``LibraryLocked`` (SQLite is busy) or
    ``LibraryCorrupt`` (what is on disk is not what was written).
    """
    try:
        with database_errors(path):
            yield
    except UnicodeDecodeError as exc:
        # Of a text, or of SQLite's own message about a name that is none any more.
        raise LibraryCorrupt(f"{path}: the store is damaged ({exc}); {_BACKUP}") from exc
    except OSError as exc:
        raise _of_system(path, exc) from exc


@contextmanager
def database_errors(path: Path) -> Iterator[None]:
    """Map SQLite's errors alone, where others may be those of what is being added to the library at
    ``path``."""
    try:
        yield
    except sqlite3.Error as exc:
        raise _of_sqlite(path, exc) from exc


@contextmanager
def lexical_errors(path: Path) -> Iterator[None]:
    """Map the errors of a block that calls tantivy.

    It reports every failure, also of the disk, as a ``ValueError`` with the cause in words, and
    panics on a file that it did not write.
    """
    try:
        with storage_errors(path):
            yield
    except ValueError as exc:
        raise _of_words(path, str(exc)) from exc
    except BaseException as exc:
        if not is_panic(exc):
            raise
        raise _of_words(path, f"it gave up: {exc}") from exc


def is_panic(exc: BaseException) -> bool:
    """Whether an exception is a panic of code in Rust, which is no ``Exception`` and has no name
    that could be imported."""
    kind = type(exc)
    return kind.__name__ == "PanicException" and kind.__module__ == "pyo3_runtime"


def _of_sqlite(path: Path, exc: sqlite3.Error) -> StorageError | LibraryLocked | LibraryCorrupt:
    name = getattr(exc, "sqlite_errorname", "")
    # PROTOCOL: others opened and closed the file so fast that no place among its readers was had.
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")):
        return LibraryLocked(f"{path}: another process is writing; try again in a moment")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return LibraryCorrupt(f"{path}: the store is damaged ({exc}); {_BACKUP}")
    if name.startswith("SQLITE_FULL"):
        return StorageError(f"{path}: {_NO_SPACE}")
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN", "SQLITE_AUTH")):
        return StorageError(f"{path}: {_NO_PERMISSION}")
    if name.startswith("SQLITE_IOERR"):
        return StorageError(f"{path}: cannot be read or written ({exc}); is the disk full?")
    return StorageError(f"{path}: {exc}")


def _of_system(path: Path, exc: OSError) -> StorageError:
    if exc.errno in _FULL:
        return StorageError(f"{path}: {_NO_SPACE}")
    if exc.errno in _PERMISSION_ERRORS:
        return StorageError(f"{path}: {_NO_PERMISSION}")
    return StorageError(f"{path}: {exc.strerror or exc}")


def _of_words(path: Path, words: str) -> StorageError | LibraryCorrupt:
    message = words.lower()
    # When a disk fills up under its worker thread, tantivy says only that the thread died.
    thread_failure = "thread" in message and _free_bytes(path) < _NEARLY_FULL
    if (
        thread_failure
        or "no space" in message
        or "storagefull" in message
        or "os error 28" in message
    ):
        return StorageError(f"{path}: {_NO_SPACE}")
    if "permission" in message or "read-only" in message:
        return StorageError(f"{path}: {_NO_PERMISSION}")
    return LibraryCorrupt(
        f"{path}: the lexical index cannot be used ({words}); run pullquote doctor --repair"
    )


def _free_bytes(path: Path) -> int:
    there = next(folder for folder in (path, *path.parents) if folder.exists())
    return shutil.disk_usage(there).free


_BACKUP = "put a backup back (pullquote restore FILE)"
_NO_SPACE = "the disk is full; what was there before is untouched. Free some space and run it again"
_NO_PERMISSION = "no permission to read or write here; check the owner and mode of that folder"
