"""Lists of an article keep every item, in their order, with their marks."""

from __future__ import annotations

import pytest

from tests.index.load.conftest import One
from tests.index.load.webpages import P, article, read

PAGE = """<html lang="en"><head><title>Rules for the market hall</title></head><body>
<h1>Rules for the market hall</h1>
<p>The council of Varnes has agreed on rules for the market hall, after a debate of nine hours.</p>
{}
<p>The mayor, Ida Holm, said that the rules would be looked at again in spring.</p></body></html>"""


def lines(one: One, listing: str) -> list[str]:
    paragraphs = one("a.html", PAGE.format(listing)).text.split("\n\n")
    assert paragraphs[0].startswith("The council")
    assert paragraphs[-1].startswith("The mayor")
    return paragraphs[1:-1]


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        ("<ul><li>No dogs</li><li>No ice</li></ul>", ["- No dogs", "- No ice"]),
        ("<ul><li>plain,</li><li><p>Whole.</p></li></ul>", ["- plain,", "- Whole."]),
        (
            "<ol><li>One<ul><li>in it,</li><li>too</li></ul></li><li>Two</li></ol>",
            ["1. One", "- in it,", "- too", "2. Two"],
        ),
        (
            "<ol><li>A<ol type=a><li>B<ol><li>C</li></ol></li><li>D</li></ol></li></ol>",
            ["1. A", "a. B", "1. C", "b. D"],
        ),
        (
            "<ol><li>Before <ul><li>in it</li></ul> after.</li></ol>",
            ["1. Before", "- in it", "after."],
        ),
        ("<ul><li><b>Stalls</b> open at <i>seven</i></li></ul>", ["- Stalls open at seven"]),
        ("<ol start=3><li>C</li><li value=7>G</li><li>H</li></ol>", ["3. C", "7. G", "8. H"]),
        ("<ol reversed><li>C</li><li>B</li></ol>", ["2. C", "1. B"]),
        (
            "<ol><li><span>1.</span><p>LibreOffice</p></li><li><span>2.</span><p>so</p></li></ol>",
            ["1. LibreOffice", "2. so"],
        ),
        ("<ul><li><!-- a --><i></i><p>Whole.</p></li></ul>", ["- Whole."]),
        ("<ul><li><span>Not</span> a mark<p>at all</p></li></ul>", ["- Not a mark", "at all"]),
        ("<div><ol><li>Boil it</li><li>Serve</li></ol></div>", ["1. Boil it", "2. Serve"]),
        ("<ol><li>1) His own</li><li>2) marks</li></ol>", ["1) His own", "2) marks"]),
    ],
)
def test_every_item_is_there(one: One, listing: str, expected: list[str]) -> None:
    assert lines(one, listing) == expected


def test_a_written_mark_is_the_only_one(one: One) -> None:
    page = PAGE.format("<ol><li>Boil the stock.</li><li>Serve it.</li></ol>")
    page = page.replace("<h1>", "<main><article><h1>").replace("</body>", "</article></main>")
    assert "\n\n1. Boil the stock.\n\n2. Serve it.\n\n" in one("a.html", page).text


def test_a_list_of_links_stays_out(one: One) -> None:
    listing = "<ul><li><a href='/a'>Other story</a></li><li><a href='/b'>Another</a></li></ul>"
    assert lines(one, listing) == []


def test_items_that_begin_with_a_link_and_say_more() -> None:
    items = (
        '<li><a href="/roe">Ada Roe</a>, who chairs it and owns the mill</li>'
        '<li><a href="/lind">Bo Lind</a>, a baker from Leeham</li>'
    )
    text = read(article(f"<p>{P[0]}</p><p>On it are:</p><ul>{items}</ul><p>{P[1]}</p>")).text
    assert "- Ada Roe, who chairs it and owns the mill\n\n- Bo Lind, a baker from Leeham" in text
