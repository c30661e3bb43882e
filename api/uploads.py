"""Uploaded files: kept on disk under their own names until the loaders have read them."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from starlette.datastructures import UploadFile

from api.problem import Problem
from index.error_mapping import storage_errors

if TYPE_CHECKING:
    from index.load import Loaded

__all__ = ["Upload", "Uploads"]

_MAX_NAME_BYTES = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """Files in a folder of their own; ``size`` in bytes. :meth:`load` reads and removes them."""

    folder: Path
    files: tuple[Path, ...]
    size: int

    @property
    def description(self) -> bytes:
        """Names and sizes, by which the same upload is recognised."""
        return repr([(file.name, file.stat().st_size) for file in self.files]).encode()

    def load(self, max_chars: int) -> list[Loaded]:
        """Load the articles, as if each file lay at its bare name; the copies are removed."""
        try:
            return [item for file in self.files for item in _articles(file, max_chars)]
        finally:
            self.discard()

    def discard(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class Uploads:
    """The uploads of a process: a folder below ``folder`` that the process holds a lock on while
    it lives. Folders whose process has ended are removed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process_folder = folder / secrets.token_hex(8)
        # One thread opens, another one closes.
        self._lock = FileLock(f"{self._process_folder}.lock", thread_local=False)

    def open(self) -> None:
        """Remove the folders of processes that have ended, and make one for this process."""
        with storage_errors(self._folder):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # One at a time, or a lock that was just made and is not yet held would be taken.
            with FileLock(self._folder / "opening"):
                self._remove_stale()
                self._lock.acquire()
                self._process_folder.mkdir(mode=0o700)

    def _remove_stale(self) -> None:
        for lock in self._folder.glob("*.lock"):
            with suppress(Timeout), FileLock(lock, timeout=0):
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
                lock.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the folder of this process."""
        shutil.rmtree(self._process_folder, ignore_errors=True)
        Path(self._lock.lock_file).unlink(missing_ok=True)
        self._lock.release()

    def save(self, sources: Sequence[UploadFile]) -> Upload:
        """Copy the files into a new folder. ``Problem`` (422) when there are none or a file has no
        usable name."""
        if not sources:
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY, "no file in the form: send them as `files`"
            )
        names = _distinct_names([_name(source.filename or "") for source in sources])
        with storage_errors(self._process_folder):
            folder = Path(tempfile.mkdtemp(dir=self._process_folder))
            try:
                files = []
                for name, source in zip(names, sources, strict=True):
                    target = folder / name
                    with target.open("wb") as out:
                        shutil.copyfileobj(source.file, out)
                    files.append(target)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
        return Upload(folder, tuple(files), sum(file.stat().st_size for file in files))


def _articles(file: Path, max_chars: int) -> Iterator[Loaded]:
    # A server answers before it can take files.
    from index.load import load_file

    # A file on disk is identified by its path, an upload by its name: the same name again, with
    # the same text or another, is the same article.
    return load_file(file, max_chars, name=file.name, origin=f"upload:{file.name}")


def _distinct_names(names: list[str]) -> list[str]:
    """Number names that occur again: ``report (2).txt``."""
    names_so_far: dict[str, None] = {}
    for name in names:
        path, number, unique = PurePosixPath(name), 1, name
        while unique in names_so_far:
            number += 1
            unique = f"{path.stem} ({number}){path.suffix}"
        names_so_far[unique] = None
    return list(names_so_far)


def _name(file_name: str) -> str:
    name = PurePosixPath(file_name.replace("\\", "/")).name
    name = "".join(char for char in name if char.isprintable()).strip()
    if not name or name in (".", ".."):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{file_name!r} is no name for a file")
    stem, suffix = name, ""
    with suppress(ValueError):
        dot = name.rindex(".")
        stem, suffix = name[:dot], name[dot:][:20]
    while len(f"{stem}{suffix}".encode(errors="replace")) > _MAX_NAME_BYTES:
        stem = stem[:-1]
    return f"{stem}{suffix}"
