"""Folders for the files of one process, which are removed also when the process was killed."""

from __future__ import annotations

import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from index.error_mapping import storage_errors

__all__ = ["ProcessFolder"]


class ProcessFolder:
    """A folder at ``path``, below ``folder``, that the process holds a lock on while it lives.
    Folders whose process has ended are removed when another one opens its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / secrets.token_hex(8)
        # One thread opens, another one closes.
        self._lock = FileLock(f"{self.path}.lock", thread_local=False)

    def open(self) -> None:
        """Remove the folders of processes that have ended, and make one for this process, for its
        owner alone. ``StorageError`` where that cannot be done."""
        with storage_errors(self._folder):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # One at a time, or a lock that was just made and is not yet held would be taken.
            with FileLock(self._folder / "opening"):
                self._remove_stale()
                self._lock.acquire()
                self.path.mkdir(mode=0o700)

    def _remove_stale(self) -> None:
        for lock in self._folder.glob("*.lock"):
            with suppress(Timeout), FileLock(lock, timeout=0):
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
                lock.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the folder of this process."""
        shutil.rmtree(self.path, ignore_errors=True)
        Path(self._lock.lock_file).unlink(missing_ok=True)
        self._lock.release()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
