"""What is kept in the browser: threads, and what was said of their answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from eval.dataset import open_dataset
from tests.api.web.articles import EMOJI, HARBOUR
from tests.api.web.conftest import ask
from tests.api.web.test_asking import BASIN, ELEPHANTS, sent
from tests.api.web.told import answer_of, tell

SILENT = "Which goalkeeper stopped most penalties?"


def saved(page: Page, name: str, path: Path) -> str:
    """The text of the file that a button gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    download.value.save_as(path)
    return path.read_text("utf-8")


def asked_again(page: Page) -> list[Request]:
    requests: list[Request] = []
    page.on("request", lambda each: requests.append(each) if each.method == "POST" else None)
    return requests


def test_a_thread_is_there_again_without_being_asked_again(page: Page) -> None:
    ask(page, BASIN)
    ask(page, SILENT)
    # The paragraph around a quotation comes with its article, a moment later.
    paragraph = "The director added that tolls would pay"
    expect(page.locator("#thread")).to_contain_text(paragraph)
    before = page.locator("#thread").inner_text()
    requests = asked_again(page)
    page.reload()
    expect(page.locator(".turn[aria-busy=false]")).to_have_count(2)
    expect(page.locator("#thread")).to_contain_text(paragraph)
    assert page.locator("#thread").inner_text() == before
    assert requests == []
    page.get_by_role("button", name="Start anew").click()
    page.get_by_role("button", name="Threads").click()
    page.get_by_role("button", name=BASIN, exact=True).click()
    expect(page.locator(".turn")).to_have_count(2)
    assert requests == []


def test_a_thread_is_asked_again_once_the_articles_changed(own_page: Page) -> None:
    ask(own_page, BASIN)
    assert own_page.request.post("/articles", data={"text": "Tides rise.", "title": "Tides"}).ok
    with own_page.expect_request("**/ask"):
        own_page.reload()
    expect(own_page.locator(".turn[aria-busy=false]")).to_have_count(1)


def test_a_thread_that_is_in_part_of_older_articles_is_asked_again(own_page: Page) -> None:
    ask(own_page, BASIN)
    assert own_page.request.post("/articles", data={"text": "Tides rise.", "title": "Tides"}).ok
    ask(own_page, ELEPHANTS)
    requests = asked_again(own_page)
    own_page.reload()
    expect(own_page.locator(".turn[aria-busy=false]")).to_have_count(2)
    assert [sent(request)["question"] for request in requests] == [BASIN, ELEPHANTS]


def test_a_thread_is_asked_again_when_gone_back_to_after_a_change(own_page: Page) -> None:
    ask(own_page, BASIN)
    own_page.get_by_role("button", name="Start anew").click()
    requests = asked_again(own_page)
    own_page.go_back()
    expect(own_page.locator(".turn[aria-busy=false]")).to_have_count(1)
    assert requests == []
    own_page.get_by_role("button", name="Start anew").click()
    assert own_page.request.post("/articles", data={"text": "Tides rise.", "title": "Tides"}).ok
    with own_page.expect_request("**/ask", timeout=5_000):
        own_page.go_back()
    expect(own_page.locator(".turn[aria-busy=false]")).to_have_count(1)


def test_threads_are_renamed_and_deleted(page: Page) -> None:
    ask(page, BASIN)
    page.get_by_role("button", name="Threads").click()
    page.get_by_role("button", name=f"Rename {BASIN}").click()
    page.get_by_label("Name of the thread").fill("Harbours")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete Harbours").click()
    expect(page.locator(".threads .shelf li")).to_have_count(0)
    expect(page.locator(".threads .count")).to_be_visible()


