"""Answers by a chat model: who wrote them, what is not backed, and why they are quoted instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rag.chat.base import ChatModel
from tests.api.web.articles import HARBOUR
from tests.api.web.conftest import ask, front, serving
from tests.api.web.site_server import SiteServer
from tests.api.web.test_appearance import faults, fits
from tests.api.web.test_asking import BASIN, sent
from tests.chat import Halting, Scripted

COST = "The second basin cost 380 million euros, the director told reporters."
PARTLY = "Tolls would pay for the basin within 12 years, says the proud director."
STRAY = "It was sold to Mallory."
SAID = f"{COST} [1] {PARTLY} [1] {STRAY} [1]"


Written = Callable[..., AbstractContextManager[Page]]


@pytest.fixture
def written(tab: Page, server: SiteServer, tmp_path: Path) -> Written:
    """The front page of a site that answers with a chat model, and with these settings."""

    @contextmanager
    def page_of(chat: ChatModel, **more: Any) -> Iterator[Page]:
        with serving(server, tmp_path, chat, **more):
            yield front(tab)

    return page_of


def test_a_written_answer_says_so(tab: Page, written: Written) -> None:
    tab.emulate_media(reduced_motion="reduce")
    with written(Scripted(SAID), unsupported="flag") as page:
        ask(page, BASIN)
        answer = page.request.post("/ask", data={"question": BASIN}).json()
        assert [each["support"] for each in answer["citations"]] == ["supported", "partial"]
        expect(page.locator(".made")).to_have_text(
            "Written by scripted, each sentence checked. What no article backs is marked."
        )
        expect(page.locator(".unsupported")).to_contain_text(STRAY)
        expect(page.locator(".mark button")).to_have_text(["1", "2"])
        expect(page.locator(".mark button.partial")).to_have_text("2")
        expect(page.get_by_role("button", name="Footnote 2, in part")).to_be_visible()
        expect(page.locator(".sources li").nth(1)).to_contain_text("Backs the sentence in part")
        expect(page.locator(".sources li").first).not_to_contain_text("in part")
        expect(page.locator("#status")).to_contain_text("Written by scripted")
        page.locator(".mark button").first.click()
        marked = page.locator(".reading mark").inner_text()
        assert marked == answer["citations"][0]["cited_text"]
        assert marked in HARBOUR.text
        page.keyboard.press("Escape")
        expect(page.locator("#panel")).to_be_hidden()
        assert faults(page) == []
        assert fits(page)


def test_it_is_shown_as_it_is_written(written: Written) -> None:
    chat = Halting(f"{COST} [1] {STRAY} [1] Tolls ", PARTLY.removeprefix("Tolls "))
    with written(chat, unsupported="flag") as page:
        try:
            page.locator("#question").fill(BASIN)
            page.keyboard.press("Enter")
            expect(page.locator(".mark button")).to_have_text(["1"])
            expect(page.locator(".unsupported")).to_contain_text(STRAY)
            expect(page.locator(".turn")).to_have_attribute("aria-busy", "true")
        finally:
            chat.go.set()
        expect(page.locator(".turn")).to_have_attribute("aria-busy", "false")
        expect(page.locator(".mark button")).to_have_text(["1", "2"])
        expect(page.locator(".unsupported")).to_contain_text(STRAY)


def test_it_is_accessible_and_fits_on_a_phone(tab: Page, written: Written) -> None:
    tab.set_viewport_size({"width": 360, "height": 900})
    tab.emulate_media(color_scheme="dark", reduced_motion="reduce")
    with written(Scripted(SAID), unsupported="flag") as page:
        ask(page, BASIN)
        assert faults(page) == []
        assert fits(page)


def test_a_failure_quotes_and_says_why(written: Written) -> None:
    with written(Scripted(SAID, fails="rate_limit")) as page:
        ask(page, BASIN)
        expect(page.locator(".made")).to_have_text(
            "Quoted, not written: the chat model may not be asked so often."
        )
        # Nothing is left of what had been told.
        shown = page.locator(".answer").inner_text()
        assert "cost 380 million euros, the harbour director told reporters" in shown
        assert shown.count("380") == 1
        expect(page.locator(".mark button")).to_have_count(1)


def test_the_mode_can_be_chosen(written: Written) -> None:
    with written(Scripted(SAID)) as page:
        expect(page.get_by_label("Write")).to_be_checked()
        page.get_by_label("Quote").check()
        with page.expect_request("**/ask") as request:
            ask(page, BASIN)
        assert sent(request.value)["mode"] == "extractive"
        expect(page.locator(".made")).to_have_count(0)
        page.get_by_label("Write").check()
        with page.expect_request("**/ask") as request:
            ask(page, BASIN)
        assert sent(request.value)["mode"] == "auto"
        expect(page.locator(".made")).to_contain_text("Written by scripted")


def test_the_choice_begins_with_what_is_set(written: Written) -> None:
    with written(Scripted(SAID), mode="extractive") as page:
        expect(page.get_by_label("Quote")).to_be_checked()


def test_without_a_chat_model_there_is_no_choice(page: Page) -> None:
    expect(page.locator("#version")).to_contain_text("Pullquote")
    expect(page.locator("#mode")).to_be_hidden()
    with page.expect_request("**/ask") as request:
        ask(page, BASIN)
    assert "mode" not in sent(request.value)
    expect(page.locator(".made")).to_have_count(0)
