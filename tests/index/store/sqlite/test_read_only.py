"""A library that is open where nothing can be written, while another process writes to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from index.article import Article
from index.errors import LibraryCorrupt, LibraryLocked
from index.library import Library
from index.store.sqlite.store import SqliteStore
from tests.fakes import article


@pytest.fixture
def reader(library: Library) -> Iterator[SqliteStore]:
    library.add(_articles("old"))
    library.close()
    store = SqliteStore(library.folder, lock_timeout=0.0, vector_index="auto", read_only=True)
    yield store
    store.close()


def _articles(name: str, count: int = 40) -> list[Article]:
    sentences = "The council of the town met on Tuesday and went home. " * 40
    return [article(f"{name}-{i}", f"{name.title()} {i}. {sentences}") for i in range(count)]


def _ids(store: SqliteStore) -> set[str]:
    with store.reading() as records:
        return {each.id for each in records.articles()}


def test_what_others_write_is_read(reader: SqliteStore, reopened: Callable[[], Library]) -> None:
    assert len(_ids(reader)) == 40
    writer = reopened()
    writer.remove([f"old-{i}" for i in range(30)])
    writer.add(_articles("new", 120))
    assert len(_ids(reader)) == 130
    writer.close()
    assert len(_ids(reader)) == 130
    writer = reopened()
    writer.remove(["new-1"])
    writer.close()
    assert len(_ids(reader)) == 129
    with reader.searching() as snapshot:
        assert snapshot.counts()[0] == 129
    assert reader.damage() == []


def test_what_changes_while_it_is_read_is_not_damaged(
    reader: SqliteStore, reopened: Callable[[], Library]
) -> None:
    def write(name: str, error: bool) -> None:
        with reader.reading():
            writer = reopened()
            writer.remove([name])
            writer.close()
            if error:
                raise LibraryCorrupt("a checksum")

    for name, error in [("old-1", False), ("old-2", True)]:
        with pytest.raises(LibraryLocked, match="try again"):
            write(name, error)
    assert len(_ids(reader)) == 38


def test_what_is_removed_can_be_read_to_its_end(reader: SqliteStore, library: Library) -> None:
    with reader.reading() as records:
        (library.folder / "library.sqlite").unlink()
        assert len(list(records.articles())) == 40
