"""The page of a server of several libraries, and the pages of each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from api.app import build_libraries_app
from api.guard.keys import KeyRing
from api.state import AppState
from rag import Pullquote, Settings
from tests.api.web.articles import ARTICLES, HARBOUR
from tests.api.web.conftest import ask
from tests.api.web.site_server import SiteServer
from tests.api.web.test_appearance import faults
from tests.api.web.test_asking import BASIN
from tests.fakes import FakeModels
from tests.homes import with_models
from tests.keyword_reader import KeywordReader


@pytest.fixture
def library_page(tab: Page, server: SiteServer, tmp_path: Path) -> Iterator[Page]:
    """The front page of a server of `city`, which has articles, and `sport`, which has none."""
    settings = Settings.model_validate({"home": with_models(tmp_path)})
    city = Pullquote.open(
        tmp_path / "city", settings, create=True, models=FakeModels(), reader=KeywordReader()
    )
    city.add_articles(ARTICLES)
    Pullquote.open(tmp_path / "sport", settings, create=True).close()
    state = AppState.of(city, "city")
    states = [state, AppState.of(city.open_beside(tmp_path / "sport"), "sport", state)]
    with server.app(build_libraries_app(states)):
        tab.goto("/")
        yield tab


def test_each_library_has_its_page(library_page: Page) -> None:
    page = library_page
    assert faults(page) == []
    page.get_by_role("link", name="city").click()
    page.locator("#edition", has_text="article").wait_for()
    expect(page.get_by_role("link", name="city")).to_have_attribute("title", "Other libraries")
    ask(page, BASIN)
    expect(page.locator(".turn")).to_contain_text("380 million")
    page.locator(".sources").get_by_role("link", name="Page of Harbour").click()
    expect(page.locator(".reading mark")).to_be_in_viewport()
    expect(page).to_have_title(f"{HARBOUR.title} · Pullquote")
    assert "/l/city/a/" in page.url
    page.get_by_role("link", name="Pullquote").click()
    page.get_by_role("link", name="city").click()
    page.get_by_role("link", name="sport").click()
    expect(page.locator("#welcome")).to_be_visible()
    # What is added here is of this library alone.
    page.get_by_role("button", name="Take the two samples").click()
    expect(page.locator(".uploads .state")).to_have_text("2 articles added")
    expect(page.locator("#edition")).to_contain_text("2 articles")
    page.locator(".shelf .title").first.click()
    expect(page.locator(".reading")).to_be_visible()
    page.get_by_role("link", name="Page of").click()
    expect(page.locator(".reading")).to_be_visible()
    assert "/l/sport/a/" in page.url
    page.get_by_role("link", name="Pullquote").click()
    expect(page.locator("#edition")).to_contain_text("2 articles")
    # Threads of one library are none of another.
    page.get_by_role("button", name="Threads").click()
    expect(page.locator("#panel")).not_to_contain_text(BASIN)


def test_a_key_of_another_library_is_asked_for_again(library_page: Page, tmp_path: Path) -> None:
    page, ring = library_page, KeyRing(tmp_path / "keys.json")
    _, secret = ring.add("sport desk", ("read",), ("sport",))
    page.reload()
    page.locator("#key-value").fill(secret)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="sport")).to_be_visible()
    expect(page.get_by_role("link", name="city")).to_have_count(0)
    page.goto("/l/city/")
    expect(page.locator("#key-value")).to_be_visible()
    page.goto("/l/sport/")
    page.locator("#key-value").fill(secret)
    page.keyboard.press("Enter")
    expect(page.locator("#edition")).to_contain_text("article")
