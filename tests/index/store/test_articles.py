"""Articles by key: what is not as it was written is left out, however often it was read before."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.store.articles import ArticleTable
from index.store.database import Database
from tests.fakes import article

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


def test_what_a_program_left_is_its_own_copy(tmp_path: Path) -> None:
    database = Database(tmp_path / "library", create=True)
    table = ArticleTable(database)
    with database.writing():
        key = table.insert(article("chips", "Chips are scarce.", metadata={"desk": "sea"}), 1)
    first, again = table.by_key([key])[key], table.by_key([key])[key]
    assert first == again
    assert first.metadata is not again.metadata
    database.close()
