"""The write lock: whose it is, and that it is given back whatever becomes of the note of that."""

from __future__ import annotations

import errno
import os
import re
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from index.errors import LibraryLocked, StorageError
from index.store.sqlite.lock import is_held, writing
from tests.stores import sqlite_store


def _fail(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", ["write_text", "unlink"])
def test_a_note_that_fails_keeps_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Path, step, _fail)
        # The exception keeps its frames, and all that they hold, until the block ends.
        with pytest.raises(StorageError) as caught, writing(tmp_path, 0):
            pass
    assert not is_held(tmp_path)
    assert caught.value.__traceback__ is not None
    with writing(tmp_path, 0):
        assert is_held(tmp_path)


def test_whoever_wants_it_too_is_told_who_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/bin/pullquote", "add", "one.txt", "two.txt"])
    holder = re.escape(f"process {os.getpid()} (pullquote add one.txt) since ")
    with (
        writing(tmp_path, 0),
        pytest.raises(LibraryLocked, match=holder),
        writing(tmp_path, 0),
    ):
        pass


def test_a_store_waits_for_it_as_long_as_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    acquire = FileLock.acquire

    def recorded(lock: FileLock, timeout: float) -> object:
        waits.append(timeout)
        return acquire(lock, timeout=timeout)

    store = sqlite_store(tmp_path / "library", lock_timeout=0.25)
    monkeypatch.setattr(FileLock, "acquire", recorded)
    with store.writing():
        assert waits == [0.25]
    store.close()


def test_its_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    assert not is_held(tmp_path)
    (lock,) = tmp_path.iterdir()
    assert lock.stat().st_mode & 0o777 == 0o600
    lock.unlink()
    with writing(tmp_path, 0):
        assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}
