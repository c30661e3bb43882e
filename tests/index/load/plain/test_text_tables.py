from __future__ import annotations

import json

import pytest

from index.load.plain.text_tables import write_text_tables
from tests.index.load.conftest import One

TABLES = {
    "tabs": "Port\t2023\t2024\nOslo\t\t7.5\nKiel\t3.0\t4.1",
    "columns": "Port      2023   2024\nOslo             7.5\nKiel       3.0   4.1",
    "columns under a rule": "Port      2023   2024\n-----------\nOslo             7.5\nKiel 3.0 4.1"
    .replace("Kiel 3.0 4", "Kiel       3.0   4"),
    "reStructuredText": "====  ====  ====\nPort  2023  2024\n====  ====  ====\nOslo        7.5\n"
    "Kiel  3.0   4.1\n====  ====  ====",
    "Markdown": "| Port | 2023 | 2024 |\n|---|:-:|--:|\n| Oslo | | 7.5 |\n| Kiel | 3.0 | 4.1 |",
    "a grid": "+------+------+------+\n| Port | 2023 | 2024 |\n+======+======+======+\n"
    "| Oslo |      | 7.5  |\n+------+------+------+\n"
    "| Kiel | 3.0  | 4.1  |\n+------+------+------+",
}  # fmt: skip
ROWS = ("Port | 2023 | 2024", "Oslo | 2024: 7.5", "Kiel | 2023: 3.0 | 2024: 4.1")


@pytest.mark.parametrize("form", TABLES)
def test_tables_of_all_forms_are_rows_under_their_headings(form: str) -> None:
    text, rows = write_text_tables(f"The ports said on Monday:\n\n{TABLES[form]}\n\nNo more.")
    assert rows == ROWS
    assert [line for line in text.split("\n") if line] == [
        "The ports said on Monday:", *ROWS, "No more."
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "He said no.  She said yes.\nThen they left.  It rained.\nThe boat  was gone by then.",
        "The left column of a page of text  goes on here\nwith as many letters as    lines have\n"
        "and is no table, for what        its cells are",
        "Title\n-----\nText.",
        "a | b\nc",
        "|only|\n|one|",
        "    An indented line.\n    Another one.\n    A third one.",
    ],
)
def test_what_is_no_table_stays(text: str) -> None:
    assert write_text_tables(text) == (text, ())


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.html"])
def test_formats_read_them_alike(one: One, name: str) -> None:
    written = TABLES["columns"]
    content = {
        "a.txt": f"Ships\n\nThe ports said on Monday what they have.\n\n{written}\n",
        "a.jsonl": json.dumps({"title": "Ships", "text": f"The ports said it.\n\n{written}"}),
        "a.html": "<article><h1>Ships</h1><p>The ports said on Monday what they have shipped.</p>"
        f"<pre>{written}</pre><p>The others said that they would say it on Friday.</p></article>",
    }[name]
    article = one(name, content)
    assert [line for line in article.text.split("\n") if " | " in line] == list(ROWS)
    assert set(ROWS) <= set(article.findings.rows)


GRID = (
    "+------+------+------+\n| Port | 2023 | 2024 |\n+======+======+======+\n"
    "| Oslo |      | 7.5  |\n+------+------+------+\n| Kiel | 3.0  | 4.1  |\n"
    "+------+------+------+"
)


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_a_grid_between_paragraphs(one: One, name: str) -> None:
    article = one(name, f"Ships\n\nThe ports said it.\n\n{GRID}\n\nThey *will* say more.\n")
    lines = [line for line in article.text.split("\n") if line]
    assert lines[-5:-1] == ["The ports said it.", *ROWS]
    assert lines[-1].startswith("They ")
    assert article.findings.rows == ROWS


@pytest.mark.parametrize(
    ("grid", "rows"),
    [
        ("+------+-----+\n| Oslo | 7.5 |\n+------+-----+\n| Kiel | 4.1 |\n+------+-----+",
         ("Oslo | 7.5", "Kiel | 4.1")),
        ("+------+-----+\n| Port | 20\\|21 |\n+======+=====+\n| Kiel | 4.1 |\n+------+-----+",
         ("Port | 20|21", "Kiel | 20|21: 4.1")),
    ],
    ids=["no heading", "a bar in a cell"],
)  # fmt: skip
def test_other_grids(grid: str, rows: tuple[str, ...]) -> None:
    assert write_text_tables(f"Before.\n\n{grid}\n\nAfter.")[1] == rows


