from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.api.web.conftest import ask, opened, watched
from tests.api.web.test_asking import BASIN


def test_slash_and_escape(page: Page) -> None:
    box = page.locator("#question")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).not_to_be_focused()
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("and/or")
    expect(box).to_have_value("and/or")


def test_the_panel_takes_the_focus_and_gives_it_back(page: Page) -> None:
    ask(page, BASIN)
    expect(page.locator(".turn h2")).to_be_focused()
    page.keyboard.press("Tab")
    mark = page.get_by_role("button", name="Footnote 1: Harbour of Marseille")
    expect(mark).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#panel-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(mark).to_be_focused()


def test_shift_enter_breaks_the_line(page: Page) -> None:
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    expect(page.locator("#question")).to_have_value("one\ntwo")
    expect(page.locator(".turn")).to_have_count(0)


def test_on_a_phone_the_panel_is_a_dialog(chromium: Browser, shared_site: str) -> None:
    with watched(chromium, shared_site, viewport={"width": 360, "height": 740}) as watch:
        page = opened(watch.context)
        ask(page, BASIN)
        page.locator(".mark button").first.click()
        expect(page.get_by_role("dialog", name="Harbour of Marseille")).to_be_visible()
        assert page.evaluate("document.getElementById('main').inert")
        page.get_by_role("button", name="Close").click()
        assert not page.evaluate("document.getElementById('main').inert")
        expect(page.locator(".mark button").first).to_be_focused()
