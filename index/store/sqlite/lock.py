"""The write lock of a library: one writer at a time, with a note of who it is."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.error_mapping import storage_errors
from index.errors import LibraryLocked
from index.store.private import make_private

__all__ = ["is_held", "writing"]


@contextmanager
def writing(folder: Path, timeout: float) -> Iterator[None]:
    """Hold the write lock of the library in ``folder`` until the block ends.

    The operating system releases it when its holder ends, in whatever way. Waits at most
    ``timeout`` seconds, then raises ``LibraryLocked`` naming the holder; ``StorageError`` when the
    lock cannot be made at all.
    """
    note = folder / "writer.json"
    lock = FileLock(folder / "writer.lock", mode=0o600)
    with storage_errors(folder):
        try:
            lock.acquire(timeout=timeout)
        except Timeout as exc:
            raise LibraryLocked(f"{folder} is being written by {_holder(note)}") from exc
    try:
        with storage_errors(folder):
            make_private(note)
            note.write_text(json.dumps(_myself()))
        yield
    finally:
        try:
            with storage_errors(folder):
                note.unlink(missing_ok=True)
        finally:
            lock.release()


def is_held(folder: Path) -> bool:
    """Whether anybody holds the write lock of the library in ``folder`` now."""
    lock = FileLock(folder / "writer.lock", mode=0o600)
    with storage_errors(folder):
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
    lock.release()
    return False


def _myself() -> dict[str, str | int]:
    return {
        "pid": os.getpid(),
        "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:3]]),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _holder(note: Path) -> str:
    try:
        holder = json.loads(note.read_text())
        process = f"process {holder['pid']} ({holder['command']})"
        return f"{process} since {holder['since']}; wait or stop it"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process; wait until it is done"
