"""Numbers that count the lines of a page, and numbers that do not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.index.load.conftest import One
from tests.index.load.pdfs import Placed, drawn

STORY = (
    "The council of Orrel voted on Monday to sell the bell",
    "of the school to a museum in Lem for 14,000 crowns to",
    "be paid in May. The head, Ilse Harn, told all parents",
    "that nobody had asked her, and that she would write a",
    "letter to the minister. Twelve pupils are left, half",
    "as many as in 2009. The bus from Foss takes forty",
    "minutes when the pass is open, and is late on most",
    "days of the winter, as the driver says himself.",
)
TEXT = " ".join(STORY)


def numbered(
    pages: Sequence[tuple[int, Sequence[str]]], step: int = 1, x: float = 50, behind: bool = False
) -> bytes:
    """Pages of lines at 90 points, each with the number of its first line; ``behind``: numbers are
    written when all lines are."""
    drawings: list[tuple[int, list[Placed]]] = []
    for first, lines in pages:
        numbers: list[Placed] = []
        placed: list[Placed] = []
        for at, line in enumerate(lines):
            height = 690 - 18 * at
            if (first + at) % step == 0:
                label = (str(first + at), (1, 0, 0, 1, x, height), 11.0)
                (numbers if behind else placed).append(label)
            placed.append((line, (1, 0, 0, 1, 90, height), 11.0))
        drawings.append((0, placed + numbers))
    return drawn(drawings)


@pytest.mark.parametrize("behind", [False, True])
@pytest.mark.parametrize("x", [50, 72, 480])
@pytest.mark.parametrize("step", [1, 2])
def test_the_numbers_of_lines_go(one: One, step: int, x: float, behind: bool) -> None:
    pages = [(1, STORY + STORY + STORY)]
    found = one("a.pdf", numbered(pages, step, x, behind))
    assert found.text.replace("\n\n", " ") == " ".join([TEXT] * 3)
    assert ("1 to 24" if step == 1 else "2 to 24", "line numbers") in found.findings.left_out


def test_every_fifth_line(one: One) -> None:
    text = one("a.pdf", numbered([(1, STORY + STORY)], 5)).text
    assert text.replace("\n\n", " ") == f"{TEXT} {TEXT}"


@pytest.mark.parametrize("first", [1, 9])
def test_the_few_lines_of_a_last_page(one: One, first: int) -> None:
    pages = [(1, STORY), (first, ("He drives it all the same, since nobody else", "would."))]
    last = "He drives it all the same, since nobody else would."
    assert one("a.pdf", numbered(pages)).text.replace("\n\n", " ") == f"{TEXT} {last}"


@pytest.mark.parametrize(
    "lines",
    [
        tuple(f"The {name} of Orrel was sold to Lem in that year." for name in "abcdefgh"),
        tuple(f"{name} eggs" for name in "abcdefgh"),
    ],
    ids=["sentences", "things"],
)
def test_the_numbers_of_items_stay(one: One, lines: tuple[str, ...]) -> None:
    text = one("a.pdf", numbered([(1, lines)])).text
    assert all(f"{at}" in text for at in range(1, 9))


def test_years_stay(one: One) -> None:
    placed: list[Placed] = []
    for at, year in enumerate((1921, 1954, 2009, 2024)):
        placed += [(str(year), (1, 0, 0, 1, 60, 760 - 18 * at), 11.0)]
        placed += [
            ("The bell is sold, and nobody asks why.", (1, 0, 0, 1, 104, 760 - 18 * at), 11.0)
        ]
    text = one("a.pdf", drawn([(0, placed)])).text
    assert all(year in text for year in ("1921", "1954", "2009", "2024"))
