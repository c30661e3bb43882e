"""Choosing the articles that answer: one by one, by publisher, language and day."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.api.web.articles import HARBOUR
from tests.api.web.conftest import ask
from tests.api.web.test_asking import BASIN, ELEPHANTS, sent


def test_ticked_articles_alone_are_asked(page: Page) -> None:
    page.get_by_role("button", name="Articles", exact=True).click()
    page.get_by_label(f"Ask only {HARBOUR.title}").check()
    expect(page.locator("#filters-said")).to_have_text(f": {HARBOUR.title}")
    assert page.url.endswith("#article=harbour")
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator("#filters-said")).to_have_text(f": {HARBOUR.title}")
    with page.expect_request("**/ask") as request:
        ask(page, ELEPHANTS)
    assert sent(request.value)["filters"] == {"article_ids": ["harbour"]}
    expect(page.locator(".silence")).to_have_count(1)
    page.locator("#filters summary").click()
    page.get_by_role("button", name=f"Leave {HARBOUR.title} out").click()
    expect(page.locator("#filters-said")).to_have_text("")
    assert "article=" not in page.url


def test_an_open_article_can_be_asked_alone(page: Page) -> None:
    ask(page, BASIN)
    page.locator(".mark button").click()
    page.get_by_role("button", name="Ask this article alone").click()
    expect(page.locator("#question")).to_be_focused()
    expect(page.locator("#filters-said")).to_have_text(f": {HARBOUR.title}")


def test_languages_are_a_choice_where_there_are_several(own_page: Page) -> None:
    own_page.locator("#filters summary").click()
    expect(own_page.get_by_text("Languages")).to_be_hidden()
    german = {"title": "Hafen", "text": "Der Hafen ist offen.", "language": "de"}
    assert own_page.request.post("/articles", data=german).ok
    own_page.reload()
    own_page.locator("#filters summary").click()
    own_page.get_by_label("German (1)").check()
    assert own_page.url.endswith("#language=de")
    with own_page.expect_request("**/ask") as request:
        ask(own_page, BASIN)
    assert sent(request.value)["filters"] == {"language": ["de"]}


def test_publishers_are_shown_whole(own_page: Page) -> None:
    name = "Harbour and District Evening Messenger and Advertiser, with the Gazette of the Coast"
    more = {"title": "Tides", "text": "Tides rise.", "publisher": name}
    assert own_page.request.post("/articles", data=more).ok
    own_page.set_viewport_size({"width": 360, "height": 740})
    own_page.reload()
    own_page.locator("#filters summary").click()
    choice = own_page.locator(".choice", has_text="Evening Messenger")
    cut = "(e) => e.scrollWidth > e.clientWidth || getComputedStyle(e).textOverflow === 'ellipsis'"
    assert not choice.evaluate(cut)
    expect(choice).to_have_text(f"{name} (1)")
