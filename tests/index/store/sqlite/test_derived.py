"""Lexical indexes and texts that are damaged, missing, or of another state of the store."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.error_mapping import lexical_errors
from index.errors import LibraryCorrupt, LibraryError, StorageError
from index.library import Library
from index.search.dense import VectorIndex
from index.search.lexical import LexicalIndex, LexicalRow
from index.search.lexical_files import Origin
from index.store.sqlite.database import Database
from index.store.sqlite.derived import DerivedLexical, DerivedVectors
from index.store.sqlite.lock import writing
from tests.fakes import article
from tests.index.store.derived_files import (
    CATS,
    CHIPS,
    DOGS,
    copied,
    flip,
    lexical,
    part,
    replaced,
    restored,
)
from tests.index.store.store_access import new
from tests.stores import sqlite_store


def test_a_store_put_back_from_a_copy_is_not_searched_by_newer_indexes(
    library: Library, reopened: Callable[[], Library], tmp_path: Path
) -> None:
    library.add([CHIPS])
    copied(library, tmp_path / "copy")
    library.add([CATS])
    restored(library, tmp_path / "copy")
    # The same keys are given out again, for another article.
    again = reopened()
    again.add([DOGS])
    assert lexical(again, "cats sleep") == []
    assert lexical(again, "dogs bark") == ["dogs"]
    assert again.verify() == []


def test_the_doctor_sees_a_store_put_back_from_a_copy(
    library: Library, reopened: Callable[[], Library], tmp_path: Path
) -> None:
    library.add([CHIPS])
    copied(library, tmp_path / "copy")
    library.remove(["chips"])
    library.add([CATS])
    restored(library, tmp_path / "copy")
    again = reopened()
    assert any("another state" in each and "--repair" in each for each in again.verify())
    assert any("another state" in each for each in again.repair())
    assert again.verify() == []
    assert lexical(again, "chips") == ["chips"]


@pytest.mark.parametrize("changed", ["replace(text, 'scarce', 'scarcf')", "CAST(x'43FF' AS TEXT)"])
def test_a_changed_text_is_reported_and_stays(
    library: Library, reopened: Callable[[], Library], changed: str
) -> None:
    library.add([CHIPS, CATS])
    database = sqlite3.connect(library.folder / "library.sqlite")
    database.execute(f"UPDATE articles SET text = {changed} WHERE id = 'chips'")  # noqa: S608
    database.commit()
    database.close()
    again = reopened()
    (wrong,) = again.verify()
    assert "'chips' is not as it was written; it cannot be made anew" in wrong
    assert lexical(again, "chips") == []
    assert "left out" in again.problems[0]
    assert reopened().repair() == []
    # Written again, it would pass for whole.
    with pytest.raises(LibraryError):
        reopened().reencode()
    assert reopened().verify() == [wrong]


@pytest.mark.parametrize("suffix", [".term", ".idx", ".store", ".fast", ".fieldnorm", ".pos"])
@pytest.mark.parametrize("damage", ["flipped", "cut", "missing"])
def test_a_damaged_lexical_file_is_found_and_made_anew(
    library: Library, reopened: Callable[[], Library], suffix: str, damage: str
) -> None:
    library.add([CHIPS, CATS])
    file = part(library, suffix)
    if damage == "flipped":
        flip(file, 3)
    elif damage == "cut":
        replaced(file, file.read_bytes()[:-1])
    else:
        file.unlink()
    (wrong,) = reopened().verify()
    assert str(file) in wrong
    assert "--repair" in wrong
    assert str(file) in reopened().repair()[0]
    assert reopened().verify() == []
    assert lexical(reopened(), "chips") == ["chips"]


def test_a_damaged_lexical_index_is_made_anew_by_who_searches(
    library: Library, reopened: Callable[[], Library]
) -> None:
    library.add([CHIPS])
    flip(part(library, ".term"), 3)
    again = reopened()
    assert (lexical(again, "chips"), again.problems) == (["chips"], [])
    assert again.verify() == []


@pytest.mark.parametrize("largest_that_is_read", [256 << 20, 0])
def test_damage_that_comes_while_it_is_searched_is_survived(
    library: Library, monkeypatch: pytest.MonkeyPatch, largest_that_is_read: int
) -> None:
    monkeypatch.setattr("index.store.sqlite.derived._CHECK_ON_OPEN", largest_that_is_read)
    library.add([CHIPS])
    assert lexical(library, "chips") == ["chips"]
    # As a bit of a disk turns: nobody has written the file.
    file = part(library, ".term")
    written = file.stat()
    flip(file, 3)
    os.utime(file, ns=(written.st_atime_ns, written.st_mtime_ns))
    search, damaged = LexicalIndex.search, [True]

    def panicking(index: LexicalIndex, *args: object) -> object:
        with lexical_errors(library.folder):
            if damaged.pop() if damaged else False:
                raise PanicException("index out of bounds")
        return search(index, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(LexicalIndex, "search", panicking)
    assert lexical(library, "chips") == ["chips"]
    assert "gave up" in library.problems[0]
    assert (lexical(library, "chips"), library.problems) == (["chips"], [])
    assert library.verify() == []


class PanicException(BaseException):
    """As pyo3 makes them."""

    __module__ = "pyo3_runtime"


def test_a_panic_becomes_an_error_and_an_interruption_stays_one(tmp_path: Path) -> None:
    with pytest.raises(LibraryCorrupt, match="gave up: range"), lexical_errors(tmp_path):
        raise PanicException("range end out of bounds")
    with pytest.raises(KeyboardInterrupt), lexical_errors(tmp_path):
        raise KeyboardInterrupt


def test_no_damage_to_a_term_file_is_more_than_an_error(library: Library) -> None:
    """tantivy itself, on files that are not what it wrote."""
    library.add([CHIPS, CATS, DOGS])
    file = part(library, ".term")
    whole = file.read_bytes()
    outcomes = set()
    for at in range(0, len(whole), 7):
        flip(file, at)
        try:
            index = LexicalIndex.open(library.folder / "lexical")
            index.search(["chip", "cat", "dog"], 10)
            outcomes.add("searched")
        except LibraryCorrupt:
            outcomes.add("refused")
        replaced(file, whole)
    assert "refused" in outcomes


def test_who_reads_makes_nothing_anew_while_another_writes(
    library: Library, reopened: Callable[[], Library]
) -> None:
    library.add([CHIPS])
    origin = library.folder / "lexical" / "origin.json"
    origin.unlink()
    again = reopened()
    with writing(library.folder, 0):
        assert lexical(again, "chips") == []
        assert "no lexical search" in again.problems[0]
        with again.store.searching() as snapshot:
            assert (snapshot.has_term("unknown"), snapshot.document_frequency("chip")) == (True, 0)
        assert again.verify() == []
    assert not origin.exists()
    assert (lexical(again, "chips"), again.problems) == (["chips"], [])


def test_who_reads_does_without_an_index_that_cannot_be_made(
    library: Library, monkeypatch: pytest.MonkeyPatch, reopened: Callable[[], Library]
) -> None:
    def full(*_: object) -> LexicalIndex:
        raise StorageError("the disk is full")

    library.add([CHIPS])
    (library.folder / "lexical" / "origin.json").unlink()
    monkeypatch.setattr(LexicalIndex, "rebuilt", full)
    again = reopened()
    with again.view() as view:
        assert len(view) == 1
    assert "no lexical search" in again.problems[0]


def test_a_vector_file_that_a_writer_replaces_meanwhile(
    library: Library, monkeypatch: pytest.MonkeyPatch, reopened: Callable[[], Library]
) -> None:
    """Who opens it finds the state of before and its file gone, and opens the state of after."""
    monkeypatch.setattr("index.store.sqlite.derived._REWRITE_MIN", 0)
    monkeypatch.setattr("index.store.sqlite.derived._REWRITE_SHARE", 0.0)
    library.add([CHIPS])
    again, changes = reopened(), [CATS]
    open_vectors = DerivedVectors.open

    def slow(vectors: DerivedVectors) -> VectorIndex:
        if changes:
            library.add([changes.pop()])
        return open_vectors(vectors)

    monkeypatch.setattr(DerivedVectors, "open", slow)
    with again.view() as view:
        assert len(view) == 2
    assert again.problems == []


def test_what_goes_leaves_every_index(library: Library) -> None:
    long = article("long", "The river rose by two metres and the bridge was closed. " * 3)
    library.add([CHIPS, CATS, long])
    library.add([replace(CATS, text="Cats wake."), replace(long, text="It fell.")])
    library.remove(["chips"])
    assert len(LexicalIndex.open(library.folder / "lexical")) == 2
    with library.view() as view:
        assert len(view) == 2
    database = Database(library.folder)
    query = "SELECT count(*) FROM copy_bands WHERE article NOT IN (SELECT key FROM articles)"
    assert database.execute(query).fetchone() == (0,)
    database.close()


def test_who_reads_makes_the_index_anew_from_the_newest_state(
    library: Library, reopened: Callable[[], Library]
) -> None:
    library.add([CHIPS])
    slow, other = reopened(), reopened()
    with slow.view() as view:
        library.add([CATS])
        shutil.rmtree(library.folder / "lexical")
        found: list[list[str]] = []
        thread = threading.Thread(target=lambda: found.append(lexical(other, "cats chips")))
        thread.start()
        thread.join()
        assert view.counts() == (1, 1)
    assert sorted(found[0]) == ["cats", "chips"]
    assert sorted(lexical(slow, "cats chips")) == ["cats", "chips"]
    assert len(LexicalIndex.open(library.folder / "lexical")) == 2


def test_within_an_older_state_no_index_is_made(
    library: Library, reopened: Callable[[], Library]
) -> None:
    library.add([CHIPS])
    slow = reopened()
    with slow.store.reading() as records:
        assert records.counts() == (1, 1)
        library.add([CATS])
        shutil.rmtree(library.folder / "lexical")
        with slow.store.searching() as snapshot:
            assert (snapshot.counts(), snapshot.document_frequency("chip")) == ((1, 1), 0)
        assert not (library.folder / "lexical").exists()
    assert sorted(lexical(slow, "cats chips")) == ["cats", "chips"]


def test_what_an_older_pullquote_writes_is_read_while_it_writes(
    library: Library, reopened: Callable[[], Library]
) -> None:
    """It gives no revision, so its states have their generation alone for a name."""
    reader = reopened()
    with library.store.writing() as writer:
        for count, added in enumerate([CHIPS, CATS], start=1):
            writer.write([new(added)], {})
            with closing(sqlite3.connect(library.folder / "library.sqlite")) as database:
                database.execute("DELETE FROM meta WHERE key = 'passages_revision'")
                database.commit()
            with reader.view() as view:
                assert len(view) == count
    assert sorted(lexical(reader, "cats chips")) == ["cats", "chips"]


def test_an_index_serves_the_readers_of_before_and_after_a_change(library: Library) -> None:
    library.add([CHIPS])
    database = Database(library.folder)
    lexical = DerivedLexical(database)
    before = database.revision
    with database.writing(passages=True) as revision:
        with lexical.changing(revision) as index:
            index.add([LexicalRow(99, 99, "en", "ghost", "A ghost passage.")])
        origin = Origin.read(lexical.folder)
        assert origin is not None
        assert origin.serves(before)
        assert origin.serves(revision)
        assert not origin.is_settled(before)
    lexical.settle([])
    origin = Origin.read(lexical.folder)
    assert origin is not None
    assert (origin.serves(before), origin.is_settled(revision)) == (False, True)
    database.close()


@pytest.mark.parametrize("removed", [[], ["chips"]])
def test_a_writer_goes_on_after_a_change_that_failed(
    library: Library, monkeypatch: pytest.MonkeyPatch, removed: list[str]
) -> None:
    """What came into the index with it has keys that are given out again."""

    def full(database: Database, key: str, value: object) -> None:
        raise StorageError("the disk is full")

    library.add([CHIPS])
    with library.store.writing() as writer:
        monkeypatch.setattr(Database, "set_meta", full)
        with pytest.raises(StorageError):
            writer.write([new(CATS)], {})
        monkeypatch.undo()
        if removed:
            writer.remove(removed)
        writer.write([new(DOGS)], {})
    assert (lexical(library, "cats sleep"), lexical(library, "dogs")) == ([], ["dogs"])


def test_an_index_that_a_writer_left_half_done_is_not_searched(
    library: Library, reopened: Callable[[], Library]
) -> None:
    """Its files may not have reached the disk when the power went; it serves while who writes is
    there."""
    library.add([CHIPS])
    folder = library.folder / "lexical"
    origin = Origin.read(folder)
    assert origin is not None
    Origin(origin.revision, "to-come", analysis=origin.analysis).write(folder)
    with writing(library.folder, 0):
        assert lexical(reopened(), "chips") == ["chips"]
    flip(part(library, ".term"), 3)
    with writing(library.folder, 0):
        assert lexical(reopened(), "nothing of it") == []
        assert Origin.read(folder) != origin
    assert lexical(reopened(), "chips") == ["chips"]
    settled = Origin.read(folder)
    assert settled is not None
    assert settled.is_settled(origin.revision)


def test_who_may_change_nothing_searches_a_half_done_index_in_memory(library: Library) -> None:
    library.add([CHIPS])
    folder = library.folder / "lexical"
    origin = Origin.read(folder)
    assert origin is not None
    Origin(origin.revision, "to-come", analysis=origin.analysis).write(folder)
    flip(part(library, ".term"), 3)
    with writing(library.folder, 0):
        before = {file: file.stat().st_mtime_ns for file in library.folder.rglob("*")}
        store = sqlite_store(library.folder, read_only=True)
        with store.searching() as snapshot:
            assert snapshot.document_frequency("chip") == 1
        assert "searching an index in memory" in store.problems[0]
        assert [str(folder) in each for each in store.damage()] == [True]
        store.close()
        assert {file: file.stat().st_mtime_ns for file in library.folder.rglob("*")} == before


def test_a_file_of_an_older_index_is_found(
    library: Library, reopened: Callable[[], Library]
) -> None:
    library.add([CHIPS])
    older = part(library, ".term").read_bytes()
    library.remove(["chips"])
    library.add([CATS])
    replaced(part(library, ".term"), older)
    (wrong,) = reopened().verify()
    assert "of another index" in wrong
    assert lexical(reopened(), "cats") == ["cats"]
    assert reopened().verify() == []