GRIDS = {
    "one row of two lines": (
        "+------+------+\n| Port | 2024 |\n+======+======+\n| Old  | 7.5  |\n| Oslo |      |\n"
        "+------+------+",
        ("Port | 2024", "Old Oslo | 2024: 7.5"),
    ),
    "over rows and columns": (
        "+---------------------+----------+\n| Property            | Earth    |\n"
        "+=============+=======+==========+\n|             | min   | -89.2 °C |\n"
        "| Temperature +-------+----------+\n| 1961-1990   | mean  | 14 °C    |\n"
        "|             +-------+----------+\n|             | max   | 56.7 °C  |\n"
        "+-------------+-------+----------+",
        ("Property | Property | Earth", "Temperature 1961-1990 | Property: min | Earth: -89.2 °C",
         "Temperature 1961-1990 | Property: mean | Earth: 14 °C",
         "Temperature 1961-1990 | Property: max | Earth: 56.7 °C"),
    ),
    "of a database": (
        "+------+------+\n| port | tons |\n+------+------+\n| Oslo | 7.5  |\n| Kiel | 4.1  |\n"
        "+------+------+",
        ("port | tons", "Oslo | tons: 7.5", "Kiel | tons: 4.1"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", GRIDS)
def test_grids_of_cells_that_are_no_single_lines(form: str) -> None:
    grid, rows = GRIDS[form]
    text, found = write_text_tables(f"Before.\n\n{grid}\n\nAfter.")
    assert found == rows
    assert [line for line in text.split("\n") if line] == ["Before.", *rows, "After."]


_LINES = "------- ----------- ------"
_EDGE = "-" * 26
RULED = {
    "headings of one line": f"Port    For how     Tons\n{_LINES}\nOslo    long          7.5\n"
    "Kiel    no time       4.1",
    "cells of several lines": f"{_EDGE}\nPort    For         Tons\n        how\n{_LINES}\n"
    f"Oslo    long          7.5\n\nKiel    no            4.1\n        time\n{_EDGE}",
    "with its edges": f"{_EDGE}\nPort    For how     Tons\n{_LINES}\nOslo    long          7.5\n"
    f"Kiel    no time       4.1\n{_EDGE}",
    "reStructuredText": (f"{_LINES}\nPort    For how     Tons\n{_LINES}\n"
                         f"Oslo    long          7.5\nKiel    no            4.1\n        time\n"
                         f"{_LINES}").replace("-", "="),
}  # fmt: skip


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
@pytest.mark.parametrize("form", RULED)
def test_tables_whose_columns_a_ruler_marks(one: One, form: str, name: str) -> None:
    article = one(name, f"Ships\n\nThe ports said it.\n\n{RULED[form]}\n\nThey will say more.\n")
    rows = ("Port | For how | Tons", "Oslo | For how: long | Tons: 7.5",
            "Kiel | For how: no time | Tons: 4.1")  # fmt: skip
    assert article.findings.rows == rows
    lines = [line for line in article.text.split("\n") if line]
    assert lines[-5:] == ["The ports said it.", *rows, "They will say more."]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_table_without_headings_between_two_rulers(gap: str) -> None:
    body = gap.join(("Oslo    long          7.5", "Kiel    no time       4.1"))
    text, rows = write_text_tables(f"Before.\n\n{_LINES}\n{body}\n{_LINES}\n\nAfter.")
    assert rows == ("Oslo | long | 7.5", "Kiel | no time | 4.1")
    assert text.split() == ["Before.", *" ".join(rows).split(), "After."]


@pytest.mark.parametrize(
    "text",
    [
        "A line of words\n--- ---\nthat no column parts.",
        "The end of it.\n\n---- ----\n\nMore of it.",
        "----- -----\nWords",
        "Head\n----\n\nText -- and -- so on.",
    ],
)
def test_rulers_that_part_no_columns(text: str) -> None:
    assert write_text_tables(text) == (text, ())


def test_a_grid_without_an_end_is_no_table() -> None:
    text = "+------+-----+\n| Oslo | 7.5\n\nThe rest."
    assert write_text_tables(text) == (text, ())


@pytest.mark.parametrize("form", TABLES)
def test_the_first_row_of_a_table_is_no_title(one: One, form: str) -> None:
    article = one("ships-of-may.txt", f"{TABLES[form]}\n\nThe ports said so.\n")
    assert article.title == "ships of may"
    assert article.findings.rows == ROWS
    assert [line for line in article.text.split("\n") if line][:3] == list(ROWS)
