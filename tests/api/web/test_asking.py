from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.api.web.articles import EMOJI, HARBOUR
from tests.api.web.conftest import AnswerPage, ask, front

BASIN = "How many euros did the second basin cost?"
ELEPHANTS = "What did the ringmaster promise that elephants would perform before sunset?"

# Where the marked characters stand in the text of the panel, counted in code points.
MARKED = """() => {
  const text = document.querySelector('.reading .text');
  const place = (element) => {
    if (!element) return null;
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(element, 0);
    const start = Array.from(before.toString()).length;
    return [start, start + Array.from(element.textContent).length];
  };
  return {
    text: text.textContent,
    cited: place(text.querySelector('mark')),
    answering: place(text.querySelector('mark strong')),
  };
}"""


def answer(page: Page, question: str, **more: object) -> Any:
    """What the API says to the same question."""
    response = page.request.post("/ask", data={"question": question, **more})
    assert response.ok, response.text()
    return response.json()


def sent(request: Request) -> Any:
    return request.post_data_json


@pytest.mark.parametrize(("question", "article"), [(BASIN, HARBOUR), (ELEPHANTS, EMOJI)])
def test_a_footnote_shows_the_very_characters(
    answer_page: AnswerPage, question: str, article: Any
) -> None:
    page = answer_page(question)
    page.locator(".mark button").first.click()
    page.locator(".reading mark").wait_for()
    citation = answer(page, question)["citations"][0]
    marked = page.evaluate(MARKED)
    assert citation["document_id"] == article.id
    assert marked["text"] == article.text
    assert marked["cited"] == [citation["start_char_index"], citation["end_char_index"]]
    assert marked["answering"] == [citation["highlight_start"], citation["highlight_end"]]
    start, end = marked["cited"]
    assert article.text[start:end] == citation["cited_text"]
    expect(page.locator(".reading mark")).to_be_in_viewport()


def test_the_answer_streams_in(page: Page) -> None:
    page.evaluate("""() => {
      window.seen = new Set();
      new MutationObserver(() => {
        window.seen.add(document.querySelector('.answer')?.textContent);
      }).observe(document.getElementById('thread'), { childList: true, subtree: true });
    }""")
    with page.expect_response("**/ask") as response:
        ask(page, BASIN)
    assert response.value.headers["content-type"].startswith("text/event-stream")
    seen = page.evaluate("[...window.seen]")
    assert len(seen) > 3
    assert "The second basin " in seen


def test_the_answer_is_the_one_of_the_api(answer_page: AnswerPage) -> None:
    page = answer_page(BASIN)
    said = answer(page, BASIN)
    shown = page.locator(".answer").inner_text()
    assert said["citations"][0]["cited_text"] in shown
    assert page.locator(".answer b").inner_text() == "380"
    expect(page.locator(".confidence [title='90 percent']")).to_have_text("very likely")
    expect(page.locator(".sources")).to_contain_text("The Wire, 26 May 2025")
    expect(page.locator("#status")).to_contain_text("Confidence: very likely")


def test_a_follow_up_sends_what_was_said(page: Page) -> None:
    ask(page, BASIN)
    with page.expect_request("**/ask") as request:
        ask(page, "What did the director say about tolls for the basin?")
    said = sent(request.value)
    assert said["history"][0] == {"role": "user", "content": BASIN}
    assert said["history"][1]["content"] == answer(page, BASIN)["answer"]
    expect(page.locator(".turn")).to_have_count(2)
    page.get_by_role("button", name="Start anew").click()
    expect(page.locator(".turn")).to_have_count(0)
    with page.expect_request("**/ask") as request:
        ask(page, BASIN)
    assert sent(request.value)["history"] == []


def test_a_follow_up_says_how_it_was_understood(page: Page) -> None:
    ask(page, "Did the harbour of Marseille open a second basin on Monday?")
    expect(page.locator(".understood")).to_have_count(0)
    further = "And what did it cost?"
    with page.expect_request("**/ask") as request:
        ask(page, further)
    said = answer(page, further, history=sent(request.value)["history"])
    assert said["standalone_question"]
    expect(page.locator(".understood")).to_have_text(
        f"Understood as: {said['standalone_question']}"
    )


def test_silence_shows_the_nearest_passages(page: Page) -> None:
    ask(page, "Which goalkeeper stopped most penalties?")
    expect(page.locator(".silence")).to_have_text("The articles do not say.")
    nearest = answer(page, "Which goalkeeper stopped most penalties?")["search_results"][0]
    first = page.locator(".nearest li").first
    expect(first).to_contain_text(nearest["publisher"])
    first.get_by_role("button").click()
    page.locator(".reading mark").first.wait_for()
    marked = page.locator(".reading mark").all_text_contents()
    assert marked == nearest["text"].split("\n\n")


def test_filters_leave_others_out(page: Page) -> None:
    page.locator("#filters summary").click()
    page.get_by_label("The Wire").check()
    page.get_by_label("from").fill("2025-01-01")
    expect(page.locator("#filters-said")).to_have_text(": The Wire, from 1 January 2025")
    ask(page, ELEPHANTS)
    assert "Tierblatt" not in page.locator("#thread").inner_text()
    page.locator("#filters summary").click()
    page.get_by_label("from").fill("2026-01-01")
    ask(page, BASIN)
    turn = page.locator(".turn").last
    expect(turn.locator(".silence")).to_have_text("No article matches the filters.")
    turn.get_by_role("button", name="Clear the filters").click()
    expect(page.locator("#filters-said")).to_have_text("")
    ask(page, BASIN)
    expect(page.locator(".turn").last).to_contain_text("380")


