"""The page on the running application, in Debian's Chromium."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.app import build_app
from api.state import AppState
from rag import Pullquote, Settings
from rag.chat.base import ChatModel
from tests.api.web.articles import ARTICLES
from tests.fakes import FakeModels
from tests.homes import with_models
from tests.keyword_reader import KeywordReader

# The shell has no window to draw, and takes two thirds of the time.
CHROMIUMS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
_MILLISECONDS = 30_000
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


def _with_cached_files(app: ASGIApp) -> ASGIApp:
    """The application, whose files browsers need not ask for again: they do not change during a
    test, and a page has forty."""

    async def with_age(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_age(message: Message) -> None:
            if message["type"] == "http.response.start" and "/static/" in scope["path"]:
                MutableHeaders(scope=message)["Cache-Control"] = "max-age=600"
            await send(message)

        await app(scope, receive, send_with_age)

    return with_age


class Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


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


@contextmanager
def serving(home: Path, chat: ChatModel | None = None, **more: Any) -> Iterator[str]:
    """The application over the articles of this folder's tests, and its address."""
    settings = Settings.model_validate({"home": with_models(home), **more})
    pullquote = Pullquote.open(
        settings=settings, create=True, models=FakeModels(), reader=KeywordReader(), chat=chat
    )
    pullquote.add_articles(ARTICLES)
    app = build_app(AppState.of(pullquote))
    # The page does not read it, and it takes longer to make than the page to load.
    app.openapi_schema = {}
    server = Server(uvicorn.Config(_with_cached_files(app), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, name="page under test")
    thread.start()
    try:
        assert server.listening.wait(30), "the server did not start"
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)


@pytest.fixture(scope="session")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site that tests only read from."""
    with serving(tmp_path_factory.mktemp("shared")) as url:
        yield url


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A site of its own, for a test that writes."""
    with serving(tmp_path) as url:
        yield url


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
    context.on("request", lambda sent: None if sent.url.startswith(url) else wrong.append(sent.url))
    yield Watched(context, wrong)
    context.close()
    assert wrong == []


def _is_wrong(text: str) -> bool:
    return "Content Security Policy" in text or "Uncaught" in text


@pytest.fixture(scope="module")
def browsing(chromium: Browser, shared_site: str) -> Iterator[Watched]:
    """One context for the tests of a module, which then fetch the page's files once."""
    with watched(chromium, shared_site) as watch:
        yield watch


@pytest.fixture
def page(browsing: Watched) -> Iterator[Page]:
    """The front page of the shared site."""
    page = opened(browsing.context)
    yield page
    for each in browsing.context.pages:
        each.close()
    assert browsing.wrong == []


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
def own_page(chromium: Browser, site: str) -> Iterator[Page]:
    """The front page of a site that the test may change."""
    with watched(chromium, site) as watch:
        yield opened(watch.context)


def opened(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/")
    page.locator("#edition", has_text="article").wait_for()
    return page


def ask(page: Page, question: str) -> None:
    """Type a question, and wait until it is answered."""
    turns = page.locator(".turn").count()
    page.locator("#question").fill(question)
    page.keyboard.press("Enter")
    page.locator(".turn").nth(turns).locator("xpath=self::*[@aria-busy='false']").wait_for()
