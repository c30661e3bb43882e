from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.index.load.conftest import One, Refusal
from tests.index.load.pdfs import Layout, Placed, drawn, locked, newspaper, picture, plain, table
from tests.index.load.prose import paragraphs


@pytest.mark.parametrize(
    "layout",
    [
        Layout(),
        Layout(rows=True),
        Layout(columns=1),
        Layout(columns=3, size=8),
        Layout(columns=3, size=8, rows=True),
        Layout(indent=False),
    ],
    ids=repr,
)
def test_paragraphs_come_out_as_they_went_in(one: One, layout: Layout) -> None:
    # Several pages: running heads and numbers, divided words (some with a hyphen of their own),
    # paragraphs that go on in the next column and on the next page.
    written = paragraphs(60)
    found = one("a.pdf", newspaper(layout, written))
    assert found.text.split("\n\n") == written
    assert found.title == layout.title


def test_a_page_number_on_a_single_page_goes(one: One) -> None:
    written = paragraphs(3)
    found = one("a.pdf", newspaper(Layout(columns=1, head="Annual report"), written))
    assert found.text.split("\n\n")[1:] == written
    assert not found.text.endswith("1")


def test_the_rows_of_a_table_are_read_across(one: One) -> None:
    rows = [("Country", "2023", "2024"), ("Norway", "12", "11"), ("Sweden", "9", "9")]
    rows += [("Denmark", "7", "8"), ("Finland", "1", "2"), ("Iceland", "1", "1")]
    found = one("a.pdf", table(["Exports fell, the office said on Monday."], rows))
    lines = [f"{town} | 2023: {first} | 2024: {second}" for town, first, second in rows[1:]]
    assert found.text.split("\n\n")[1:] == ["Country | 2023 | 2024", *lines]
    assert found.findings.rows == ("Country | 2023 | 2024", *lines)


def test_a_stamp_up_the_margin_is_no_text(one: One) -> None:
    found = one("a.pdf", plain(["The harbour is closed.", "Ships wait."], stamp="STAMP 2501"))
    assert "STAMP" not in found.text


LINES = ["The board voted on Tuesday to close the grain terminal.", "Ships will wait in the bay."]
# The text matrix of each line, for each quarter of a turn to the left.
TURNED: dict[int, Callable[[int], tuple[float, ...]]] = {
    0: lambda at: (1, 0, 0, 1, 60, 780 - 24 * at),
    1: lambda at: (0, 1, -1, 0, 100 + 24 * at, 60),
    2: lambda at: (-1, 0, 0, -1, 540, 100 + 24 * at),
    3: lambda at: (0, -1, 1, 0, 500 - 24 * at, 780),
}


def _page(angle: int, lines: list[str], size: float = 12) -> list[Placed]:
    return [(line, TURNED[angle](at), size) for at, line in enumerate(lines)]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("angle", [0, 1, 2, 3])
def test_a_page_is_read_whichever_way_it_is_turned(one: One, rotate: int, angle: int) -> None:
    # Upright letters on a turned page, turned letters on an upright one, and both at once.
    assert one("a.pdf", drawn([(rotate, _page(angle, LINES))])).text == " ".join(LINES)


def test_a_turned_page_among_others_is_not_lost(one: One) -> None:
    second = "A table of three harbours stands on the page that follows."
    pages = [(0, _page(0, LINES)), (90, _page(1, [second])), (0, _page(0, ["The end is near."]))]
    assert one("a.pdf", drawn(pages)).text.split("\n\n")[1] == second


def test_turned_text_on_an_upright_page_comes_after_it(one: One) -> None:
    aside = [
        f"Harbour number {at} shipped {at} million tons of grain in the year." for at in "1234567"
    ]
    upright = [
        *LINES,
        *(f"Line {at} of the report says what no other line does." for at in "123456789"),
    ]
    text = one("a.pdf", drawn([(0, _page(0, upright, 10) + _page(1, aside, 10))])).text
    assert text.endswith(" ".join(aside))


HEBREW = ["הנהלת הנמל החליטה ביום שלישי לסגור את המסוף הישן.", "התיקונים יעלו 14300 כתרים."]


def _shown(line: str) -> str:
    """A line of Hebrew as it is drawn from the left: numbers keep their direction."""
    return " ".join(word if word.isdigit() else word[::-1] for word in reversed(line.split()))


def test_lines_that_are_read_from_the_right(one: One) -> None:
    places = [560 - 7.2 * len(line) for line in HEBREW]
    placed = [
        (_shown(line), (1, 0, 0, 1, places[at], 780 - 16 * at), 12.0)
        for at, line in enumerate(HEBREW)
    ]
    assert one("a.pdf", drawn([(0, placed)])).text == " ".join(HEBREW)


def test_columns_that_are_read_downwards(one: One) -> None:
    columns = ["港湾局は火曜日に古い", "穀物倉庫を閉鎖した。"]
    placed = [
        (char, (1, 0, 0, 1, 500 - 24 * at, 700 - 14 * row), 12.0)
        for at, column in enumerate(columns)
        for row, char in enumerate(column)
    ]
    assert one("a.pdf", drawn([(0, placed)])).text == "".join(columns)


def test_an_initial_over_several_lines_belongs_to_its_word(one: One) -> None:
    lines = ["rop the anchor, she said to all", "of the men who stood around her."]
    placed = [("D", (1, 0, 0, 1, 60, 684), 32.0)]
    placed += [(line, (1, 0, 0, 1, 81, 700 - 14 * at), 12.0) for at, line in enumerate(lines)]
    text = one("a.pdf", drawn([(0, placed)])).text
    assert text == "Drop the anchor, she said to all of the men who stood around her."


@pytest.mark.parametrize(
    ("mark", "before", "after", "text"),
    [
        ("3", "It costs 14", "million crowns.", "It costs 14 million crowns."),
        ("12", "It began in 1998.", "It has two parts.", "It began in 1998. It has two parts."),
        ("6", "It weighs 10", "tons in all.", "It weighs 10^6 tons in all."),
        ("th", "It was the 14", "of them.", "It was the 14th of them."),
    ],
)
def test_a_raised_mark_joins_no_number(
    one: One, mark: str, before: str, after: str, text: str
) -> None:
    at = 60 + 7.2 * len(before)
    placed = [
        (before, (1, 0, 0, 1, 60, 700), 12.0),
        (mark, (1, 0, 0, 1, at, 704.5), 7.0),
        (after, (1, 0, 0, 1, at + 4.2 * len(mark) + 7.2, 700), 12.0),
    ]
    assert one("a.pdf", drawn([(0, placed)])).text == text


@pytest.mark.parametrize(
    ("stated", "title"), [("The harbour", "The harbour"), ("Microsoft Word - x.doc", "my notes")]
)
def test_title_from_the_properties(one: One, stated: str, title: str) -> None:
    found = one("my-notes.pdf", plain(["Ships wait.", "Nobody knows for how long."], stated))
    assert (found.title, found.author) == (title, None)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (picture(), "no text layer"),
        (locked("Secret."), "encrypted"),
        (plain([]), "no text on its pages"),
        (newspaper(Layout(), paragraphs(20))[:2000], "damaged"),
        (b"<html><body>Please log in</body></html>", "damaged, or not a PDF"),
    ],
    ids=["scan", "encrypted", "empty", "truncated", "no-pdf"],
)
def test_refusals(refusal: Refusal, content: bytes, reason: str) -> None:
    assert reason in refusal("a.pdf", content)


def test_a_page_of_too_much_is_refused(refusal: Refusal) -> None:
    assert "characters on a page" in refusal("a.pdf", plain(["word " * 4000] * 20))
