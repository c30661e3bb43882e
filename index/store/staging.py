"""Folders for copies of a library that are not complete yet."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from index.error_mapping import storage_errors

__all__ = ["staging"]

_LOCK: Final = "in-use.lock"


@contextmanager
def staging(parent: Path, prefix: str) -> Iterator[Path]:
    """Make a folder for a copy that is not verified yet, on the disk of its destination.

    Staging folders that killed processes left are removed.
    """
    stage = parent / f"{prefix}{secrets.token_hex(4)}"
    with storage_errors(parent):
        for leftover in parent.glob(f"{prefix}*"):
            _remove_unused(leftover)
        stage.mkdir(mode=0o700)
        lock = FileLock(stage / _LOCK)
        lock.acquire(timeout=0)
    try:
        yield stage
    finally:
        lock.release()
        shutil.rmtree(stage, ignore_errors=True)


def _remove_unused(stage: Path) -> None:
    """Remove a staging folder unless a running process uses it."""
    with suppress(Timeout, OSError), FileLock(stage / _LOCK, timeout=0):
        shutil.rmtree(stage, ignore_errors=True)
