"""Make files and folders of a library that only their owner may read."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

__all__ = ["keep_private", "link_or_copy", "make_private", "private_folder", "sync_folder"]

_FOLDER_MODE, _FILE_MODE, _OTHERS_MODE = 0o700, 0o600, 0o077


def private_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter. An existing one keeps its mode."""
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)


def make_private(file: Path) -> None:
    """Make a file that only its owner may read and write, unless it exists.

    SQLite gives the files that it puts beside a database the mode of the database.
    """
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _FILE_MODE))


def keep_private(folder: Path) -> None:
    """Remove everybody else's right to read the files in a folder that a library of others
    writes."""
    for file in folder.iterdir():
        if file.is_file() and not file.is_symlink() and file.stat().st_mode & _OTHERS_MODE:
            file.chmod(_FILE_MODE)


def link_or_copy(file: Path, target: Path) -> None:
    """Give a file that never changes a second name, or where the system cannot, copy it.
    ``OSError`` when it is no plain file."""
    if file.is_symlink():
        raise OSError(f"{file} is a link to another place")
    try:
        os.link(file, target)
    except (PermissionError, NotImplementedError):
        shutil.copyfile(file, target)


def sync_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk, where the system can."""
    with suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
