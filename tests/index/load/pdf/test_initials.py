"""Initials over several lines, and the words that they begin."""

from __future__ import annotations

import pytest

from tests.index.load.conftest import One
from tests.index.load.pdfs import Placed, drawn

# Beside the initial, and below it.
BESIDE = "stood in the valley for ninety"
LINES = ("years, and its bell is a treasure that", "I like to hear at night in winter.")
BELOW = " ".join(LINES)


def page(initial: str, first: str, second_in: float = 0.0, size: float = 32.0) -> bytes:
    """An initial over two lines of 12 points; ``second_in``: how far the second line begins before
    the first."""
    placed: list[Placed] = [(initial, (1, 0, 0, 1, 60, 686), size)]
    placed += [(first, (1, 0, 0, 1, 84, 700), 12.0)]
    placed += [(BESIDE, (1, 0, 0, 1, 84 - second_in, 686), 12.0)]
    placed += [(line, (1, 0, 0, 1, 60, 672 - 14 * at), 12.0) for at, line in enumerate(LINES)]
    return drawn([(0, placed)])


@pytest.mark.parametrize(
    ("initial", "first", "opening"),
    [
        ("A", "school that has", "A school that has"),
        ("A", "SCHOOL that has", "A SCHOOL that has"),
        ("A", "Swiss house that has", "A Swiss house that has"),
        ("A", "fter it had", "After it had"),
        ("A", "round it have", "Around it have"),
        ("A", "ustrian houses have", "Austrian houses have"),
        ("A", "unique house has", "A unique house has"),
        ("I", "saw how it has", "I saw how it has"),
        ("I", "t is what has", "It is what has"),
        ("T", "he school has", "The school has"),
        ("O", "nly one has", "Only one has"),
    ],
)
def test_an_initial_that_may_be_a_word(one: One, initial: str, first: str, opening: str) -> None:
    assert one("a.pdf", page(initial, first)).text == f"{opening} {BESIDE} {BELOW}"


def test_a_first_line_that_stands_further_in_begins_behind_a_space(one: One) -> None:
    text = one("a.pdf", page("A", "round house has", second_in=3.0)).text
    assert text == f"A round house has {BESIDE} {BELOW}"


def test_an_initial_that_rises_above_its_line_makes_no_title_of_it(one: One) -> None:
    placed: list[Placed] = [("T", (1, 0, 0, 1, 60, 700), 30.0)]
    placed += [("he school has", (1, 0, 0, 1, 79, 700), 12.0)]
    placed += [(BESIDE, (1, 0, 0, 1, 60, 686), 12.0)]
    assert one("a.pdf", drawn([(0, placed)])).text == f"The school has {BESIDE}"
