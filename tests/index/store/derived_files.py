"""Articles and files of a library for the tests of its derived indexes."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from index.filters import Filters
from index.library import Library
from tests.fakes import article

__all__ = ["CATS", "CHIPS", "DOGS", "copied", "flip", "lexical", "part", "replaced", "restored"]

CHIPS = article("chips", "Chips are scarce. Acme buys chips.", language="en")
CATS = article("cats", "Cats sleep a lot. Nobody knows why.", language="en")
DOGS = article("dogs", "Dogs bark at night. The moon does not mind.", language="en")


def lexical(library: Library, question: str) -> list[str]:
    with library.view() as view:
        keys, _ = view.lexical(question, 10, view.select(Filters()))
        return [found.article.id for found in view.passages(keys.tolist()) if found]


def flip(file: Path, at: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 4
    replaced(file, bytes(data))


def replaced(file: Path, data: bytes) -> None:
    """Another file in its place: whoever has mapped the first one has it still."""
    file.unlink()
    file.write_bytes(data)


def part(library: Library, suffix: str) -> Path:
    (file, *_) = sorted((library.folder / "lexical").glob(f"*{suffix}"))
    return file


def copied(library: Library, to: Path) -> None:
    """A copy of the store alone, as a backup has it."""
    source = sqlite3.connect(library.folder / "library.sqlite")
    target = sqlite3.connect(to)
    source.backup(target)
    source.close()
    target.close()


def restored(library: Library, copy: Path) -> None:
    library.close()
    for file in library.folder.glob("library.sqlite*"):
        file.unlink()
    shutil.copy(copy, library.folder / "library.sqlite")
