from __future__ import annotations

import pytest

from tests.index.load.conftest import One, Refusal
from tests.index.load.pdfs import Layout, locked, newspaper, picture, plain, table
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
    assert found.text.split("\n\n")[1:] == [" ".join(row) for row in rows]


def test_a_stamp_up_the_margin_is_no_text(one: One) -> None:
    found = one("a.pdf", plain(["The harbour is closed.", "Ships wait."], stamp="STAMP 2501"))
    assert "STAMP" not in found.text


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
        (b"<html><body>Please log in</body></html>", "damaged, or no PDF"),
    ],
    ids=["scan", "encrypted", "empty", "truncated", "no-pdf"],
)
def test_refusals(refusal: Refusal, content: bytes, reason: str) -> None:
    assert reason in refusal("a.pdf", content)


def test_a_page_of_too_much_is_refused(refusal: Refusal) -> None:
    assert "characters on a page" in refusal("a.pdf", plain(["word " * 4000] * 20))
