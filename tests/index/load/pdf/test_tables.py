"""Tables of PDFs, as programs that write PDFs draw them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from reportlab.lib import colors
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import ListFlowable, Paragraph, SimpleDocTemplate, Table

from index.article import Article
from index.load.pdf.aligned_tables import without_wrapped
from index.load.pdf.fragments import Fragment

One = Callable[[str, bytes], Article]

# Each of two lines on the page.
LEAD = (
    "The ferry company counted fewer passengers on all its lines last year, it said on Monday, when"
    " its board met in the old customs house at Wexmouth for the first time since March."
)
END = (
    "The figures of the southern lines are to follow before the end of the coming month of May, as"
    " the two boats that run there belong to a bank which has not yet opened its books."
)
GRID = ("GRID", (0, 0), (-1, -1), 0.5, colors.black)
ZEBRA = ("ROWBACKGROUNDS", (0, 0), (-1, -1), [colors.lightgrey, colors.white])


def _document(parts: Sequence[Any]) -> bytes:
    out = io.BytesIO()
    body = getSampleStyleSheet()["BodyText"]
    flowables = [Paragraph(part, body) if isinstance(part, str) else part for part in parts]
    SimpleDocTemplate(out).build(flowables)
    return out.getvalue()


def _lines(one: One, rows: Sequence[Sequence[Any]], *style: Any, **sizes: Any) -> list[str]:
    """The lines of a table between two paragraphs."""
    found = one("a.pdf", _document([LEAD, Table(rows, style=style, **sizes), END]))
    lines = found.text.split("\n\n")
    assert (lines[0], lines[-1]) == (LEAD, END)
    assert found.findings.rows == tuple(lines[1:-1])
    return lines[1:-1]


FIGURES = [
    ["Line", "2023", "2024"],
    ["Leeham", "31", ""],
    ["Wexmouth", "", "75"],
    ["Ure", "8", "9"],
]
WRITTEN = [
    "Line | 2023 | 2024",
    "Leeham | 2023: 31",
    "Wexmouth | 2024: 75",
    "Ure | 2023: 8 | 2024: 9",
]


@pytest.mark.parametrize("style", [[GRID], [ZEBRA], []], ids=["grid", "zebra", "bare"])
def test_an_empty_cell_keeps_its_column(one: One, style: list[Any]) -> None:
    assert _lines(one, FIGURES, *style) == WRITTEN


def test_cells_as_near_each_other_as_words_are_parted_by_their_rule(one: One) -> None:
    assert _lines(one, FIGURES, GRID, colWidths=[60, 34, 34]) == WRITTEN


def test_merged_headings_stand_over_all_their_columns(one: One) -> None:
    rows = [["Line", "2023", "", "2024", ""], ["", "Boats", "Trips", "Boats", "Trips"],
            ["Leeham", "2", "", "3", "900"], ["Ure", "1", "20", "", "31"]]  # fmt: skip
    spans = [("SPAN", (0, 0), (0, 1)), ("SPAN", (1, 0), (2, 0)), ("SPAN", (3, 0), (4, 0))]
    assert _lines(one, rows, GRID, *spans)[1:] == [
        "Leeham | 2023 Boats: 2 | 2024 Boats: 3 | 2024 Trips: 900",
        "Ure | 2023 Boats: 1 | 2023 Trips: 20 | 2024 Trips: 31",
    ]


WRAPPED = [
    ["Line and county", "Who owns it"],
    ["Leeham in the county of Wold", "Ure Steam and Sons of Northam"],
    ["Wexmouth", "a bank that wants to sell it to a firm in the south"],
    ["Ure", "the town"],
]


@pytest.mark.parametrize("style", [[GRID], [ZEBRA], []], ids=["grid", "zebra", "bare"])
def test_a_cell_of_several_lines_is_one_cell(one: One, style: list[Any]) -> None:
    body = getSampleStyleSheet()["BodyText"]
    rows = [[Paragraph(cell, body) for cell in row] for row in WRAPPED]
    assert _lines(one, rows, *style, colWidths=[90, 120]) == [" | ".join(row) for row in WRAPPED]


def test_a_box_around_a_paragraph_is_no_table(one: One) -> None:
    body = getSampleStyleSheet()["BodyText"]
    box = Table([[Paragraph(LEAD, body)]], style=[("BOX", (0, 0), (-1, -1), 1, colors.black)])
    assert one("a.pdf", _document([END, box, END])).text == "\n\n".join([END, LEAD, END])


def test_a_number_before_an_item_is_no_column(one: One) -> None:
    body = getSampleStyleSheet()["BodyText"]
    items = ListFlowable([Paragraph(text, body) for text in (LEAD, END, LEAD)], bulletType="1")
    found = one("a.pdf", _document([END, items]))
    assert " | " not in found.text
    assert not found.findings.rows


def test_a_page_is_as_large_as_the_file_says_of_all_its_pages(one: One) -> None:
    # What stands above the foot of a shorter sheet is no text beside the page.
    content = _document([LEAD, END]).replace(b"/MediaBox", b"/XediaBox")
    pages = content.index(b"/Type /Pages")
    box = b"/MediaBox [0 0 595 842] "
    found = one("a.pdf", content[:pages] + box + content[pages:])
    assert found.text.split("\n\n") == [LEAD, END]


def test_columns_of_prose_at_the_same_heights_are_no_table() -> None:
    words = [["The board", "The rail"], ["of the port", "line was"], ["voted on", "shut in"]]
    words += [["Tuesday to", "1988. Then"], ["close the", "lorries"], ["hall.", "came."]]
    lines = [
        Fragment(text, left, left + 200, height, height + 10)
        for row, height in zip(words, (700, 690, 676, 662, 648, 634), strict=True)
        for left, text in zip((50, 300), row, strict=True)
    ]
    assert not any(line.is_row for line in without_wrapped(lines))
