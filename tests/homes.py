"""Homes for tests that ask the real reader: its networks take seconds to make, and are made once.

Every home that is prepared here sees the same models folder, through a link. Where tests run in
several processes, the first that needs it makes it under a lock, and the others only read it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from filelock import FileLock

from rag.reading.expansion import expand_networks
from rag.reading.manifest import WEIGHTS_FOLDER, Manifest

__all__ = ["copy_of_shared", "models_folder", "remove_shared", "share", "with_models"]

# Not PULLQUOTE_...: of those the settings refuse what they do not know.
_VARIABLE = "TESTS_SHARED_FOLDER"


def share() -> None:
    """Give the processes that are started from here on a folder in common."""
    os.environ[_VARIABLE] = tempfile.mkdtemp(prefix="pullquote-tests-")
    # Each of them has a processor, and more threads than processors wait for each other.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # Servers come and go by the hundred, each with threads, and glibc keeps 64 MB for each.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")


def remove_shared() -> None:
    """Remove the common folder, when all who used it are done."""
    shutil.rmtree(os.environ.pop(_VARIABLE), ignore_errors=True)


@cache
def _shared() -> Path:
    """The folder in common, or where there is one process alone, its own until it ends."""
    if _VARIABLE in os.environ:
        return Path(os.environ[_VARIABLE])
    folder = Path(tempfile.mkdtemp(prefix="pullquote-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def models_folder() -> Path:
    """The models folder of all tests."""
    folder = _shared() / "models"
    folder.mkdir(exist_ok=True)
    if _VARIABLE in os.environ:
        with FileLock(_shared() / "models.lock"):
            expand_networks(Manifest.read(WEIGHTS_FOLDER), folder)
    return folder


def copy_of_shared(name: str, make: Callable[[Path], None], target: Path) -> Path:
    """A copy at ``target`` of a folder that ``make`` fills once for all processes."""
    original = _shared() / name
    with FileLock(_shared() / f"{name}.lock"):
        if not original.exists():
            with tempfile.TemporaryDirectory(dir=_shared()) as scratch:
                make(Path(scratch) / name)
                (Path(scratch) / name).rename(original)
    return Path(shutil.copytree(original, target, symlinks=True))


def with_models(home: Path) -> Path:
    """The home, made where it is not there yet, its models those of all tests."""
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "models").exists():
        (home / "models").symlink_to(models_folder(), target_is_directory=True)
    return home