def test_a_thread_can_be_taken_along(page: Page, tmp_path: Path) -> None:
    ask(page, BASIN)
    ask(page, ELEPHANTS)
    page.locator("#keep summary").click()
    markdown = saved(page, "Markdown", tmp_path / "thread.md")
    assert f"**{BASIN}**" in markdown
    assert (
        markdown.index("[^1]:")
        < markdown.index("**What did the ringmaster")
        < markdown.index("[^2]:")
    )
    html = saved(page, "Web page", tmp_path / "thread.html")
    assert html.startswith("<!doctype html>")
    assert '<a href="https://example.org/harbour">' in html
    bibtex = saved(page, "BibTeX", tmp_path / "thread.bib")
    assert "@article{wire2025a," in bibtex
    assert "author = {{Jo Rowe}}" in bibtex
    harbour, emoji = json.loads(saved(page, "CSL JSON", tmp_path / "thread.json"))
    assert harbour["issued"] == {"date-parts": [[2025, 5, 26]]}
    assert harbour["URL"] == HARBOUR.url
    assert (emoji["title"], emoji["container-title"]) == (EMOJI.title, EMOJI.publisher)


def test_rich_text_is_copied_beside_markdown(clipboard_page: Page) -> None:
    ask(clipboard_page, BASIN)
    clipboard_page.get_by_role("button", name="Copy with citations").click()
    clipboard_page.get_by_role("button", name="Copied").wait_for()
    html = clipboard_page.evaluate("""async () => {
      const [item] = await navigator.clipboard.read();
      return (await item.getType('text/html')).text();
    }""")
    assert "<b>380</b>" in html
    assert "<sup>1</sup>" in html


def test_what_was_said_of_answers_is_a_question_set(page: Page, tmp_path: Path) -> None:
    ask(page, BASIN)
    page.get_by_role("button", name="Yes").click()
    ask(page, SILENT)
    page.locator(".turn").last.get_by_role("button", name="Yes").click()
    ask(page, ELEPHANTS)
    turn = page.locator(".turn").last
    turn.get_by_role("button", name="No", exact=True).click()
    turn.get_by_role("textbox").fill("no such words")
    turn.get_by_role("button", name="Keep").click()
    expect(turn.get_by_role("alert")).to_contain_text("None of the articles")
    turn.get_by_role("textbox").fill("38 tricks".replace("38", "𝟛𝟠"))
    turn.get_by_role("button", name="Keep").click()
    expect(turn).to_contain_text("Kept for your question set.")
    page.get_by_role("button", name="Threads").click()
    saved(page, "Download", tmp_path / "questions.jsonl")
    basin, silent, elephants = open_dataset(tmp_path / "questions.jsonl")
    assert (basin.question, basin.answers) == (BASIN, ("380",))
    assert (silent.question, silent.answerable) == (SILENT, False)
    assert elephants.answers == ("𝟛𝟠 tricks",)
    (span,) = elephants.evidence[0]
    assert EMOJI.text[span.start : span.end] == "𝟛𝟠 tricks"


@pytest.mark.parametrize("roles", [["context", "answer"], ["earlier", "answer"], ["answer"]])
def test_the_right_words_are_what_answers_in_its_own_article(
    page: Page, tmp_path: Path, roles: list[str]
) -> None:
    answer, other = answer_of(page, BASIN), answer_of(page, ELEPHANTS)
    (citation,), (earlier,) = answer["citations"], other["citations"]
    start, end = citation["start_char_index"], citation["end_char_index"]
    citations = {
        "answer": citation,
        "context": citation | {"highlight_start": start, "highlight_end": end},
        "earlier": earlier,
    }
    told = [citations[role] | {"role": role} for role in roles]
    results = [other["search_results"][0], answer["search_results"][0]]
    tell(page, answer | {"citations": told, "search_results": results})
    ask(page, BASIN)
    page.get_by_role("button", name="Yes").click()
    page.get_by_role("button", name="Threads").click()
    saved(page, "Download", tmp_path / "questions.jsonl")
    (kept,) = open_dataset(tmp_path / "questions.jsonl")
    assert kept.answers == ("380",)
    (span,) = kept.evidence[0]
    assert span.start == citation["highlight_start"]
