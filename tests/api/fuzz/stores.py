"""What is fuzzed of a library: bits of its database flipped. Whatever is read of it afterwards is
as it was written, or an error of the library says that it is not."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from index.errors import LibraryError, NotFoundError
from index.filters import Filters
from index.ingest.provenance import Provenance
from index.library import Library
from index.settings import IndexSettings
from index.store.sqlite.database import FILE_NAME, Database
from index.store.sqlite.provenance import ProvenanceTable
from index.store.sync_changes import Item, Put
from tests.api.fuzz.target import Target
from tests.fakes import FakeModels, article

__all__ = ["store_targets"]

_TEXTS = [f"Ship {n} left Westmark with {n + 7} tons of salt. Nobody knew why." for n in range(6)]


@contextmanager
def store_targets(home: Path) -> Iterator[list[Target]]:
    """A library that has something in every table, of which each case flips bits of a copy."""
    whole = _whole(home / "whole")
    size = (whole / FILE_NAME).stat().st_size * 8
    bits = st.lists(st.integers(0, size - 1), min_size=1, max_size=8).map(tuple)
    yield [Target("store", _flipped(whole, home / "flipped"), ((size // 2,),), drawn=bits)]


def _whole(folder: Path) -> Path:
    library = Library.open(folder, IndexSettings(), FakeModels(), create=True)
    written = [article(f"a{n}", text, language="en") for n, text in enumerate(_TEXTS)]
    library.add(written)
    library.add([replace(written[0], text="Ship 0 sank.")])
    library.store.note("/news", [Put("a.txt", Item("1", "x", frozenset({"a1"})))])
    library.close()
    with closing(Database(folder)) as database, database.writing():
        ProvenanceTable(database).insert(2, Provenance("mark", None, (), (1, 2)))
    with closing(sqlite3.connect(folder / FILE_NAME)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


def _flipped(whole: Path, folder: Path) -> Callable[[tuple[int, ...]], None]:
    right = {f"a{n}": text for n, text in enumerate(_TEXTS)} | {"a0": "Ship 0 sank."}
    data = (whole / FILE_NAME).read_bytes()

    def check(bits: tuple[int, ...]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(whole, folder)
        changed = bytearray(data)
        for bit in bits:
            at, place = divmod(abs(bit) % (8 * len(data)), 8)
            changed[at] ^= 1 << place
        (folder / FILE_NAME).write_bytes(changed)
        try:
            library = Library.open(folder, IndexSettings(), FakeModels())
        except LibraryError:
            return
        with closing(library):
            _read(library, right)
            _heal(library, right)

    return check


def _read(library: Library, right: dict[str, str]) -> None:
    """Read all of it; what cannot be is an error of the library."""
    for id in right:
        try:
            with library.view() as view:
                for version in view.history(id):
                    assert version.article.text in {*right.values(), _TEXTS[0]}
                view._snapshot.provenance(id)
        except (LibraryError, NotFoundError):
            pass
    with suppress(LibraryError), library.view() as view:
        view._snapshot.sync_items("/news")
        selection = view.select(Filters())
        keys, _ = view.lexical("Who left Westmark?", 10, selection)
        for found in filter(None, view.passages(keys.tolist())):
            for span in found.passage.sentences:
                assert span.of(found.article.text) in right[found.article.id]


def _heal(library: Library, right: dict[str, str]) -> None:
    try:
        library.verify()
        library.repair()
        faults = library.verify()
        library.remove(["a5"])
    except (LibraryError, NotFoundError):
        return
    if not faults:
        _read(library, {id: text for id, text in right.items() if id != "a5"})