def test_a_link_reopens_the_answer(page: Page) -> None:
    page.locator("#filters summary").click()
    page.get_by_label("The Wire").check()
    ask(page, BASIN)
    ask(page, "What did the director say about tolls for the basin?")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(".turn[aria-busy=false]")).to_have_count(2)
    expect(other.locator(".turn h2").first).to_have_text(BASIN)
    expect(other.locator("#filters-said")).to_have_text(": The Wire")
    page.go_back()
    expect(page.locator(".turn[aria-busy=false]")).to_have_count(1)


def test_who_asks_while_a_link_is_reopened_is_answered(page: Page) -> None:
    page.route("**/ask", lambda route: None, times=1)
    asked: list[str] = []
    page.on("request", lambda it: asked.append(sent(it)["question"]) if "/ask" in it.url else None)
    page.goto("/#q=First%3F&q=Second%3F")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    ask(page, BASIN)
    expect(page.locator(".turn[aria-busy=false]")).to_have_count(2)
    expect(page.locator(".turn").last).to_contain_text("380 million")
    assert asked == ["First?", BASIN]


def test_copied_markdown_has_the_citations(clipboard_page: Page) -> None:
    ask(clipboard_page, BASIN)
    clipboard_page.get_by_role("button", name="Copy with citations").click()
    clipboard_page.get_by_role("button", name="Copied").wait_for()
    copied = clipboard_page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"**{BASIN}**\n\nThe second basin cost 380 million euros")
    assert "reporters.[^1]" in copied
    assert (
        "[Harbour of Marseille opens a second basin](<https://example.org/harbour>), "
        "The Wire, 26 May 2025." in copied
    )


def test_examples_are_questions_that_are_surely_answered(own_page: Page) -> None:
    text = "The Marmot tunnel was opened in 1987. The Gannet quay was closed in March."
    tunnel = {"title": "Marmot tunnel", "text": text, "language": "en"}
    assert own_page.request.post("/articles", data=tunnel).ok
    own_page.reload()
    example = own_page.get_by_role("button", name="When was the Marmot tunnel opened?")
    example.click()
    expect(own_page.locator(".turn .answer")).to_contain_text("opened in 1987")
    further = own_page.locator(".further button")
    expect(further).to_have_text("When was the Gannet quay closed?")
    further.click()
    expect(own_page.locator(".turn").nth(1).locator(".answer")).to_contain_text("in March")


def test_that_examples_are_looked_for_is_said(page: Page) -> None:
    held: list[Route] = []
    page.route("**/suggestions?*", lambda route: held.append(route))
    with page.expect_request("**/suggestions?*"):
        page.reload()
    sought = page.locator("#examples-sought")
    expect(sought).to_have_text("Looking for questions that the articles answer")
    expect(page.locator("#question")).to_be_in_viewport()
    held[0].fulfill(json={"questions": [], "complete": True})
    expect(sought).to_be_hidden()
    expect(page.locator("#front")).to_be_hidden()


def test_a_problem_is_told_and_may_be_tried_again(page: Page) -> None:
    detail = "busy: 9 requests are waiting"
    page.route(
        "**/ask",
        lambda route: route.fulfill(
            status=503, content_type="application/problem+json", json={"detail": detail}
        ),
        times=1,
    )
    page.locator("#question").fill(BASIN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Busy: 9 requests are waiting.")
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(".turn")).to_contain_text("380 million")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_where_a_key_is_wanted_it_is_asked_for(page: Page) -> None:
    page.route(
        "**/ask",
        lambda route: (
            route.continue_()
            if route.request.headers.get("authorization") == "Bearer sesame"
            else route.fulfill(status=401, json={"detail": "an API key is needed"})
        ),
    )
    ask(page, BASIN)
    expect(page.get_by_role("alert")).to_have_text("This server wants an API key.")
    field = page.get_by_label("This server wants an API key")
    expect(field).to_be_focused()
    field.fill("salami")
    page.get_by_role("button", name="Use it").click()
    page.get_by_role("button", name="Ask again").click()
    page.get_by_label("This server does not take that key").fill("sesame")
    page.get_by_role("button", name="Use it").click()
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(".turn")).to_contain_text("380 million")


def test_where_the_browser_keeps_nothing_questions_are_answered(tab: Page) -> None:
    page = tab.context.new_page()
    refuse = "get() { throw new DOMException('', 'SecurityError'); }"
    for name in ("localStorage", "sessionStorage"):
        page.add_init_script(f"Object.defineProperty(window, '{name}', {{ {refuse} }})")
    front(page)
    ask(page, BASIN)
    expect(page.locator(".turn")).to_contain_text("380 million")


def test_an_answer_that_takes_long_can_be_stopped(page: Page) -> None:
    page.route("**/ask", lambda route: None)
    page.locator("#question").fill(BASIN)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("alert")).to_have_text("Stopped.")
    expect(page.locator("#question")).to_be_focused()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()


def test_the_other_copies_are_named_and_open_at_the_sentence(own_page: Page) -> None:
    copy = {"id": "copy", "title": "A second basin", "publisher": "The Post", "text": HARBOUR.text}
    assert own_page.request.post("/articles", data=copy).ok
    ask(own_page, BASIN)
    (citation,) = answer(own_page, BASIN)["citations"]
    (other,) = citation["also_in"]
    own_page.locator(".also button", has_text="The Post").click()
    own_page.locator(".reading mark").wait_for()
    marked = own_page.evaluate(MARKED)
    assert marked["cited"] == [other["start_char_index"], other["end_char_index"]]
    assert (citation["document_id"], other["document_id"]) == ("harbour", "copy")
