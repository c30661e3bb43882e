"""Libraries of every released version are brought up to date, or left as they were."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import LibraryCorrupt, SchemaTooNew, StorageError
from index.library import Library
from index.store.sqlite import migration
from index.store.sqlite.database import Database
from index.store.sqlite.migration import COPY_NAME, is_outdated, migrate
from index.store.sqlite.schema import ADDITIONS
from index.store.sync_changes import Item, Put
from tests.index.store.derived_files import CATS, CHIPS, DOGS, lexical
from tests.index.store.released import RELEASED, written_by
from tests.stores import restore_library

Reopened = Callable[[], Library]


@pytest.fixture(params=RELEASED)
def older(request: pytest.FixtureRequest, library: Library) -> Library:
    """A library of three articles, one of them updated, by each version."""
    library.add([CHIPS, CATS, DOGS])
    library.add([replace(CHIPS, text="Chips are back. Acme sells chips.")])
    library.close()
    written_by(request.param, library.folder)
    return library


def _schema(folder: Path) -> set[str]:
    database = sqlite3.connect(folder / "library.sqlite")
    names = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    database.close()
    return names


def test_every_released_library_is_read_and_brought_up_to_date(
    older: Library, reopened: Reopened
) -> None:
    before = reopened().status()
    assert lexical(reopened(), "chips back") == ["chips"]
    again = reopened()
    again.add([replace(CATS, text="Cats sleep less now.")])
    assert (lexical(again, "cats"), again.verify()) == (["cats"], [])
    assert again.status()["articles"] == before["articles"]
    with again.view() as view:
        assert [version.number for version in view.history("cats")] == [2, 1]
    again.repair()
    assert (again.uncompared(), again.verify()) == (0, [])
    # Nothing is left to do for the next.
    with_all = _schema(older.folder)
    again.add([replace(DOGS, text="Dogs bark at noon.")])
    assert _schema(older.folder) == with_all


def test_the_library_as_it_was_is_kept(older: Library, reopened: Reopened, tmp_path: Path) -> None:
    database = Database(older.folder)
    is_behind = is_outdated(database)
    database.close()
    before = reopened().status()["corpus_hash"]
    again = reopened()
    again.add([replace(CATS, text="Cats sleep less now.")])
    copy = older.folder / COPY_NAME
    if not is_behind:
        assert not copy.exists()
        return
    assert (copy.stat().st_mode & 0o077, copy.exists()) == (0, True)
    restore_library(tmp_path / "put-back", copy)
    put_back = Library.open(tmp_path / "put-back", older.settings, older.models)
    assert put_back.status()["corpus_hash"] == before
    assert put_back.verify() == []
    put_back.close()


@pytest.mark.parametrize("broken_at", [0, 5, -1])
def test_a_migration_happens_whole_or_not_at_all(
    library: Library, reopened: Reopened, monkeypatch: pytest.MonkeyPatch, broken_at: int
) -> None:
    library.add([CHIPS])
    library.close()
    written_by("first", library.folder)
    before = _schema(library.folder)
    statements = list(ADDITIONS)
    statements[broken_at] = "CREATE TABLE IF NOT EXISTS broken (no such type,, )"
    monkeypatch.setattr(migration, "ADDITIONS", statements)
    with pytest.raises((StorageError, LibraryCorrupt)):
        reopened().add([CATS])
    assert _schema(library.folder) == before
    monkeypatch.undo()
    reopened().add([CATS])
    assert sorted(lexical(reopened(), "chips cats")) == ["cats", "chips"]


def test_without_a_copy_nothing_is_changed(
    library: Library, reopened: Reopened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add([CHIPS])
    library.close()
    written_by("copies", library.folder)
    before = _schema(library.folder)

    def full(database: Database, file: Path) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(Database, "copy_to", full)
    with pytest.raises(StorageError, match="full"):
        reopened().add([CATS])
    assert _schema(library.folder) == before


def test_what_is_noted_of_a_source_brings_it_up_to_date(
    library: Library, reopened: Reopened
) -> None:
    library.add([CHIPS])
    library.close()
    written_by("first", library.folder)
    again, item = reopened(), Item("1", "x", frozenset({"chips"}))
    again.store.note("/news", [Put("a.txt", item)])
    with again.store.reading() as records:
        assert records.sync_items("/news") == {"a.txt": item}


def test_a_new_library_needs_no_copy(library: Library) -> None:
    library.add([CHIPS])
    assert not (library.folder / COPY_NAME).exists()
    database = Database(library.folder)
    assert not migrate(database)
    database.close()


def test_a_newer_library_is_refused_and_left_as_it_is(library: Library, reopened: Reopened) -> None:
    library.add([CHIPS])
    library.close()
    database = sqlite3.connect(library.folder / "library.sqlite")
    database.execute("PRAGMA user_version = 2")
    database.close()
    before = (library.folder / "library.sqlite").read_bytes()
    with pytest.raises(SchemaTooNew, match=r"newer Pullquote .schema 2.*update Pullquote"):
        reopened()
    assert (library.folder / "library.sqlite").read_bytes() == before
