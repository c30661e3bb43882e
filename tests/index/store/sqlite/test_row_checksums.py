"""A changed letter or number in what no hash covers is found, not read, and taken out or named."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.ingest.provenance import Provenance
from index.library import Library
from index.store.sqlite.database import Database
from index.store.sqlite.provenance import ProvenanceTable
from index.store.sqlite.row_triggers import _VALUE_COLUMNS, KEYS, checksum
from index.store.sync_changes import Item, KeptByHand, Put
from tests.fakes import article
from tests.index.store.derived_files import CATS, CHIPS, DOGS

Reopened = Callable[[], Library]

_LONG = " ".join(f"Ship {n} left the harbour with {n + 7} tons of salt." for n in range(20))
ONE, OTHER = article("one", _LONG, language="en"), article("other", _LONG + " So it was.")
# What a repair takes out, or makes anew.
TAKEN_OUT = {
    "a letter of an earlier text": "UPDATE versions SET text = replace(text, 'Acme', 'Akme')",
    "when an earlier text went": "UPDATE versions SET replaced_at = '2031' || replaced_at",
    "an earlier text is gone": "DELETE FROM versions",
    "whose an earlier text is": "UPDATE versions SET id = 'cats'",
    "a family": "UPDATE copies SET family = 3 WHERE article = (SELECT max(article) FROM copies)",
    "a family that is no number": "UPDATE copies SET family = 'x' WHERE article = 2",
    "a signature": "UPDATE copies SET signature = zeroblob(512) WHERE article = 2",
    "a signature cut": "UPDATE copies SET signature = x'00' WHERE article = 2",
    "a family is gone": "DELETE FROM copies WHERE article = 2",
    "a band": "UPDATE copy_bands SET value = value + 1 WHERE article = 2",
    "a band of nobody": "INSERT INTO copy_bands VALUES (7, 4096)",
    "how one came in": "UPDATE arrivals SET dropped = '[['",
    "a file in sync": "UPDATE sync_items SET item = 'b.txt'",
    "its stamp": "UPDATE sync_items SET stamp = '2'",
    "an article in sync": "UPDATE sync_articles SET article = 'chops' WHERE source <> ''",
    "an article kept by hand": "UPDATE sync_articles SET article = 'dags' WHERE source = ''",
    "a line of a publisher": "UPDATE publisher_lines SET line = 3 WHERE line = 2",
    "whose a line is": "UPDATE publisher_lines SET article = 1 WHERE line = 2",
    "a line is gone": "DELETE FROM publisher_lines WHERE line = 2",
    "a checksum": "UPDATE row_checksums SET checksum = 0 WHERE name = 'sync_items'",
    "a checksum's name": "UPDATE row_checksums SET name = 'copjes' WHERE name = 'arrivals'",
}
NAMED = {
    "when an article came": "UPDATE articles SET added_at = '2031' WHERE id = 'cats'",
    "where it lies": "UPDATE articles SET source = '/there' WHERE id = 'cats'",
    "its number": "UPDATE articles SET version = 9 WHERE id = 'cats'",
    "the encoder's name": "UPDATE meta SET value = replace(value, 'MiniLM', 'MinyLM') "
    "WHERE key = 'encoder'",
}


@pytest.fixture
def folder(library: Library) -> Path:
    """A library that has something in every table, closed."""
    library.add([CHIPS, CATS, DOGS, ONE, OTHER])
    library.add([replace(CHIPS, text="Chips are back. Acme sells chips.")])
    item = Item("1", "x", frozenset({"chips"}))
    library.store.note("/news", [Put("a.txt", item), KeptByHand(["dogs"])])
    with closing(Database(library.folder)) as database, database.writing():
        ProvenanceTable(database).insert(2, Provenance("mark", None, (), (1, 2)))
    assert library.verify() == []
    library.close()
    return library.folder


def _changed(folder: Path, *statements: str) -> None:
    """Change the database as no writer does."""
    with closing(sqlite3.connect(folder / "library.sqlite")) as database:
        for statement in statements:
            assert database.execute(statement).rowcount > 0
        database.commit()


def _families(library: Library) -> list[int]:
    with library.view() as view:
        families = view._snapshot.families(["one", "other", "cats"])
    return [families["one"] - families["other"], bool(families["one"] - families["cats"])]


@pytest.mark.parametrize("damage", TAKEN_OUT)
def test_it_is_found_and_taken_out_or_made_anew(
    folder: Path, reopened: Reopened, damage: str
) -> None:
    _changed(folder, TAKEN_OUT[damage])
    again = reopened()
    faults = again.verify()
    assert faults
    assert all("doctor --repair" in fault for fault in faults)
    assert again.repair()
    assert again.verify() == []
    assert again.uncompared() == 0
    assert _families(again) == [0, True]
    again.add([replace(CATS, text="Cats sleep less now.")])
    again.remove(["one"])
    assert again.verify() == []


@pytest.mark.parametrize("damage", NAMED)
def test_what_cannot_be_made_anew_is_named(folder: Path, reopened: Reopened, damage: str) -> None:
    _changed(folder, NAMED[damage])
    again = reopened()
    (fault,) = again.verify()
    assert "'cats'" in fault or "'encoder'" in fault
    again.repair()
    assert again.verify() == [fault]
    # What is written anew is as it was written.
    again.remove(["cats"])
    again.add([CATS])
    assert again.verify() == []


def test_what_does_not_hold_is_not_read(folder: Path, reopened: Reopened) -> None:
    """Sync removes the articles of a file that it does not find: a name that is none is not one."""
    keys = ("a letter of an earlier text", "how one came in", "a file in sync", "a signature")
    _changed(folder, *(TAKEN_OUT[key] for key in keys))
    again = reopened()
    with again.view() as view:
        assert [version.number for version in view.history("chips")] == [2]
        assert view._snapshot.provenance("cats") is None
        assert "cats" not in view._snapshot.families(["cats"])
        assert view._snapshot.sync_items("/news") == {}


def test_a_line_that_does_not_hold_is_not_read(folder: Path, reopened: Reopened) -> None:
    _changed(folder, TAKEN_OUT["a line of a publisher"])
    with reopened().view() as view:
        provenance = view._snapshot.provenance("cats")
    assert provenance is not None
    assert provenance.lines == (1,)


def test_a_damaged_row_that_changes_stays_damaged(folder: Path, reopened: Reopened) -> None:
    _changed(folder, "UPDATE articles SET added_at = '2031' WHERE id = 'cats'")
    with closing(Database(folder)) as database, database.writing():
        database.execute("UPDATE articles SET source = '/there' WHERE id IN ('cats', 'dogs')")
    (fault,) = reopened().verify()
    assert "'cats'" in fault


def test_what_an_older_pullquote_wrote_is_taken_as_right(folder: Path, reopened: Reopened) -> None:
    _changed(
        folder,
        TAKEN_OUT["a file in sync"],
        "UPDATE meta SET value = value + 1 WHERE key IN ('generation', 'passages_checksummed')",
    )
    again = reopened()
    with again.view() as view:
        assert [*view._snapshot.sync_items("/news")] == ["b.txt"]
    assert again.verify() == []
    again.remove(["cats"])
    assert again.verify() == []
    _changed(folder, TAKEN_OUT["its stamp"])
    assert len(again.verify()) == 1


def test_all_columns_are_covered(folder: Path) -> None:
    with closing(Database(folder)) as database:
        for table, key in KEYS.items():
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            assert sorted(columns) == sorted((*key, *_VALUE_COLUMNS[table]))


def test_columns_are_told_apart() -> None:
    rows = [(b"ab", b"c"), (b"a", b"bc"), (b"abc",), (b"abc", None), (b"abc", b""), (None, b"abc")]
    assert len({checksum(*row) for row in rows}) == len(rows)
