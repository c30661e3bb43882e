"""The page that an article has for itself."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from index.article import Article
from tests.api.web.articles import EMOJI, HARBOUR, HOSTILE
from tests.api.web.conftest import ask
from tests.api.web.test_appearance import faults
from tests.api.web.test_asking import BASIN, MARKED, sent
from tests.api.web.told import answer_of


def test_an_answer_links_to_the_place_in_the_article(page: Page) -> None:
    ask(page, BASIN)
    (citation,) = answer_of(page, BASIN)["citations"]
    page.locator(".sources").get_by_role("link", name="Page of Harbour").click()
    mark = page.locator(".reading mark")
    expect(mark).to_be_in_viewport()
    marked = page.evaluate(MARKED)
    assert marked["text"] == HARBOUR.text
    assert marked["cited"] == [citation["start_char_index"], citation["end_char_index"]]
    assert marked["answering"] == [citation["highlight_start"], citation["highlight_end"]]
    expect(page).to_have_title(f"{HARBOUR.title} · Pullquote")
    assert faults(page) == []


@pytest.mark.parametrize("article", [EMOJI, HOSTILE], ids=["emoji", "hostile"])
def test_any_stretch_of_any_article_has_an_address(page: Page, article: Article) -> None:
    page.goto(f"/a/{quote(article.id, safe='')}#c12-80")
    page.locator(".reading mark").first.wait_for()
    text = page.locator(".reading .text")
    assert text.evaluate("(element) => element.textContent") == article.text
    marks = "".join(page.locator(".reading mark").all_text_contents())
    assert marks == article.text[12:80].replace("\n", "")
    expect(text.locator("script, img, svg, iframe")).to_have_count(0)


def test_what_is_selected_can_be_linked_to(page: Page) -> None:
    page.goto("/a/emoji")
    page.locator(".reading .text").wait_for()
    page.evaluate("""() => {
      const text = document.querySelector('.reading .text p').firstChild;
      document.getSelection().setBaseAndExtent(text, 0, text, text.data.indexOf('The'));
    }""")
    link = page.get_by_role("link", name="Link to what is selected")
    expect(link).to_have_attribute("href", "/a/emoji#c0-4")
    link.click()
    expect(page.locator(".reading mark")).to_have_text("🐘🐘🐘 ")


def test_an_article_can_be_asked_alone(page: Page) -> None:
    page.goto("/a/harbour")
    page.get_by_label("Ask this article").last.fill(BASIN)
    with page.expect_request("**/ask") as request:
        page.keyboard.press("Enter")
    assert sent(request.value)["filters"] == {"article_ids": ["harbour"]}
    expect(page.locator("#filters-said")).to_have_text(f": {HARBOUR.title}")
    expect(page.locator(".turn")).to_contain_text("380 million")


def test_an_article_that_is_not_there_says_so(page: Page) -> None:
    page.goto("/a/nowhere")
    expect(page.get_by_role("alert")).to_contain_text("There is no article “nowhere” here.")
    expect(page.get_by_role("search")).to_be_hidden()


def test_an_address_that_is_no_text_names_no_article(page: Page) -> None:
    page.goto("/a/%E0%A4%A")
    expect(page.get_by_role("heading", name="Not available")).to_be_visible()
