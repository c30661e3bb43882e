"""The folder of a lexical index, apart from what is found in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index.search.lexical import LexicalIndex, LexicalRow

_ROWS = [LexicalRow(1, 1, "en", "Eels", "Eels cross the ocean once.")]


@pytest.mark.parametrize("attempt", range(20))
def test_an_index_that_was_just_opened_leaves_its_folder_alone(
    tmp_path: Path, attempt: int
) -> None:
    folder = tmp_path / "lexical"
    index = LexicalIndex.rebuilt(folder, _ROWS, "1")
    lock = folder / ".tantivy-meta.lock"
    lock.unlink()
    for _ in range(2000):
        assert not lock.exists()
    assert len(index) == 1
    shutil.rmtree(folder)


def test_an_open_index_is_searched_in_its_state_until_it_is_reloaded(tmp_path: Path) -> None:
    index = LexicalIndex.rebuilt(tmp_path / "lexical", _ROWS, "1")
    index.add([LexicalRow(2, 2, "en", "Fish", "Salmon come back to the river.")])
    assert len(index) == 1
    index.reload()
    assert len(index) == 2
    assert index.search(["salmon"], 3)[0].tolist() == [2]
