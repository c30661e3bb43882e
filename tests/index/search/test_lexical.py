"""The folder of a lexical index, apart from what is found in it."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from index.errors import PullquoteError
from index.search.lexical import LexicalIndex, LexicalRow

_ROWS = [LexicalRow(1, 1, "en", "Eels", "Eels cross the ocean once.")]


@pytest.mark.parametrize("failures", [1, 2])
def test_a_folder_in_which_something_appears_is_removed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    folder = tmp_path / "lexical"
    LexicalIndex.rebuilt(folder, _ROWS, "1")
    _fail_to_remove(monkeypatch, failures, errno.ENOTEMPTY)
    assert len(LexicalIndex.rebuilt(folder, _ROWS * 2, "2")) == 2


@pytest.mark.parametrize(("failures", "code"), [(9, errno.ENOTEMPTY), (1, errno.EACCES)])
def test_a_folder_that_cannot_be_removed_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failures: int, code: int
) -> None:
    folder = tmp_path / "lexical"
    LexicalIndex.rebuilt(folder, _ROWS, "1")
    _fail_to_remove(monkeypatch, failures, code)
    with pytest.raises(PullquoteError):
        LexicalIndex.rebuilt(folder, _ROWS, "2")


def _fail_to_remove(monkeypatch: pytest.MonkeyPatch, failures: int, code: int) -> None:
    """Let so many removals of folders fail, the next ones not."""
    remove, left = shutil.rmtree, [None] * failures

    def remove_later(folder: Path) -> None:
        if left:
            left.pop()
            raise OSError(code, "not now", str(folder))
        remove(folder)

    monkeypatch.setattr("index.search.lexical.shutil.rmtree", remove_later)


def test_an_open_index_is_searched_in_its_state_until_it_is_reloaded(tmp_path: Path) -> None:
    index = LexicalIndex.rebuilt(tmp_path / "lexical", _ROWS, "1")
    index.add([LexicalRow(2, 2, "en", "Fish", "Salmon come back to the river.")])
    assert len(index) == 1
    index.reload()
    assert len(index) == 2
    assert index.search(["salmon"], 3)[0].tolist() == [2]


def test_terms_are_not_counted_in_passages_that_were_deleted(tmp_path: Path) -> None:
    texts = [
        "Eels cross the ocean.",
        "Eels sleep.",
        "Eels eat carp.",
        "Eels rest.",
        "Eels go home.",
    ]
    rows = [LexicalRow(n, n, "en", "", text) for n, text in enumerate(texts)]
    index = LexicalIndex.rebuilt(tmp_path / "lexical", rows, "1")
    index.remove_articles([0, 1, 2])
    index.reload()
    assert (len(index), index.document_frequency("eel")) == (2, 2)
    assert [index.has_term(term) for term in ("eel", "rest", "carp", "whale")] == [
        True,
        True,
        False,
        False,
    ]
