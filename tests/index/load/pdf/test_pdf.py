from __future__ import annotations

from collections.abc import Callable

import pytest

from index.load.pdf.fragments import Fragment, Page
from index.load.pdf.layout import flow
from index.load.pdf.runs import Run
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


def fragment(text: str, left: float, top: float, size: float = 10.0) -> Fragment:
    return Fragment(text, left, left + 4.5 * len(text), top - size, top)


LEFT = (
    "The harbour at Westmark was closed on Monday", "after divers saw cracks in the breakwater,",
    "the port said. Eleven trawlers lay at the quay", "and could not leave. Fishermen say they",
    "lose 90,000 crowns a day. Their union asked the", "prime minister for help; the mayor said",
)  # fmt: skip


@pytest.mark.parametrize(
    "right",
    [
        [("he would look at it, and at the", 310), ("pumps of Lem.", 310)],
        [("he", 310), ("would", 350), ("look", 400), ("at it, and at the pumps of Lem,", 310),
         ("and at the gates of Foss that leak.", 310), ("They open in May and are old.", 310)],
    ],
    ids=["two lines", "a line that is spaced out"],
)  # fmt: skip
def test_columns_are_not_read_across(right: list[tuple[str, float]]) -> None:
    fragments = [fragment(text, 50, 700 - 12 * at) for at, text in enumerate(LEFT)]
    top = 712.0
    for text, left in right:
        top -= 12 if left == 310 else 0
        fragments.append(fragment(text, left, top))
    text = " ".join([*LEFT, *(words for words, _ in right)])
    assert flow([Page(595, 842, fragments)]) == [text]


def test_a_paragraph_goes_on_behind_notes_and_the_line_that_leads_to_the_next_page() -> None:
    note = fragment("1 By Havtek of Lund.", 50, 110, 7)
    jump = fragment("Continued on page 2", 50, 200)
    first = [fragment(text, 50, 700 - 12 * at) for at, text in enumerate(LEFT)]
    rest = fragment("that it was shut.", 50, 700)
    pages = [Page(595, 842, [*first, jump, note]), Page(595, 842, [rest])]
    assert flow(pages) == [f"{' '.join(LEFT)} that it was shut.", "1 By Havtek of Lund."]


@pytest.mark.parametrize(
    ("line", "is_printed"),
    [
        ("11/28/26, 1:59 PM Harbour to close", True),
        ("28.11.2026, 13:59", True),
        ("https://harbour.example/a 1/1", True),
        ("The boat left at 1:59 PM.", False),
    ],
)
def test_what_a_browser_prints_above_a_page_is_no_text(line: str, is_printed: bool) -> None:
    fragments = [Fragment(line, 50, 300, 820, 830), Fragment("It is shut.", 50, 300, 500, 510)]
    text = " ".join(flow([Page(595, 842, fragments)]))
    assert text == ("It is shut." if is_printed else f"{line} It is shut.")


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


@pytest.mark.parametrize("between", ["", "From the log of the Maria"])
def test_an_initial_over_several_lines_belongs_to_its_word(one: One, between: str) -> None:
    lines = ["rop the anchor, she said to all", "of the men who stood around her."]
    placed: list[Placed] = [("D", (1, 0, 0, 1, 60, 684), 32.0)]
    if between:
        placed.append((between, (1, 0, 0, 1, 60, 740), 12.0))
    placed += [(line, (1, 0, 0, 1, 81, 700 - 14 * at), 12.0) for at, line in enumerate(lines)]
    text = one("a.pdf", drawn([(0, placed)])).text
    story = "Drop the anchor, she said to all of the men who stood around her."
    assert text == "\n\n".join(filter(None, [between, story]))


def test_the_numbers_of_a_list_that_are_written_after_it(one: One) -> None:
    lines = ["The board sold two cranes.", "It kept the third one."]
    placed = [(line, (1, 0, 0, 1, 90, 700 - 14 * at), 12.0) for at, line in enumerate(lines)]
    placed += [(f"{at + 1}.", (1, 0, 0, 1, 70, 700 - 14 * at), 12.0) for at in range(2)]
    wide = "It crosses what may be a gutter between the list and the box beside the list."
    placed += [(wide, (1, 0, 0, 1, 70, 660), 12.0)]
    text = one("a.pdf", drawn([(0, placed)])).text
    assert text == f"1. {lines[0]}\n\n2. {lines[1]}\n\n{wide}"


def test_words_that_are_divided_with_the_other_hyphen(one: One) -> None:
    lines = ["The board kept an old ware\u2010", "house on the quay."]
    placed = [(line, (1, 0, 0, 1, 90, 700 - 14 * at), 12.0) for at, line in enumerate(lines)]
    text = one("a.pdf", drawn([(0, placed)])).text
    assert text == "The board kept an old warehouse on the quay."


@pytest.mark.parametrize(
    "boxes",
    [
        # A font that does not state how far it reaches: boxes end where the letters do.
        [("a", 0.0, 8.6), ("p", -2.9, 8.6), ("e", 0.0, 8.6), ("d", 0.0, 9.1)],
        [("p", -2.9, 8.6), ("e", 0.0, 8.6), ("d", 0.0, 9.1)],
        # Letters drawn as one.
        [("o", -3.2, 11.7), ("f", 0.0, 8.5), ("f", 0.0, 8.5), ("e", -3.2, 11.7)],
        [("f", 0.0, 8.5), ("i", 0.0, 8.5), ("r", -3.2, 11.7)],
    ],
)
def test_letters_on_one_line_are_not_raised(boxes: list[tuple[str, float, float]]) -> None:
    run = Run(lambda at: 500.0)
    for at, (char, bottom, top) in enumerate(boxes):
        box = (5.0 * at, 5.0 * at + 5, 500 + bottom, 500 + top)
        if not run.take(at, ord(char), box):
            assert at == 0
            run.begin(at, char, box)
    run.settle()
    assert run.fragment
    assert run.fragment.text == "".join(char for char, _, _ in boxes)
    assert 11 < run.fragment.size < 15


@pytest.mark.parametrize("size", [7.0, 10.0])
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
    one: One, mark: str, before: str, after: str, text: str, size: float
) -> None:
    at = 60 + 7.2 * len(before)
    placed = [
        (before, (1, 0, 0, 1, 60, 700), 12.0),
        (mark, (1, 0, 0, 1, at, 704.5), size),
        (after, (1, 0, 0, 1, at + 0.6 * size * len(mark) + 7.2, 700), 12.0),
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
