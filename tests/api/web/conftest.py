"""The page on the running application, in Debian's Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from api.app import build_app
from api.state import AppState
from rag import Pullquote, Settings
from rag.chat.base import ChatModel
from tests.api.web.articles import ARTICLES
from tests.api.web.site_server import SiteServer, listening
from tests.fakes import FakeModels
from tests.homes import with_models
from tests.keyword_reader import KeywordReader

# The shell has no window to draw, and takes two thirds of the time.
CHROMIUMS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
_MILLISECONDS = 30_000
VIEWPORT: ViewportSize = {"width": 1280, "height": 720}
AnswerPage = Callable[[str], Page]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A process less to start, and one less to talk to: a tenth of the time.
    "--in-process-gpu",
    "--no-zygote",
]


# Until it ends, Playwright keeps an event loop going in this thread, which would keep other
# folders' tests from running theirs.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    executable = next((path for path in CHROMIUMS if path.exists()), None)
    if executable is None:
        pytest.skip("no Chromium: apt-get install chromium-headless-shell")
    # The first file that a process adds waits for what reads files to be imported.
    expect.set_options(timeout=_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server() -> Iterator[SiteServer]:
    """The one address that all pages are loaded from."""
    with listening() as server:
        yield server


@contextmanager
def serving(
    server: SiteServer, home: Path, chat: ChatModel | None = None, **more: Any
) -> Iterator[None]:
    """Have the server answer with the application over the articles of this folder's tests."""
    settings = Settings.model_validate({"home": with_models(home), **more})
    pullquote = Pullquote.open(
        settings=settings, create=True, models=FakeModels(), reader=KeywordReader(), chat=chat
    )
    pullquote.add_articles(ARTICLES)
    app = build_app(AppState.of(pullquote))
    # The page does not read it, and it takes longer to make than the page to load.
    app.openapi_schema = {}
    with server.app(app):
        yield


@pytest.fixture(scope="package")
def shared_site(server: SiteServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site that tests only read from."""
    with serving(server, tmp_path_factory.mktemp("shared")):
        yield server.url


class Watched(NamedTuple):
    """A browser context, and what went wrong in it: script errors, refusals by the content
    security policy, requests to anywhere but the site."""

    context: BrowserContext
    wrong: list[str]


@contextmanager
def watched(chromium: Browser, url: str, **options: Any) -> Iterator[Watched]:
    """A context that fails the test when something went wrong in it."""
    context = chromium.new_context(base_url=url, **options)
    context.set_default_timeout(_MILLISECONDS)
    wrong: list[str] = []
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("console", lambda said: wrong.append(said.text) if _is_wrong(said.text) else None)
    context.on("request", lambda sent: None if _is_of(sent.url, url) else wrong.append(sent.url))
    yield Watched(context, wrong)
    context.close()
    assert wrong == []


def _is_of(address: str, url: str) -> bool:
    # What is given as a file has an address of its own.
    return address.removeprefix("blob:").startswith(url)


def _is_wrong(text: str) -> bool:
    return "Content Security Policy" in text or "Uncaught" in text


@pytest.fixture(scope="package")
def browsing(chromium: Browser, shared_site: str) -> Iterator[Watched]:
    """One context for all tests, which then fetch and compile the page's files once."""
    with watched(chromium, shared_site) as watch:
        yield watch


@pytest.fixture(scope="package")
def _one_tab(browsing: Watched) -> Page:
    return browsing.context.new_page()


@pytest.fixture
def tab(browsing: Watched, _one_tab: Page) -> Iterator[Page]:
    """A tab in which nothing is kept, of the site that is served.

    It is the same for all tests, since a new one is a new process, and put back by all that a test
    may do to it. Who adds a script or answers dialogs does so in a tab beside it, which is closed.
    """
    yield _one_tab
    for other in browsing.context.pages:
        if other is not _one_tab:
            other.close()
    _one_tab.unroute_all()
    _one_tab.evaluate("localStorage.clear(); sessionStorage.clear()")
    _one_tab.mouse.move(0, 0)
    if _one_tab.viewport_size != VIEWPORT:
        _one_tab.set_viewport_size(VIEWPORT)
    _one_tab.emulate_media(media="null", color_scheme="light", reduced_motion="no-preference")
    wrong = browsing.wrong.copy()
    browsing.wrong.clear()
    assert wrong == []


@pytest.fixture
def page(tab: Page) -> Page:
    """The front page of the shared site."""
    return front(tab)


@pytest.fixture
def clipboard_page(browsing: Watched, page: Page) -> Iterator[Page]:
    """The same, where it may use the clipboard."""
    browsing.context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield page
    browsing.context.clear_permissions()


@pytest.fixture(scope="package")
def answer_context(
    chromium: Browser, shared_site: str
) -> Iterator[tuple[Watched, dict[str, Page]]]:
    """A context, and in it a page for each question that was asked."""
    with watched(chromium, shared_site) as watch:
        yield watch, {}


@pytest.fixture
def answer_page(answer_context: tuple[Watched, dict[str, Page]]) -> Iterator[AnswerPage]:
    """The page on which a question alone was answered, loaded once for all tests that look at it
    or open what Escape closes."""
    watch, pages = answer_context

    def page_of(question: str) -> Page:
        if question not in pages:
            pages[question] = opened(watch.context)
            ask(pages[question], question)
        used.append(pages[question])
        return pages[question]

    used: list[Page] = []
    yield page_of
    for page in used:
        page.mouse.move(0, 0)
        page.keyboard.press("Escape")
        expect(page.locator("#panel")).to_be_hidden()
        expect(page.locator(".turn")).to_have_count(1)
    assert watch.wrong == []


@pytest.fixture
def own_page(tab: Page, server: SiteServer, tmp_path: Path) -> Iterator[Page]:
    """The front page of a site that the test may change."""
    with serving(server, tmp_path):
        yield front(tab)


def front(page: Page) -> Page:
    """The page, with the front page loaded into it."""
    page.goto("/")
    page.locator("#edition", has_text="article").wait_for()
    return page


def opened(context: BrowserContext) -> Page:
    """The front page in a tab of its own."""
    return front(context.new_page())


def ask(page: Page, question: str) -> None:
    """Type a question, and wait until it is answered."""
    turns = page.locator(".turn").count()
    page.locator("#question").fill(question)
    page.keyboard.press("Enter")
    page.locator(".turn").nth(turns).locator("xpath=self::*[@aria-busy='false']").wait_for()
