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
        ([["74", "12"], ["workers", "silos"]], ["74 workers", "12 silos"]),
        ([["2023", "12"], ["up", "down"]], ["2023 | 12", "up | down"]),
        ([["Ports of the north"], YEARS, ["Kiel", "1", "2"]],
         ["Ports of the north", "Town | 2023 | 2024", "Kiel | 2023: 1 | 2024: 2"]),
    ],
    ids=["years", "two-columns", "figures", "names", "lives", "across", "empty", "pairs",
         "pairs-of-figures", "alike", "names-of-three", "roles", "cards", "no-cards", "title"],
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


def test_a_heading_goes_on_over_the_blanks_on_its_right() -> None:
    rows = [
        ["Port", "2023", "", "2024", ""], ["", "Tons", "Ships", "Tons", "Ships"],
        ["Oslo", "3.1", "40", "4.2", "51"], ["Kiel", "2.0", "33", "2.4", "35"],
    ]  # fmt: skip
    line = "Oslo | 2023 Tons: 3.1 | 2023 Ships: 40 | 2024 Tons: 4.2 | 2024 Ships: 51"
    assert line in list(row_lines(rows))
    assert line in list(row_lines(rows, headings=1))


@pytest.mark.parametrize(
    "rows",
    [
        [["", "2023", "", "2024"], ["Port", "Tons", "Rank", "Tons"], ["Oslo", "3.1", "4", "4.2"]],
        [["Port", "2023", ""], ["Oslo", "3.1", "x"], ["Kiel", "2.0", "y"]],
        [["Port", "", "2024"], ["", "Tons", "Tons"], ["Oslo", "3.1", "4.2"]],
    ],
)
def test_a_blank_that_nobody_can_tell_whose_it_is_has_no_heading(rows: list[list[str]]) -> None:
    assert not any("2023 Rank" in line or "2023: x" in line or "2024 Tons: 3" in line
                   for line in row_lines(rows, headings=1))  # fmt: skip
