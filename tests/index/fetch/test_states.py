"""What servers said is done without when it is damaged: everything is fetched once more."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.fetch import FetchStates, Link
from index.fetch.client import Validators
from index.fetch.states import State

FEED = State(
    "feed",
    Validators("https://a.example/feed", '"1"', None),
    links=(Link("https://a.example/1"),),
    problems=("an item without a link",),
)
LINK = "https://a.example/feed"


def _kept(path: Path) -> FetchStates:
    states = FetchStates(path)
    states.put(LINK, FEED)
    assert states.get(LINK) == FEED
    return states


@pytest.mark.parametrize("at", [0, 20, 4096])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, at: int) -> None:
    path = tmp_path / "fetched.sqlite"
    states = _kept(path)
    data = bytearray(path.read_bytes())
    data[at : at + 60] = b"\xff" * 60
    path.write_bytes(data)
    assert states.get(LINK) is None
    states.put(LINK, FEED)
    assert states.get(LINK) == FEED


@pytest.mark.parametrize(
    "listed", ["{", "[]", "{}", '{"articles": [], "links": [{"x": 1}]}', b"\xff{"]
)
def test_a_damaged_row_is_none(tmp_path: Path, listed: str | bytes) -> None:
    states = _kept(tmp_path / "fetched.sqlite")
    with closing(sqlite3.connect(tmp_path / "fetched.sqlite")) as database:
        database.execute("UPDATE fetched SET listed = ?", (listed,))
        database.commit()
    assert states.get(LINK) is None
    states.put(LINK, FEED)
    assert states.get(LINK) == FEED
