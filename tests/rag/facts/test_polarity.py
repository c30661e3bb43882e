from __future__ import annotations

import pytest

from rag.facts.polarity import find_polarity, opposites
from rag.text.english import stem


@pytest.mark.parametrize(
    "text",
    ["It did not buy the plant.", "It didn’t buy it.", "It never will buy.", "It refused to buy."],
)
def test_what_is_denied(text: str) -> None:
    assert "buy" in find_polarity(text).denied_stems


@pytest.mark.parametrize(
    "text", ["It bought the plant.", "Not only did it grow.", "It did not wait. It will buy."]
)
def test_what_is_not(text: str) -> None:
    assert "buy" not in find_polarity(text).denied_stems
    assert "grow" not in find_polarity(text).denied_stems


def test_opposites() -> None:
    rose, fell = frozenset([stem("rose")]), frozenset([stem("fell")])
    assert opposites(rose, fell) == 1
    assert opposites(rose, rose | fell) == 0


@pytest.mark.parametrize(
    ("asked", "said", "expected"),
    [
        ("unsuccessful", "successful", 1),
        ("successful", "unsuccessful", 1),
        ("profit", "nonprofit", 1),
        # Too short to be sure, and a prefix that begins too many other words.
        ("ion", "union", 0),
        ("cover", "discover", 0),
        ("shortest", "tallest", 1),
    ],
)
def test_opposites_of_all_kinds(asked: str, said: str, expected: int) -> None:
    assert opposites(frozenset([stem(asked)]), frozenset([stem(said)])) == expected
