"""Articles by key: what is not as it was written is left out, however often it was read before."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from index.errors import LibraryCorrupt
from index.filters import Filters
from index.ingest.provenance import Provenance
from index.store.sqlite.articles import ArticleTable
from index.store.sqlite.database import Database
from index.store.sqlite.reading import SqliteRecords
from index.store.sqlite.version_table import VersionTable
from tests.fakes import article
from tests.index.store.store_access import WIRE, new, write
from tests.stores import sqlite_store

_CHANGES = {
    "text": "UPDATE articles SET text = 'changed' WHERE key = ?",
    "title": "UPDATE articles SET title = 'changed' WHERE key = ?",
    "publisher": "UPDATE articles SET publisher = 'changed' WHERE key = ?",
}


@pytest.mark.parametrize("column", _CHANGES)
def test_a_change_after_a_reading_is_seen(tmp_path: Path, column: str) -> None:
    database = Database(tmp_path / "library", create=True)
    table = ArticleTable(database)
    with database.writing():
        key = table.insert(article("chips", "Chips are scarce.", "Sand"), 1)
    assert table.by_key([key])[key].text == "Chips are scarce."
    database.execute(_CHANGES[column], (key,))
    assert table.by_key([key]) == {}
    database.close()


@pytest.mark.parametrize(
    "change", ["published_at = '2025-99-01'", "text = x'ff'", "author = x'ff'", "source = x'ff'"]
)
def test_what_is_no_day_or_text_any_more_is_an_error_of_ours(tmp_path: Path, change: str) -> None:
    database = Database(tmp_path / "library", create=True)
    table = ArticleTable(database)
    with database.writing():
        key = table.insert(article("chips", "Chips are scarce."), 1)
    database.execute(f"UPDATE articles SET {change}")  # noqa: S608
    assert (table.by_key([key]), list(table.changed_texts())) == ({}, ["chips"])
    for read in (table.article, VersionTable(database).of):
        with pytest.raises(LibraryCorrupt, match="'chips' is not as it was written"):
            read("chips")
    database.close()


def test_a_time_that_is_none_any_more_is_an_error_of_ours(tmp_path: Path) -> None:
    database = Database(tmp_path / "library", create=True)
    with database.writing():
        ArticleTable(database).insert(article("chips", "Chips are scarce."), 1)
    database.execute("UPDATE articles SET added_at = 'then'")
    with pytest.raises(LibraryCorrupt, match="'chips' is not as it was written"):
        VersionTable(database).of("chips")
    database.close()


def test_what_a_program_left_is_its_own_copy(tmp_path: Path) -> None:
    database = Database(tmp_path / "library", create=True)
    table = ArticleTable(database)
    with database.writing():
        key = table.insert(article("chips", "Chips are scarce.", metadata={"desk": "sea"}), 1)
    first, again = table.by_key([key])[key], table.by_key([key])[key]
    assert first == again
    assert first.metadata is not again.metadata
    database.close()


def test_the_copies_that_a_filter_leaves_are_found_among_very_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.sqlite.reading.MOST_COPIES", 2)
    store = sqlite_store(tmp_path / "library")
    ids = ["a", "b", "c", "d"]
    write(store, *(article(id, WIRE, language="en") for id in ids))
    with store.searching() as snapshot:
        only = snapshot.select(Filters(article_ids=("c", "d")))
        assert [each.id for each in snapshot.family("d", only)] == ["c", "d"]
        assert [each.id for each in snapshot.family("d")] == ["a", "b"]
    with store.writing() as writer:
        writer.remove(["b"])
    Database(tmp_path / "library").execute("UPDATE articles SET title = 'changed' WHERE id = 'a'")
    with store.searching() as snapshot:
        assert [each.id for each in snapshot.family("d")] == ["c"]
    store.close()


def test_lists_may_be_longer_than_a_statement_takes_values(tmp_path: Path) -> None:
    store = sqlite_store(tmp_path / "library")
    with store.writing() as writer:
        provenance = Provenance("hash", "text", (), (3,))
        writer.write([new(article("chips", WIRE), provenance=provenance)], {})
    database = Database(tmp_path / "library")
    # SQLite's own limit is 32,766; so the tables need not be so long.
    database._db.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 600)
    records = SqliteRecords(database)
    ids, numbers = [f"no{number}" for number in range(700)], list(range(-700, 0))
    assert list(records.families([*ids, "chips"])) == ["chips"]
    assert records.line_counts([*numbers, 3], numbers, ids) == {3: 1}
    assert list(records.stored([*ids, "chips"])) == ["chips"]
    database.close()
    store.close()


def test_what_a_block_raises_that_reads_stays_its_own(tmp_path: Path) -> None:
    store = sqlite_store(tmp_path / "library")
    for opened in (store.reading, store.searching):
        with pytest.raises(FileNotFoundError), opened():
            (tmp_path / "nowhere").read_bytes()
    store.close()
