from __future__ import annotations

import pytest
from lxml.html import fromstring

from index.load.html.style_sheet import write_styles
from tests.index.load.webpages import HEADLINE, article, paragraphs, read

_SENTENCE = "<p>The minister will <span class='n old' id='o'>resign </span>stay in office.</p>"


@pytest.mark.parametrize(
    "sheet",
    [
        ".old{text-decoration:line-through}",
        "/* { */ @charset 'x'; p > a, article p .old { display: none !important }",
        "span.n.old{DISPLAY:NONE}",
        "#o { color: red; text-decoration: 2px line-through }",
        ".old{display:inline} span.old{display:none}",
        "@media print { .n { display: inline } } .n { display: none; }",
    ],
)
def test_what_a_style_sheet_hides_or_strikes_out_is_not_there(sheet: str) -> None:
    page = read(
        article(f"{paragraphs(0, 2)}{_SENTENCE}{paragraphs(2, 4)}"),
        head=f"<title>{HEADLINE}</title><style>{sheet}</style>",
    )
    assert "The minister will stay in office." in page.text
    assert any(text == "resign" for text, _ in page.findings.left_out)


@pytest.mark.parametrize(
    "sheet",
    [
        "@media print { .old { display: none } }",
        ".js .old { display: none }",
        "p.old { display: none }",
        "span.old { display: none } #o { display: inline }",
        ".old { display: none } .old { display: inline }",
        ".old { opacity: 0 }",
        ".old { display: none",
        "}}} .other { display: none }",
    ],
)
def test_what_it_does_not_hide_stays(sheet: str) -> None:
    page = read(
        article(f"{paragraphs(0, 2)}{_SENTENCE}{paragraphs(2, 4)}"),
        head=f"<title>{HEADLINE}</title><style>{sheet}</style>",
    )
    assert "The minister will resign stay in office." in page.text


def test_a_figure_that_it_raises_joins_no_number() -> None:
    page = read(
        article(f"{paragraphs(0, 2)}<p>It cost 14<span class=up>3</span> million crowns, or "
                f"10<b class=up>6</b> per ton of grain.</p>{paragraphs(2, 4)}"),
        head=f"<title>{HEADLINE}</title><style>.up{{vertical-align:super}}</style>",
    )  # fmt: skip
    assert "It cost 14 million crowns, or 10^6 per ton of grain." in page.text


def test_an_elements_own_style_goes_first() -> None:
    tree = fromstring(
        "<div><style>.a{display:none;left:1px}</style><p><b class=a style='display:inline'>x</b>"
    )
    write_styles(tree)
    (bold,) = tree.iter("b")
    assert bold.get("style") == "display:inline;display:inline;left:1px"
