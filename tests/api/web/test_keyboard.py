from __future__ import annotations

from playwright.sync_api import Page, ViewportSize, expect

from tests.api.web.conftest import AnswerPage, ask, front
from tests.api.web.test_asking import BASIN

PHONE: ViewportSize = {"width": 360, "height": 740}


def test_slash_and_escape(page: Page) -> None:
    box = page.locator("#question")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).not_to_be_focused()
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("and/or")
    expect(box).to_have_value("and/or")


def test_the_panel_takes_the_focus_and_gives_it_back(answer_page: AnswerPage) -> None:
    page = answer_page(BASIN)
    mark = page.get_by_role("button", name="Footnote 1: Harbour of Marseille")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(mark).to_be_focused()


def test_the_next_question_can_be_typed_at_once(page: Page) -> None:
    ask(page, BASIN)
    box = page.locator("#question")
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(box).not_to_be_focused()
    page.keyboard.type("And then?")
    expect(box).to_have_value("And then?")


def test_the_box_stays_and_the_answer_is_on_the_first_screen(tab: Page) -> None:
    # 1280 by 900 pixels at 200 percent.
    tab.set_viewport_size({"width": 640, "height": 450})
    page = front(tab)
    ask(page, BASIN)
    expect(page.locator(".answer")).to_be_in_viewport(ratio=1)
    ask(page, "Which goalkeeper stopped most penalties?")
    expect(page.locator(".turn").last.locator("h2")).to_be_in_viewport(ratio=1)
    page.evaluate("window.scrollTo(0, 0)")
    expect(page.locator("#question")).to_be_in_viewport(ratio=1)


def test_the_link_over_the_masthead_leads_to_the_question(page: Page) -> None:
    ask(page, BASIN)
    page.get_by_role("link", name="Skip to the question").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_be_focused()
    expect(page.locator(".turn")).to_have_count(1)


def test_shift_enter_breaks_the_line(page: Page) -> None:
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    expect(page.locator("#question")).to_have_value("one\ntwo")
    # As Safari has it when Enter ends the composing of a character.
    page.locator("#question").dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    expect(page.locator(".turn")).to_have_count(0)


def test_on_a_phone_the_panel_is_a_dialog(tab: Page) -> None:
    tab.set_viewport_size(PHONE)
    page = front(tab)
    ask(page, BASIN)
    page.locator(".mark button").first.click()
    expect(page.get_by_role("dialog", name="Harbour of Marseille")).to_be_visible()
    assert page.evaluate("document.getElementById('main').inert")
    page.get_by_role("button", name="Close").click()
    assert not page.evaluate("document.getElementById('main').inert")
    expect(page.locator(".mark button").first).to_be_focused()


def test_on_a_phone_back_closes_the_panel(tab: Page) -> None:
    # Stands for the browser's, which tells of gestures that no test can make.
    watcher = """window.CloseWatcher = class {
      constructor() { window.watcher = this; }
      destroy() { window.watcher = null; }
    }"""
    page = tab.context.new_page()
    page.set_viewport_size(PHONE)
    page.add_init_script(watcher)
    front(page)
    ask(page, BASIN)
    page.locator(".mark button").first.click()
    expect(page.locator("#panel")).to_be_visible()
    page.evaluate("window.watcher.onclose()")
    expect(page.locator("#panel")).to_be_hidden()
    page.locator(".mark button").first.click()
    page.get_by_role("button", name="Close").click()
    assert page.evaluate("window.watcher") is None
