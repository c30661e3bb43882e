"""MCP over HTTP: the SDK's own client against a server that listens on loopback."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import httpx
import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from api.app import build_app
from api.guard.keys import KeyRing
from api.guard.limits import MAX_BODY_BYTES
from api.mcp.articles import list_resources
from api.mcp.text import answer_text, results_text
from api.pool import WorkPool
from api.state import AppState
from tests.api.http.conftest import Serve, listening, opened
from tests.api.http.test_ask import without_usage
from tests.api.http.test_load import StuckReader
from tests.chat import Scripted
from tests.keyword_reader import KeywordReader
from tests.rag.writing import HEIGHT, library

T = TypeVar("T")

ASKED = {"question": "How long are the burrows that wombats dig?"}
FILTERED = {"question": "Who sleeps?", "top_k": 1, "filters": {"publisher": ["The Koalas Post"]}}
# The protocol as it is since 2026, and as most clients still speak it.
MODES = ("auto", "legacy")
HEADERS = {"Accept": "application/json, text/event-stream"}
LISTED = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
MESSAGE = json.dumps(LISTED)


@pytest.fixture(scope="module")
def address(shared_address: str) -> str:
    """One for the tests that only read."""
    return shared_address


def talk(
    address: str, talked: Callable[[Client], Awaitable[T]], mode: str = "auto", **headers: str
) -> T:
    """What comes of it when a client of the SDK is connected and handed over."""

    async def connected() -> T:
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(httpx2.AsyncClient(headers=headers, timeout=60))
            transport = streamable_http_client(f"{address}/mcp", http_client=http)
            return await talked(await stack.enter_async_context(Client(transport, mode=mode)))

    return asyncio.run(connected())


def call(address: str, tool: str, arguments: dict[str, Any], **known: str) -> Any:
    """The result of one tool call, as JSON."""

    async def called(client: Client) -> Any:
        return (await client.call_tool(tool, arguments)).model_dump(by_alias=True)

    return talk(address, called, **known)


def refused(message: str) -> pytest.RaisesGroup[MCPError]:
    """Expects a refusal that says this; the client's task groups wrap it."""
    return pytest.RaisesGroup(pytest.RaisesExc(MCPError, match=message), flatten_subgroups=True)


@pytest.mark.parametrize("mode", MODES)
def test_the_tools_are_described(address: str, mode: str) -> None:
    tools = {each.name: each for each in talk(address, Client.list_tools, mode).tools}
    assert set(tools) == {"ask", "search", "get_article"}
    assert set(tools["ask"].input_schema["properties"]) == {
        "question",
        "top_k",
        "filters",
        "history",
        "time_filters",
        "timeline",
        "search_results",
    }
    assert tools["get_article"].input_schema["required"] == ["id"]
    for each in tools.values():
        assert each.output_schema
        assert "examples" not in json.dumps([each.input_schema, each.output_schema])


@pytest.mark.parametrize("mode", MODES)
def test_ask_gives_what_the_api_gives(address: str, mode: str) -> None:
    result = call(address, "ask", {**ASKED, "search_results": True}, mode=mode)
    expected = httpx.post(f"{address}/ask", json=ASKED).json()
    assert not result["isError"]
    assert without_usage(result["structuredContent"]) == without_usage(expected)
    brief = call(address, "ask", ASKED, mode=mode)["structuredContent"]
    assert without_usage(brief) == without_usage({**expected, "search_results": []})


def test_the_text_beside_it_is_there_to_be_read(address: str) -> None:
    text = call(address, "ask", ASKED)["content"][0]["text"]
    answer, footnote, confidence = text.split("\n\n")
    assert answer == "Wombats dig burrows of thirty metres. [1]"
    assert footnote == (
        f"[1] Wombats, The Wombats Post. {address}/a/wombats#c0-37\n"
        "    “Wombats dig burrows of thirty metres.”"
    )
    assert confidence.startswith("Confidence ")
    assert "Koalas" not in text
    assert (
        "Nearest passages"
        in call(address, "ask", {**ASKED, "search_results": True})["content"][0]["text"]
    )
    found = call(address, "search", FILTERED)["content"][0]["text"]
    page = f"{address}/a/koalas"
    assert found.startswith(f"1. Koalas, The Koalas Post. {page}#c0-71\nKoalas eat")
    assert httpx.get(page).headers["content-type"].startswith("text/html")
    whole = call(address, "get_article", {"id": "koalas"})["content"][0]["text"]
    assert whole.startswith(f"Koalas\nThe Koalas Post\n{page}\n\n")


