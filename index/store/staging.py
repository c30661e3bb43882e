"""Folders for copies of a library that are not complete yet."""

from __future__ import annotations

import re
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
        # Others may lie there whose names begin alike: ".news-archive" beside a backup "news".
        name = re.compile(rf"{re.escape(prefix)}[0-9a-f]{{8}}")
        for folder in list(parent.iterdir()):
            if name.fullmatch(folder.name):
                _remove_unused(folder)
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
