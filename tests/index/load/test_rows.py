from __future__ import annotations

import pytest

from index.load.rows import row_lines

YEARS = ["Town", "2023", "2024"]


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([YEARS, ["Kiel", "", "7"]], ["Town | 2023 | 2024", "Kiel | 2024: 7"]),
        ([["", "Tons"], ["Kiel", "7"]], ["– | Tons", "Kiel | Tons: 7"]),
        ([["Kiel", "7"], ["Oslo", ""]], ["Kiel | 7", "Oslo | –"]),
        ([["Name", "Ada"], ["Party", "Greens"]], ["Name | Ada", "Party | Greens"]),
        ([["A", "1901", "1950"], ["B", "1902", "1960"]], ["A | 1901 | 1950", "B | 1902 | 1960"]),
        ([YEARS, ["North"], ["Kiel", "1", "2"]], [
            "Town | 2023 | 2024", "North", "Kiel | 2023: 1 | 2024: 2",
        ]),
        ([["", ""], []], []),
    ],
    ids=["years", "two-columns", "figures", "names", "lives", "across", "empty"],
)  # fmt: skip
def test_headings_are_told_by_the_cells(rows: list[list[str]], lines: list[str]) -> None:
    assert list(row_lines(rows)) == lines


def test_headings_that_are_known_are_taken_as_they_are() -> None:
    rows = [["12", "A: "], ["13", "x"], ["14", "A:", "more"]]
    assert list(row_lines(rows, headings=1)) == ["12 | A: ", "13 | A: x", "14 | A: A: | more"]
    assert list(row_lines([YEARS], headings=1)) == ["Town | 2023 | 2024"]