def test_what_nothing_backs_says_so(tmp_path: Path) -> None:
    chat = Scripted(f"{HEIGHT} [1] It is haunted. It is old.")
    with library(tmp_path, chat, unsupported="flag") as pullquote:
        answer = pullquote.ask("How tall is the Lunden tower?")
    note = "(no article backs this)"
    assert answer_text(answer.as_json()).startswith(
        f"{HEIGHT} [1] It is haunted. {note} It is old. {note}\n\n[1] "
    )


def test_what_was_published_elsewhere_has_both_links() -> None:
    lead = {
        "document_id": "a/b",
        "document_title": "Tolls",
        "url": "https://example.org/tolls",
        "start_char_index": 3,
        "end_char_index": 9,
        "text": "x",
    }
    record = {"search_results": [lead, {**lead, "url": None}]}
    served = results_text(record, "http://here/")
    assert served.splitlines()[0] == "1. Tolls. https://example.org/tolls http://here/a/a%2Fb#c3-9"
    first, _, _, other, _ = results_text(record).splitlines()
    assert (first, other) == (
        "1. Tolls. https://example.org/tolls",
        "2. Tolls. pullquote://articles/a%2Fb",
    )


@pytest.mark.parametrize("mode", MODES)
def test_articles_are_resources(address: str, mode: str) -> None:
    listed = talk(address, Client.list_resources, mode).resources
    assert {each.uri for each in listed} == {
        f"pullquote://articles/{name}" for name in ("wombats", "koalas", "emus")
    }
    read = talk(address, lambda client: client.read_resource("pullquote://articles/emus"), mode)
    text = read.contents[0].text  # type: ignore[union-attr]
    assert text.startswith(f"Emus\nThe Emus Post\n{address}/a/emus\n\n")
    (template,) = talk(address, Client.list_resource_templates, mode).resource_templates
    assert template.uri_template == "pullquote://articles/{id}"


@pytest.mark.parametrize(
    ("uri", "says"),
    [("pullquote://articles/yeti", "no article 'yeti'"), ("file:///etc/passwd", "no resource")],
)
def test_what_is_no_article_is_no_resource(address: str, uri: str, says: str) -> None:
    with refused(says):
        talk(address, lambda client: client.read_resource(uri))


def test_a_prompt_asks_the_articles(address: str) -> None:
    (prompt,) = talk(address, Client.list_prompts).prompts
    given = talk(address, lambda client: client.get_prompt(prompt.name, {"question": "Who {x}?"}))
    assert "Who {x}?" in given.messages[0].content.text  # type: ignore[union-attr]
    with refused("question: it is missing"):
        talk(address, lambda client: client.get_prompt(prompt.name, {}))


def test_search_and_get_article_give_what_the_api_gives(address: str) -> None:
    found = call(address, "search", FILTERED)["structuredContent"]
    assert found == httpx.post(f"{address}/search", json=FILTERED).json()
    (best,) = found["search_results"]
    whole = call(address, "get_article", {"id": best["document_id"]})["structuredContent"]
    assert whole == httpx.get(f"{address}/articles/koalas").json()
    assert whole["text"][best["start_char_index"] : best["end_char_index"]] == best["text"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("ask", {}, "question: it is missing"),
        ("ask", {"question": "x" * 2001}, "question: at most 2000 characters are taken"),
        ("ask", {"question": " ?! "}, "question: it is empty: ask something in words"),
        ("ask", {"question": "Who?", "top_k": 0}, "top_k: "),
        ("search", {"question": "?"}, "question: it is empty: ask something in words"),
        ("search", {"question": "Who?", "nonsense": 1}, "nonsense: "),
        ("get_article", {"id": "yeti"}, "no article 'yeti' in the library"),
    ],
)
def test_what_cannot_be_answered_is_said_to_the_model(
    address: str, tool: str, arguments: dict[str, Any], says: str, mode: str
) -> None:
    result = call(address, tool, arguments, mode=mode)
    assert result["isError"]
    assert result["content"][0]["text"].startswith(says)
    assert "Traceback" not in result["content"][0]["text"]


