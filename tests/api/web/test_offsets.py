"""The page's own arithmetic, run in the browser and compared with Python's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.api.web.articles import ARTICLES
from tests.api.web.conftest import Watched, opened


@pytest.fixture(scope="module")
def page(browsing: Watched) -> Iterator[Page]:
    """A page whose modules are called, and that is not otherwise touched."""
    page = opened(browsing.context)
    yield page
    page.close()


def call(page: Page, module: str, body: str, *given: object) -> Any:
    """Evaluate ``body`` with the module as ``m`` and what is given as ``given``."""
    script = f"async (given) => {{ const m = await import('/static/{module}.js'); {body} }}"
    return page.evaluate(script, list(given))


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id[:8])
def test_code_points_become_utf16_units(page: Page, article: Any) -> None:
    text = article.text
    offsets = [*range(len(text) + 1)][::-1]
    units = [len(text[:offset].encode("utf-16-le")) // 2 for offset in offsets]
    assert call(page, "offsets", "return m.toUtf16(...given)", text, offsets) == units


def test_an_offset_past_the_end_is_the_end(page: Page) -> None:
    assert call(page, "offsets", "return m.toUtf16(...given)", "a🎪b", [0, 2, 3, 99]) == [
        0,
        3,
        4,
        4,
    ]


def test_cut_pieces_are_the_text(page: Page) -> None:
    ranges = [{"name": "a", "start": 2, "end": 6}, {"name": "b", "start": 4, "end": 9}]
    pieces = call(page, "offsets", "return m.cut(...given)", "0123456789", ranges)
    assert [(piece["text"], piece["names"]) for piece in pieces] == [
        ("01", []),
        ("23", ["a"]),
        ("45", ["a", "b"]),
        ("678", ["b"]),
        ("9", []),
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_events_arrive_in_pieces_of_any_size(page: Page, size: int, end: str) -> None:
    stream = end.join([": hello", "event: a", "data: 1", "data:2", "", "data: x", "", "data: no"])
    pieces = [stream[i : i + size] for i in range(0, len(stream), size)]
    body = "const p = new m.EventParser(); return given[0].flatMap((piece) => p.push(piece))"
    assert call(page, "stream", body, pieces) == [
        {"event": "a", "data": "1\n2"},
        {"event": "message", "data": "x"},
    ]


def test_a_bracket_that_the_article_has_is_no_footnote(page: Page) -> None:
    text = "See [1] of the 🎪 list. [1]"
    cited = {
        "number": 1,
        "start_index": 0,
        "end_index": 22,
        "marker_start": 23,
        "marker_end": 26,
        "cited_text": text[:22],
        "start_char_index": 100,
        "end_char_index": 122,
        "highlight_start": 115,
        "highlight_end": 121,
    }
    answer = {"answer": text, "citations": [cited]}
    pieces = call(page, "footnotes", "return m.footnotes(...given)", answer)
    assert "".join(piece["text"] for piece in pieces) == text
    assert [piece["text"] for piece in pieces if piece.get("citation")] == ["[1]"]
    assert pieces[-1].get("citation")
    assert [piece["text"] for piece in pieces if piece.get("strong")] == ["🎪 list"]


def test_quotations_are_paragraphs_and_our_own_words_are_told_apart(page: Page) -> None:
    text = "A one. [1] […] B two. [2]\n\nEarlier:\nC. [3]"
    places = [(0, 6, 7), (15, 21, 22), (36, 38, 39)]
    citations = [
        {
            "number": number,
            "start_index": start,
            "end_index": end,
            "marker_start": marker,
            "marker_end": marker + 3,
            "cited_text": text[start:end],
            "start_char_index": 0,
            "end_char_index": end - start,
            "highlight_start": 0,
            "highlight_end": end - start,
        }
        for number, (start, end, marker) in enumerate(places, start=1)
    ]
    own = [{"start_index": start, "end_index": end} for start, end in ((11, 14), (27, 35))]
    answer = {"answer": text, "citations": citations, "own_words": own}
    one, two = call(page, "footnotes", "return m.paragraphs(...given)", answer)
    assert "".join(piece["text"] for piece in one) == "A one. [1] […] B two. [2]"
    assert "".join(piece["text"] for piece in two) == "Earlier:\nC. [3]"
    assert [piece["text"] for piece in (*one, *two) if piece.get("own")] == ["[…]", "Earlier:"]


def test_a_link_holds_questions_and_filters(page: Page) -> None:
    questions = [
        {"question": "Who & what?", "timeline": False},
        {"question": "Floods #2", "timeline": True},
        {"question": "And 🎪 #2?", "timeline": False},
    ]
    filters = {"publisher": ["A&B", "The Wire"], "published_from": "2024-01-01"}
    said = call(page, "link", "return m.parse(m.fragment(...given))", questions, filters)
    assert said == {"questions": questions, "filters": filters}


def test_a_link_with_nonsense_asks_nothing(page: Page) -> None:
    said = call(page, "link", "return m.parse(...given)", "#q=&from=yesterday&x=%zz")
    assert said == {"questions": [], "filters": {}}


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.99, "almost certain"),
        (0.8, "very likely"),
        (0.5, "more likely than not"),
        (0, "very unlikely"),
    ],
)
def test_confidence_in_words(page: Page, probability: float, words: str) -> None:
    assert call(page, "words", "return m.likelihood(...given)", probability) == words
