from __future__ import annotations

import pytest

from index.load.rows import Cell, row_lines, table_lines

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
        ([["Name", "Ada"], ["Party", ""], ["Age", "44"]],
         ["Name | Ada", "Party | –", "Age | 44"]),
        ([["Name", "Ada"], ["Age", "44"], ["Born", "1980"]],
         ["Name | Ada", "Age | 44", "Born | 1980"]),
        ([["Town", "Tons"], ["Kiel", "7.5"], ["Oslo", "44"]],
         ["Town | Tons", "Kiel | Tons: 7.5", "Oslo | Tons: 44"]),
        ([["Ann", "North", "Red"], ["Bo", "South", "Blue"]],
         ["Ann | North | Red", "Bo | South | Blue"]),
        ([["Minister", "Party", "Office"], ["Ann Lee", "Greens", "Health"]],
         ["Minister | Party | Office", "Ann Lee | Party: Greens | Office: Health"]),
        ([["Ports of the north"], YEARS, ["Kiel", "1", "2"]],
         ["Ports of the north", "Town | 2023 | 2024", "Kiel | 2023: 1 | 2024: 2"]),
    ],
    ids=["years", "two-columns", "figures", "names", "lives", "across", "empty", "pairs",
         "pairs-of-figures", "alike", "names-of-three", "roles", "title"],
)  # fmt: skip
def test_headings_are_told_by_the_cells(rows: list[list[str]], lines: list[str]) -> None:
    assert list(row_lines(rows)) == lines


def test_headings_that_are_known_are_taken_as_they_are() -> None:
    rows = [["12", "A: "], ["13", "x"], ["14", "A:", "more"]]
    assert list(row_lines(rows, headings=1)) == [
        "12 | A:  | –",
        "13 | A: x | –",
        "14 | A: A: | more",
    ]
    assert list(row_lines([YEARS], headings=1)) == ["Town | 2023 | 2024"]


def test_a_marked_label_is_no_heading_and_a_part_has_none() -> None:
    label = [[Cell("Name", True), Cell("Ada")], [Cell("Age", True), Cell("44")]]
    assert list(table_lines(label)) == ["Name | Ada", "Age | 44"]
    part = [Cell("South", True, 9), Cell("South", True, 9)]
    table = [[Cell("Port", True), Cell("Tons", True)], part, [Cell("Kiel"), Cell("7")]]
    assert list(table_lines(table)) == ["Port | Tons", "South", "Kiel | Tons: 7"]


def test_a_merged_cell_is_said_once_under_all_its_headings() -> None:
    none = Cell("none", origin=5)
    table = [[Cell(name, True) for name in YEARS], [Cell("Kiel"), none, none]]
    assert list(table_lines(table)) == ["Town | 2023 | 2024", "Kiel | 2023, 2024: none"]
