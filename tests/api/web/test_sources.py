"""What stands below an answer and beside its marks, and how texts of any script are set."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.api.web.articles import EMOJI, HARBOUR
from tests.api.web.conftest import AnswerPage, ask
from tests.api.web.test_appearance import fits
from tests.api.web.test_asking import BASIN, ELEPHANTS
from tests.api.web.told import answer_of, tell


def paragraph(text: str, sentence: str) -> str:
    (found,) = [each for each in text.split("\n\n") if sentence in each]
    return found


@pytest.mark.parametrize(("question", "article"), [(BASIN, HARBOUR), (ELEPHANTS, EMOJI)])
def test_a_source_shows_the_sentence_in_its_paragraph(
    answer_page: AnswerPage, question: str, article: Any
) -> None:
    page = answer_page(question)
    citation = answer_of(page, question)["citations"][0]
    shown = page.locator(".sources .context")
    expect(shown).to_have_text(paragraph(article.text, citation["cited_text"]))
    expect(shown.locator("mark")).to_have_text(citation["cited_text"])
    start, end = citation["highlight_start"], citation["highlight_end"]
    expect(shown.locator("strong")).to_have_text(article.text[start:end])


def citations_of(citation: Any, *parts: tuple[str, str]) -> list[Any]:
    """A citation for each part of what one cites, with the words of it that answer."""
    text, start = citation["cited_text"], citation["start_char_index"]
    citations = []
    for number, (part, answering) in enumerate(parts, start=1):
        at = start + text.index(part)
        highlight = at + part.index(answering)
        citations.append(
            citation
            | {"id": f"c{number}", "number": number, "cited_text": part}
            | {"start_char_index": at, "end_char_index": at + len(part)}
            | {"highlight_start": highlight, "highlight_end": highlight + len(answering)}
        )
    return citations


COST, SAID = "The second basin cost 380 million euros,", "the harbour director told reporters."


@pytest.mark.parametrize(
    ("parts", "bold"),
    [
        ([(COST, COST), (SAID, "director")], ["director"]),
        ([(COST, "380 million"), (SAID, SAID)], ["380 million"]),
        ([(COST, "380"), (SAID, "director")], ["380", "director"]),
        (
            [("The second", "second"), ("basin cost 380", "380"), ("million euros,", "euros")],
            ["second", "380", "euros"],
        ),
        # One sentence that answers two questions, and sentences without a space between.
        ([(COST, "second"), (COST, "380")], ["second", "380"]),
        ([("The second b", "second"), ("asin cost 380", "380")], ["second", "380"]),
        ([(COST, COST), (SAID, SAID)], []),
    ],
)
def test_sentences_side_by_side_are_one_paragraph_with_each_answer_in_bold(
    page: Page, parts: list[tuple[str, str]], bold: list[str]
) -> None:
    answer = answer_of(page, BASIN)
    citations = citations_of(answer["citations"][0], *parts)
    # As they answer, not as they stand in the article.
    tell(page, answer | {"citations": citations[::-1]})
    ask(page, BASIN)
    start, end = citations[0]["start_char_index"], citations[-1]["end_char_index"]
    expect(page.locator(".sources .context")).to_have_count(1)
    marked = page.locator(".sources .context mark")
    expect(marked).to_have_text(HARBOUR.text[start:end])
    expect(marked.locator("strong")).to_have_text(bold)


def test_sentences_of_an_article_that_is_gone_stand_alone(page: Page) -> None:
    answer = answer_of(page, BASIN)
    citations = citations_of(answer["citations"][0], (COST, "380"), (SAID, SAID), (COST, "second"))
    page.route("**/articles/harbour", lambda route: route.fulfill(status=404, json={}))
    tell(page, answer | {"citations": citations, "search_results": []})
    ask(page, BASIN)
    expect(page.locator(".sources .context mark")).to_have_text(f"{COST} {SAID}")


@pytest.mark.parametrize("role", ["answer", "earlier"])
def test_a_source_opens_at_what_answers_not_at_its_context(page: Page, role: str) -> None:
    answer = answer_of(page, BASIN)
    context, answering = citations_of(answer["citations"][0], (COST, COST), (SAID, "director"))
    citations = [context | {"role": "context"}, answering | {"role": role}]
    tell(page, answer | {"citations": citations})
    ask(page, BASIN)
    page.locator(".sources .title").click()
    marked = page.locator(".reading mark")
    expect(marked).to_have_text(SAID)
    expect(marked).to_have_attribute("data-number", "2")
    expect(marked.locator("strong")).to_have_text("director")
    start, end = answering["start_char_index"], answering["end_char_index"]
    own_page = page.locator(".sources .origin").first
    assert f"#c{start}-{end}h" in (own_page.get_attribute("href") or "")


def test_a_footnote_shows_its_sentence_as_a_card(answer_page: AnswerPage) -> None:
    page = answer_page(BASIN)
    mark, card = page.locator(".mark button"), page.get_by_role("tooltip")
    mark.hover()
    expect(card).to_contain_text("Harbour of Marseille opens a second basin")
    expect(card.locator("mark")).to_contain_text("The second basin cost 380 million euros")
    card.hover()
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.mouse.move(0, 0)
    page.locator(".turn h2").focus()
    page.keyboard.press("Tab")
    expect(mark).to_be_focused()
    expect(card).to_be_visible()
    expect(mark).to_have_attribute("aria-describedby", "card")


def test_a_story_that_moved_on_has_a_timeline(page: Page) -> None:
    answer = answer_of(page, BASIN)
    (citation,) = answer["citations"]
    earlier = {
        **citation,
        "id": "c2",
        "number": 2,
        "document_id": EMOJI.id,
        "document_index": 1,
        "published_at": "2024-02-29",
        "role": "earlier",
    }
    text = answer["answer"]
    label = "Earlier, 29 February 2024:"
    at = len(text) + 2
    quoted = at + len(label) + 1
    said = citation["cited_text"]
    earlier |= {"start_index": quoted, "end_index": quoted + len(said)}
    earlier |= {"marker_start": quoted + len(said) + 1, "marker_end": quoted + len(said) + 4}
    answer |= {
        "answer": f"{text}\n\n{label} {said} [2]",
        "citations": [citation, earlier],
        "own_words": [{"start_index": at, "end_index": at + len(label)}],
    }
    tell(page, answer)
    ask(page, BASIN)
    expect(page.locator(".state")).to_have_text(label)
    days = page.locator(".timeline li")
    expect(days.locator("time")).to_have_text(["29 February 2024", "26 May 2025"])
    expect(page.locator(".timeline .current")).to_contain_text("26 May 2025")
    # One quotation mark for the answer, whatever it is put together of.
    drawn = page.evaluate("""() => [...document.querySelectorAll('.turn *')].filter(
      (each) => getComputedStyle(each, '::before').content.includes('“')).length""")
    assert drawn == 1


def test_long_words_and_lines_without_spaces_wrap(page: Page) -> None:
    answer = answer_of(page, BASIN)
    (citation,) = answer["citations"]
    for said in ("https://example.org/" + "a" * 300, "図書館には四万八千冊の本がある。" * 12):
        marks = {"marker_start": len(said) + 1, "marker_end": len(said) + 4}
        place = {"start_index": 0, "end_index": len(said), **marks}
        tell(page, {**answer, "answer": f"{said} [1]", "citations": [citation | place]})
        page.set_viewport_size({"width": 360, "height": 740})
        ask(page, BASIN)
        assert fits(page)
        assert len(page.locator(".kept").last.inner_text()) < 20
        page.unroute_all()


def test_text_from_right_to_left_is_set_so(page: Page) -> None:
    direction = "(element) => getComputedStyle(element).direction"
    ask(page, "ماذا قال المدير؟")
    assert page.locator(".turn h2").evaluate(direction) == "rtl"
    ask(page, BASIN)
    assert page.locator(".turn h2").last.evaluate(direction) == "ltr"


def test_an_error_wears_no_quotation_mark(page: Page) -> None:
    page.route("**/ask", lambda route: route.fulfill(status=503, json={"detail": "busy"}))
    ask(page, BASIN)
    expect(page.get_by_role("alert")).to_have_text("Busy.")
    content = "(element) => getComputedStyle(element, '::before').content"
    assert page.locator(".answer").evaluate(content) == "none"


def test_an_answer_that_takes_too_long_names_no_setting(page: Page) -> None:
    late = {"status": 504, "detail": "no answer; raise PULLQUOTE_REQUEST_TIMEOUT"}
    body = f"event: error\ndata: {json.dumps(late)}\n\n"
    page.route("**/ask", lambda route: route.fulfill(content_type="text/event-stream", body=body))
    ask(page, BASIN)
    expect(page.get_by_role("alert")).to_have_text(
        "No answer came in time: the server has much to do."
    )


def test_the_day_of_an_answer_is_not_parted(answer_page: AnswerPage) -> None:
    page = answer_page(BASIN)
    assert "As of 26\N{NO-BREAK SPACE}May\N{NO-BREAK SPACE}2025." in (
        page.locator(".confidence").text_content() or ""
    )