def test_an_unknown_tool_is_an_error_of_the_protocol(address: str) -> None:
    with refused("no tool 'drop_tables'; there are ask, search, get_article"):
        call(address, "drop_tables", {})


def test_keys(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "home" / "keys.json")
    key, secret = ring.add("desk", ("read",))
    with listening(build_app(AppState.of(opened(tmp_path / "home")))) as address:
        assert not call(address, "ask", ASKED, Authorization=f"Bearer {secret}")["isError"]
        for headers in ({}, {"Authorization": "Bearer pq_wrong"}):
            with refused("an API key is needed"):
                call(address, "ask", ASKED, **headers)
            sent = httpx.post(f"{address}/mcp", json=LISTED, headers={**HEADERS, **headers})
            assert sent.status_code == 401
            assert sent.headers["www-authenticate"] == "Bearer"
        ring.revoke(key.id)
        with refused("an API key is needed"):
            call(address, "ask", ASKED, Authorization=f"Bearer {secret}")


def test_rates_hosts_origins_and_sizes_are_those_of_the_api(serve: Serve) -> None:
    client = serve(rate_limit=4)

    def sent(content: str | Iterator[bytes] = MESSAGE, **headers: str) -> int:
        known = {"Content-Type": "application/json", **HEADERS, **headers}
        return client.post("/mcp", content=content, headers=known).status_code

    assert sent(Host="evil.example") == 400
    assert sent(Origin="http://evil.example") == 403
    assert sent("x" * (MAX_BODY_BYTES + 1)) == 413
    assert sent(b" " * 100_000 for _ in range(11)) == 413
    assert sent() == 200
    assert sent(json.dumps([LISTED, LISTED])) == 400
    assert sent("{") == 400
    assert sent() == 429
    assert client.get("/mcp", headers=HEADERS).status_code == 405


def test_a_full_queue_is_told_to_the_model(tmp_path: Path) -> None:
    reader = StuckReader()
    state = AppState.of(opened(tmp_path / "home", reader, work_threads=1, queue=0))
    with listening(build_app(state)) as address:
        assert state.ready.wait(30)
        waiting = threading.Thread(target=call, args=(address, "ask", ASKED))
        waiting.start()
        try:
            assert reader.reading.acquire(timeout=30)
            told = call(address, "ask", ASKED)
            assert told["isError"]
            assert "try again in a moment" in told["content"][0]["text"]
            # What needs no model is not held up.
            assert not call(address, "get_article", {"id": "emus"})["isError"]
        finally:
            reader.go.set()
            waiting.join()


def test_what_takes_too_long_is_told_to_the_model(tmp_path: Path) -> None:
    reader = StuckReader()
    state = AppState.of(opened(tmp_path / "home", reader, work_threads=1, request_timeout=0.05))
    with listening(build_app(state)) as address:
        try:
            late = call(address, "ask", ASKED)
            assert late["isError"]
            assert "no answer within" in late["content"][0]["text"]
        finally:
            reader.go.set()


def test_a_busy_library_says_so_where_articles_are_listed(tmp_path: Path) -> None:
    go, busy = threading.Event(), WorkPool("busy", 1, 0, 1.0)
    busy.submit(go.wait)
    state = replace(AppState.of(opened(tmp_path / "home", KeywordReader())), reads=busy)
    try:
        with pytest.raises(MCPError, match="try again in a moment"):
            asyncio.run(list_resources(state, None))
    finally:
        go.set()
        state.close()
