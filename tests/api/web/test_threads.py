"""What is kept in the browser: threads, and what was said of their answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from eval.dataset import open_dataset
from tests.api.web.articles import EMOJI, HARBOUR
from tests.api.web.conftest import Watched, ask, opened, watched
from tests.api.web.test_asking import BASIN, ELEPHANTS

SILENT = "Which goalkeeper stopped most penalties?"


def saved(page: Page, name: str, path: Path) -> str:
    """The text of the file that a button gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    download.value.save_as(path)
    return path.read_text("utf-8")


def asked_again(page: Page) -> list[Request]:
    requests: list[Request] = []
    page.on("request", lambda sent: requests.append(sent) if sent.method == "POST" else None)
    return requests


@pytest.fixture(scope="module")
def clipboard_context(chromium: Browser, shared_site: str) -> Iterator[Watched]:
    """A context that may use the clipboard."""
    with watched(chromium, shared_site, permissions=["clipboard-read", "clipboard-write"]) as watch:
        yield watch


@pytest.fixture
def fresh(clipboard_context: Watched) -> Iterator[Page]:
    """A page of a browser in which nothing is kept."""
    page = opened(clipboard_context.context)
    yield page
    page.evaluate("localStorage.clear()")
    page.close()
    # What is given as a file has an address of its own.
    clipboard_context.wrong[:] = [
        each for each in clipboard_context.wrong if not each.startswith("blob:")
    ]
    assert clipboard_context.wrong == []


def test_a_thread_is_there_again_without_being_asked_again(fresh: Page) -> None:
    ask(fresh, BASIN)
    ask(fresh, SILENT)
    # The paragraph around a quotation comes with its article, a moment later.
    paragraph = "The director added that tolls would pay"
    expect(fresh.locator("#thread")).to_contain_text(paragraph)
    before = fresh.locator("#thread").inner_text()
    requests = asked_again(fresh)
    fresh.reload()
    expect(fresh.locator(".turn[aria-busy=false]")).to_have_count(2)
    expect(fresh.locator("#thread")).to_contain_text(paragraph)
    assert fresh.locator("#thread").inner_text() == before
    assert requests == []
    fresh.get_by_role("button", name="Start anew").click()
    fresh.get_by_role("button", name="Threads").click()
    fresh.get_by_role("button", name=BASIN, exact=True).click()
    expect(fresh.locator(".turn")).to_have_count(2)
    assert requests == []


def test_a_thread_is_asked_again_once_the_articles_changed(own_page: Page) -> None:
    ask(own_page, BASIN)
    assert own_page.request.post("/articles", data={"text": "Tides rise.", "title": "Tides"}).ok
    with own_page.expect_request("**/ask"):
        own_page.reload()
    expect(own_page.locator(".turn[aria-busy=false]")).to_have_count(1)


def test_threads_are_renamed_and_deleted(fresh: Page) -> None:
    ask(fresh, BASIN)
    fresh.get_by_role("button", name="Threads").click()
    fresh.get_by_role("button", name=f"Rename {BASIN}").click()
    fresh.get_by_label("Name of the thread").fill("Harbours")
    fresh.keyboard.press("Enter")
    fresh.get_by_role("button", name="Delete Harbours").click()
    expect(fresh.locator(".threads .shelf li")).to_have_count(0)
    expect(fresh.locator(".threads .count")).to_be_visible()


def test_a_thread_can_be_taken_along(fresh: Page, tmp_path: Path) -> None:
    ask(fresh, BASIN)
    ask(fresh, ELEPHANTS)
    fresh.locator("#keep summary").click()
    markdown = saved(fresh, "Markdown", tmp_path / "thread.md")
    assert f"**{BASIN}**" in markdown
    assert (
        markdown.index("[^1]:")
        < markdown.index("**What did the ringmaster")
        < markdown.index("[^2]:")
    )
    page = saved(fresh, "Web page", tmp_path / "thread.html")
    assert page.startswith("<!doctype html>")
    assert '<a href="https://example.org/harbour">' in page
    bibtex = saved(fresh, "BibTeX", tmp_path / "thread.bib")
    assert "@article{wire2025a," in bibtex
    assert "author = {{Jo Rowe}}" in bibtex
    harbour, emoji = json.loads(saved(fresh, "CSL JSON", tmp_path / "thread.json"))
    assert harbour["issued"] == {"date-parts": [[2025, 5, 26]]}
    assert harbour["URL"] == HARBOUR.url
    assert (emoji["title"], emoji["container-title"]) == (EMOJI.title, EMOJI.publisher)


def test_rich_text_is_copied_beside_markdown(fresh: Page) -> None:
    ask(fresh, BASIN)
    fresh.get_by_role("button", name="Copy with citations").click()
    fresh.get_by_role("button", name="Copied").wait_for()
    html = fresh.evaluate("""async () => {
      const [item] = await navigator.clipboard.read();
      return (await item.getType('text/html')).text();
    }""")
    assert "<b>380</b>" in html
    assert "<sup>1</sup>" in html


def test_what_was_said_of_answers_is_a_question_set(fresh: Page, tmp_path: Path) -> None:
    ask(fresh, BASIN)
    fresh.get_by_role("button", name="Yes").click()
    ask(fresh, SILENT)
    fresh.locator(".turn").last.get_by_role("button", name="Yes").click()
    ask(fresh, ELEPHANTS)
    turn = fresh.locator(".turn").last
    turn.get_by_role("button", name="No", exact=True).click()
    turn.get_by_role("textbox").fill("no such words")
    turn.get_by_role("button", name="Keep").click()
    expect(turn.get_by_role("alert")).to_contain_text("None of the articles")
    turn.get_by_role("textbox").fill("38 tricks".replace("38", "𝟛𝟠"))
    turn.get_by_role("button", name="Keep").click()
    expect(turn).to_contain_text("Kept for your question set.")
    fresh.get_by_role("button", name="Threads").click()
    saved(fresh, "Download", tmp_path / "questions.jsonl")
    basin, silent, elephants = open_dataset(tmp_path / "questions.jsonl")
    assert (basin.question, basin.answers) == (BASIN, ("380",))
    assert (silent.question, silent.answerable) == (SILENT, False)
    assert elephants.answers == ("𝟛𝟠 tricks",)
    (span,) = elephants.evidence[0]
    assert EMOJI.text[span.start : span.end] == "𝟛𝟠 tricks"
