"""Raised marks of notes that a PDF has elsewhere, or in the size of the text."""

from __future__ import annotations

import pytest

from tests.index.load.conftest import One
from tests.index.load.pdfs import Placed, drawn

# A letter of Courier is six tenths of its size wide.
WIDTH = 0.6 * 12


def line(text: str, height: float = 600.0) -> Placed:
    return text, (1, 0, 0, 1, 60, height), 12.0


def mark(text: str, behind: str, height: float = 604.0, size: float = 7.0) -> Placed:
    """A mark that stands behind these words of a line."""
    return text, (1, 0, 0, 1, 60 + WIDTH * len(behind), height), size


@pytest.mark.parametrize("sign", ["1", "12", "[3]", "1,2", "*", "a"])
def test_a_mark_that_is_written_behind_all_lines(one: One, sign: str) -> None:
    lines = ["The bell was cast in 1921  and rang", "for ninety years, said the council."]
    placed = [line(lines[0]), line(lines[1], 586)]
    placed += [mark(sign, "The bell was cast in 1921"), mark(sign, lines[1], 590)]
    text = one("a.pdf", drawn([(0, placed)])).text
    assert text == "The bell was cast in 1921 and rang for ninety years, said the council."


def test_what_may_be_a_power_stays(one: One) -> None:
    placed = [
        line("The star is 10  times as far away, said the council."),
        mark("6", "The star is 10"),
    ]
    assert "6" in one("a.pdf", drawn([(0, placed)])).text


@pytest.mark.parametrize("size", [11.6, 12.0])
def test_a_raised_mark_in_the_size_of_the_text(one: One, size: float) -> None:
    before, after = "The bell was cast in 1921", " and rang for ninety years."
    right = 60 + WIDTH * len(before)
    placed = [line(before), mark("1", before, 604, size)]
    placed += [(after, (1, 0, 0, 1, right + 0.6 * size, 600), 12.0)]
    assert one("a.pdf", drawn([(0, placed)])).text == f"{before}{after}"
