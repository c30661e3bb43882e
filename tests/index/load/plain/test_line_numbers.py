"""Numbers that count the lines of a text, and numbers that are the text's."""

from __future__ import annotations

import pytest

from index.load.plain.line_numbers import without_line_numbers
from tests.index.load.conftest import One

LINES = [
    "The council of the town voted on Tuesday to repair",
    "the old bridge, which was closed to carts in spring",
    "after an inspector found cracks in two of its piers.",
    "Work begins in autumn, said the engineer, and it may",
    "last for eighteen months, in which a ferry will run",
    "between the two banks from six until ten at night.",
]


def _counted(first: int = 1, step: int = 1) -> str:
    numbers = range(first, first + len(LINES))
    return "\n".join(
        f"{number if number % step == 0 else '':>4}   {line}"
        for number, line in zip(numbers, LINES, strict=True)
    )


def _words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (_counted(), ["1 to 6"]),
        (_counted(first=97), ["97 to 102"]),
        (_counted(step=2), []),
        ("\n\n".join([_counted(), _counted(7)]), ["1 to 12"]),
        ("\f".join([_counted(), _counted()]), ["1 to 6", "1 to 6"]),
        ("\n".join(_counted(at, step=5) for at in (1, 7, 13)), ["5 to 15"]),
    ],
)
def test_numbers_of_lines_go(text: str, numbers: list[str]) -> None:
    rest, left_out = without_line_numbers(text)
    assert [each for each, _ in left_out] == numbers
    count = text.count(LINES[0])
    assert (_words(rest) == _words("\n".join(LINES * count))) is bool(numbers)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"{number} {line}" for number, line in enumerate(["Two eggs", "Salt"] * 4, 1)),
        "\n".join(f"{number}  two eggs from the farm behind the mill" for number in range(1, 9)),
        "\n".join(f"{number}. {line}" for number, line in enumerate(LINES, 1)),
        "\n".join(f"{2**number} {line}" for number, line in enumerate(LINES)),
        "\n".join(LINES),
    ],
)
def test_numbers_of_the_text_stay(text: str) -> None:
    assert without_line_numbers(text) == (text, ())


def test_sentences_are_joined_without_them(one: One) -> None:
    found = one("a.txt", f"Bridge vote\n\n{_counted()}\n")
    assert (found.title, found.text) == ("Bridge vote", " ".join(LINES))
    assert found.findings.left_out == (("1 to 6", "line numbers"),)
