from __future__ import annotations

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from index.article import Article
from index.load.base import Source
from index.load.pdf.loader import PdfLoader
from tests.index.load.conftest import One
from tests.index.load.webpages import P, article, paragraphs, read

_SEEN = "The harbour board voted on Tuesday to close the terminal of the ferry to Leeham."
_HIDDEN = "Hidden words here."
_EYES = '<span aria-hidden="true">'


@pytest.mark.parametrize(
    "markup",
    [
        "<span popover>not </span>",
        "<span style='color:#fff;background:#fff'>not </span>",
        "<span hidden>not at all </span>",
        "<del>not </del>",
        "<span style='background-color: white; color: #FFF'>not </span>",
        "<span style='color: transparent'>not </span>",
        "<span style='visibility: collapse'>not </span>",
        "<span style='clip-path: inset(50%)'>not </span>",
        "<span style='display:inline-block; transform: scale(0)'>not </span>",
        "<span style='display:inline-block; width:0; height:0; overflow:hidden'>not </span>",
        "<template>not </template>",
    ],
)
def test_hidden_words_of_a_page_are_listed_as_left_out(markup: str) -> None:
    page = read(article(f"{paragraphs(0, 2)}<p>He will {markup}resign.</p>{paragraphs(2, 4)}"))
    assert "He will resign." in page.text
    assert any("not" in text for text, _ in page.findings.left_out)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (f'{_EYES}T</span><span class="sr-only">T</span>he café', "The café"),
        (f'<span class="x">The</span>{_EYES}<b>T</b>he</span> café', "The café"),
        (f'<i class="sr-only">The</i>{_EYES}T</span>{_EYES}he</span> café', "The café"),
        (f"Tea is <i class='a-offscreen'>$3.4</i>{_EYES}<b>$</b><b>3<b>.</b></b>4</span> now",
         "Tea is $3.4 now"),
        (f'{_EYES}★</span><b class="not-sr-only">The</b> café', "The café"),
    ],
)  # fmt: skip
def test_what_stands_once_for_eyes_and_once_to_be_read_aloud_is_read_once(
    markup: str, words: str
) -> None:
    rest = "on the quay opens again on 1 May, he said."
    page = read(article(f"<p>{markup} {rest}</p>{paragraphs(0, 3)}"))
    assert page.text.split("\n\n") == [f"{words} {rest}", *P[:3]]


@pytest.mark.parametrize("size", ["0.58em", ".9rem"])
def test_small_words_are_no_hidden_ones(size: str) -> None:
    page = read(article(f"{paragraphs(0, 2)}<p>He will <span style='font-size:{size}'>not</span> "
                        f"resign.</p>{paragraphs(2, 4)}"))  # fmt: skip
    assert "He will not resign." in page.text


def test_the_words_of_a_drawing_are_listed_as_left_out() -> None:
    drawing = (
        "<svg><title>A chart</title><text>Oslo <tspan>ships</tspan></text>"
        "<foreignObject><p>Kiel waits</p></foreignObject></svg>"
    )
    page = read(article(f"{paragraphs(0, 4)}<figure>{drawing}</figure><nav>{drawing}</nav>"))
    assert [text for text, reason in page.findings.left_out if reason == "drawing"] == [
        "Oslo ships Kiel waits"
    ]


def test_the_inside_of_an_element_that_a_template_states_is_read() -> None:
    page = read(f"<x-story><template shadowrootmode=open>{article(paragraphs())}</template>")
    assert page.text.split("\n\n") == list(P)


def test_the_hidden_part_of_an_accordion_is_listed() -> None:
    part = f"<div style='display:none'><p>{P[7]}</p></div>"
    page = read(article(paragraphs(0, 7) + part))
    assert (P[7], "hidden") in page.findings.left_out


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", "It cost ~~214~~ 231 million.\n\n<p hidden>Draft one.</p>\n"),
        ("a.jsonl", '{"text": "<p>It cost <s>214</s> 231 million.</p><p hidden>Draft one.</p>"}'),
        ("a.html", f"{paragraphs()}<p>It cost <s>214</s> 231 million.<p hidden>Draft one.</p>"),
    ],
)
def test_what_is_struck_out_or_hidden_is_listed(one: One, name: str, content: str) -> None:
    found = one(name, content)
    assert found.text.endswith("It cost 231 million.")
    assert set(found.findings.left_out) == {("214", "struck out"), ("Draft one.", "hidden")}


def _article(way: str) -> Article:
    out = io.BytesIO()
    pdf = Canvas(out, pagesize=(595, 842))
    if way == "white on a white page":
        pdf.setFillColorRGB(1, 1, 1)
        pdf.rect(0, 0, 595, 842, fill=1, stroke=0)
        pdf.setFillColorRGB(0, 0, 0)
    text = pdf.beginText(60, 700)
    text.setFont("Helvetica", 12)
    text.textLine(_SEEN)
    if way.startswith("white on"):
        text.setFillColorRGB(1, 1, 1)
    text.setFont("Helvetica", 0.4 if way == "tiny" else 12)
    text.setTextRenderMode(3 if way == "not drawn" else 0)
    if way == "white on blue":
        pdf.setFillColorRGB(0, 0, 0.5)
        pdf.rect(40, 640, 300, 55, fill=1)
    text.textLine(_HIDDEN)
    pdf.drawText(text)
    pdf.save()
    (item,) = PdfLoader().load(Source.of_bytes(out.getvalue(), "x.pdf"), 10_000)
    assert isinstance(item, Article)
    return item


@pytest.mark.parametrize("way", ["not drawn", "white on a white page", "white on paper", "tiny"])
def test_invisible_words_of_a_pdf_are_left_out(way: str) -> None:
    page = _article(way)
    assert "Hidden" not in page.text
    assert (_HIDDEN, "invisible") in page.findings.left_out


def test_white_words_on_a_coloured_area_are_read() -> None:
    assert _HIDDEN in _article("white on blue").text


def test_words_for_readers_without_scripts_are_listed() -> None:
    page = read(article(f"{paragraphs(0, 4)}<noscript><p>{P[5]}</p><img src=a></noscript>"))
    assert page.findings.left_out == ((P[5], "noscript"),)
    notice = "<noscript>Please enable JavaScript to read on.</noscript>"
    assert not read(article(paragraphs(0, 4)) + notice).findings.left_out


def test_an_article_for_readers_without_scripts_is_read() -> None:
    page = read(article(f"<noscript>{paragraphs(0, 4)}</noscript><script>{P * 9}</script>"))
    assert page.text == "\n\n".join(P[:4])
    assert not page.findings.left_out
