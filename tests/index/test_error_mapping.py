"""Errors of others at their boundary: each is one of ours, and says what to do."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from index.error_mapping import lexical_errors, storage_errors
from index.errors import LibraryCorrupt, LibraryError, LibraryLocked, StorageError


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("SQLITE_BUSY_SNAPSHOT", LibraryLocked, "another process is writing"),
        ("SQLITE_PROTOCOL", LibraryLocked, "another process is writing"),
        ("SQLITE_CORRUPT_INDEX", LibraryCorrupt, "pullquote restore"),
        ("SQLITE_NOTADB", LibraryCorrupt, "pullquote restore"),
        ("SQLITE_FULL", StorageError, "the disk is full"),
        ("SQLITE_READONLY", StorageError, "no permission"),
        ("SQLITE_CANTOPEN", StorageError, "no permission"),
        ("SQLITE_IOERR_READ", StorageError, "cannot be read or written"),
        ("SQLITE_MISUSE", StorageError, "odd"),
    ],
)
def test_errors_of_sqlite(tmp_path: Path, name: str, kind: type[LibraryError], words: str) -> None:
    error = sqlite3.OperationalError("odd")
    error.sqlite_errorname = name
    with pytest.raises(kind, match=words) as caught, storage_errors(tmp_path):
        raise error
    assert (type(caught.value), caught.value.__cause__) == (kind, error)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EDQUOT, "the disk is full"),
        (errno.EROFS, "no permission"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_errors_of_the_system(tmp_path: Path, number: int, words: str) -> None:
    with pytest.raises(StorageError, match=words), storage_errors(tmp_path):
        raise OSError(number, "Input/output error")


@pytest.mark.parametrize(
    ("free", "words", "kind", "message"),
    [
        (0, "An index writer thread died", StorageError, "the disk is full"),
        (1 << 30, "An index writer thread died", LibraryCorrupt, "doctor --repair"),
        (1 << 30, "No space left on device (os error 28)", StorageError, "the disk is full"),
        (1 << 30, "Permission denied", StorageError, "no permission"),
        (1 << 30, "Unknown codec", LibraryCorrupt, "doctor --repair"),
    ],
)
def test_errors_of_tantivy(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    free: int,
    words: str,
    kind: type[LibraryError],
    message: str,
) -> None:
    monkeypatch.setattr("index.error_mapping._free_bytes", lambda _: free)
    with pytest.raises(kind, match=message) as caught, lexical_errors(tmp_path):
        raise ValueError(words)
    assert type(caught.value) is kind
