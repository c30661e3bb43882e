"""What is sent before anybody is known: nothing of it is read, and what is read is bounded."""

from __future__ import annotations

import asyncio
import gzip
import json
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from api.app import build_app
from api.guard.json_body import MAX_LIST, MAX_VALUES, check_bounds, parse_json
from api.guard.keys import KeyRing
from api.guard.limits import BodyLimit
from api.problem import MAX_ERRORS, Problem
from api.state import AppState
from tests.api.http.conftest import Serve, opened

JSON = {"Content-Type": "application/json"}
MEGABYTE = 1 << 20

Message = MutableMapping[str, Any]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """One application for all that changes nothing in it."""
    state = AppState.of(opened(tmp_path_factory.mktemp("home")))
    app = build_app(state)
    with TestClient(app, "http://localhost", raise_server_exceptions=False) as client:
        assert state.ready.wait(600)
        yield client


@contextmanager
def at_most(megabytes: int) -> Iterator[None]:
    """What is allocated inside never comes to more."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < megabytes * MEGABYTE, f"{peak / MEGABYTE:.0f} MB"


def sent_to(
    app: ASGIApp, receive: Callable[[], Awaitable[Message]], method: str = "PUT", **headers: str
) -> list[Message]:
    """What an application answers to a body that comes as ``receive`` says."""
    answers: list[Message] = []

    async def send(message: Message) -> None:
        answers.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": "/articles/x",
        "raw_path": b"/articles/x",
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", b"localhost"),
            *[(name.replace("_", "-").encode(), each.encode()) for name, each in headers.items()],
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }

    async def answered() -> None:
        await app(scope, receive, send)

    asyncio.run(answered())
    return answers


async def never() -> Message:
    raise AssertionError("nothing of the body is read")


def test_without_a_key_nothing_of_64_megabytes_is_read(serve: Serve, tmp_path: Path) -> None:
    client = serve()
    KeyRing(tmp_path / "home" / "keys.json").add("r", ("read",))
    answers = sent_to(
        client.app, never, content_type="application/json", content_length=str(60 * MEGABYTE)
    )
    assert answers[0]["status"] == 413
    # Of no stated length, and of one that is allowed.
    for headers in ({}, {"content_length": str(30 * MEGABYTE)}):
        answers = sent_to(client.app, never, content_type="application/json", **headers)
        assert answers[0]["status"] == 401


@pytest.mark.parametrize("size", [MAX_VALUES + 1, 3 * MEGABYTE])
def test_a_list_of_zeros_costs_little(client: TestClient, size: int) -> None:
    zeros = b"[" + b"0," * size + b"0]"
    with at_most(48):
        refused = client.post("/articles", content=zeros, headers=JSON)
    assert refused.status_code == 422
    assert len(refused.json()["errors"]) <= MAX_ERRORS
    assert len(refused.content) < 10_000


@pytest.mark.parametrize("path", ["/ask", "/v1/chat/completions", "/search"])
@pytest.mark.parametrize("name", ["history", "messages", "filters", "question"])
def test_so_it_does_inside_of_a_question(client: TestClient, path: str, name: str) -> None:
    body = json.dumps({"question": "Who sleeps?", name: [0] * 300_000}).encode()
    with at_most(24):
        refused = client.post(path, content=body, headers=JSON)
    assert refused.status_code == (400 if path.startswith("/v1") else 422)
    assert len(refused.content) < 10_000


def test_an_article_of_many_fields_costs_little(client: TestClient) -> None:
    fields = {f"field {number}": 0 for number in range(100_000)}
    body = json.dumps(fields).encode()
    with at_most(32):
        refused = client.post("/articles", content=body, headers=JSON)
    assert refused.status_code == 422
    assert len(refused.json()["errors"]) <= MAX_ERRORS


@pytest.mark.parametrize("name", ["title", "publisher", "author"])
def test_a_line_of_an_article_has_an_end(client: TestClient, name: str) -> None:
    refused = client.post("/articles", json={"text": "Wombats dig.", name: "x" * 2001})
    assert refused.status_code == 422
    wrong = {"where": f"body.{name}", "what": "at most 2000 characters are taken"}
    assert refused.json()["errors"] == [wrong]


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": "Who?"}]}),
        ("/v1/responses", {"input": "Who?"}),
        ("/v1/embeddings", {"input": "Who?"}),
    ],
)
def test_the_name_of_a_model_has_an_end(
    client: TestClient, path: str, asked: dict[str, Any]
) -> None:
    refused = client.post(path, json={**asked, "model": "x" * 257})
    assert refused.status_code == 400
    assert refused.json()["error"]["param"] == "model"


def test_so_many_values_in_a_filter_are_named(client: TestClient) -> None:
    asked = {"question": "Who?", "filters": {"article_ids": [str(each) for each in range(15_000)]}}
    refused = client.post("/ask", json=asked)
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["where"] == "body.filters.article_ids"
    assert error["what"] == "at most 10,000 values in a list, not 15,000"
    asked["filters"] = {"publisher": ["x"] * 150_000}
    assert client.post("/ask", json=asked).status_code == 422


@pytest.mark.parametrize("name", ["publisher", "language", "article_ids"])
def test_as_many_as_are_allowed_can_be_searched_with(client: TestClient, name: str) -> None:
    filters = {name: [f"x{each}" for each in range(MAX_LIST)]}
    assert client.post("/ask", json={"question": "Who?", "filters": filters}).status_code == 200


def test_what_mcp_is_sent_is_bounded_too(client: TestClient) -> None:
    arguments = {"question": "Who?", "filters": {"publisher": ["x"] * 150_000}}
    call = {"name": "ask", "arguments": arguments}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    headers = {"Accept": "application/json, text/event-stream"}
    result = client.post("/mcp", json=message, headers=headers).json()["result"]
    assert result["isError"]
    assert "at most 10,000 values" in result["content"][0]["text"]


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"a":' * 1000 + b"0" + b"}" * 1000, b'["' + b'\\"' * 100_000, b'["\\'],
)
def test_nested_and_unfinished_json(client: TestClient, body: bytes) -> None:
    for path in ("/ask", "/articles"):
        refused = client.post(path, content=body, headers=JSON)
        assert refused.status_code in (400, 422)
        assert refused.headers["content-type"] == "application/problem+json"


def test_commas_in_words_are_no_values() -> None:
    assert parse_json(b'{"text": "' + b"a, b: [c], {d} " * 1000 + b'\\""}', 4) == {
        "text": "a, b: [c], {d} " * 1000 + '"'
    }
    for hidden in ('["\\"", 0, 0, 0]', '[ "∢", 0, 0, 0]'):
        with pytest.raises(Problem):
            parse_json(hidden.encode(), 3)


def test_json_is_utf_8() -> None:
    # Half of this letter is a quotation mark: what follows would be counted as a word.
    for encoding in ("utf-16", "utf-16-le", "utf-32"):
        with pytest.raises(Problem) as refused:
            parse_json(f'["∢", {"0," * 50} 0]'.encode(encoding), 100)
        assert refused.value.status in (400, 422)
    assert parse_json('﻿["ä"]'.encode(), 10) == ["ä"]


def test_long_names_are_not_repeated_for_each_value() -> None:
    nested: dict[str, list[list[int]]] = {"k" * MEGABYTE: [[] for _ in range(MAX_LIST)]}
    with at_most(8):
        assert check_bounds(nested, "body") is nested
        with pytest.raises(Problem) as refused:
            check_bounds({"k" * MEGABYTE: [0] * (MAX_LIST + 1)}, "body")
        assert len(str(refused.value)) < 200


# Time


def test_a_body_that_stops_coming_is_given_up(serve: Serve) -> None:
    client = serve(receive_timeout=0.01)
    parts = iter([{"type": "http.request", "body": b'{"text": "', "more_body": True}])

    async def stops() -> Message:
        for part in parts:
            return part
        await asyncio.Event().wait()
        raise AssertionError

    answers = sent_to(client.app, stops, content_type="application/json")
    assert answers[0]["status"] == 408


@pytest.mark.parametrize(("first", "whole"), [(b"x" * 16384, True), (b"", False)])
def test_what_comes_buys_time(first: bytes, whole: bool) -> None:
    parts = iter((first, b"x"))

    async def receive() -> Message:
        part = next(parts)
        if part == b"x":
            # Long enough for a time limit that is over.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        return {"type": "http.request", "body": part, "more_body": part != b"x"}

    ended: list[bool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["more_body"]:
            pass
        ended.append(True)

    limited = BodyLimit(app, max_upload_bytes=MEGABYTE, timeout=1e-9)
    with nullcontext() if whole else pytest.raises(HTTPException):
        sent_to(limited, receive)
    assert bool(ended) is whole


def test_all_bodies_together_are_bounded() -> None:
    entered = 0

    async def many() -> list[int]:
        gone = asyncio.Event()
        statuses: list[int] = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            nonlocal entered
            try:
                await receive()
                entered += 1
                await gone.wait()
            except HTTPException as exc:
                statuses.append(exc.status_code)
                gone.set()

        async def receive() -> Message:
            return {"type": "http.request", "body": b"x" * MEGABYTE, "more_body": True}

        async def send(message: Message) -> None: ...

        limited = BodyLimit(app, max_upload_bytes=MEGABYTE, timeout=60)
        scope = {"type": "http", "path": "/ask", "headers": []}
        await asyncio.gather(*(limited(dict(scope), receive, send) for _ in range(17)))
        assert limited._held_bytes == 0
        return statuses

    assert asyncio.run(many()) == [503]
    assert entered == 16


def test_json_that_is_called_a_form_is_told_which_header_it_needs(client: TestClient) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    refused = client.post("/ask", content=b'{"question": "Who sleeps?"}', headers=form)
    assert refused.status_code == 422
    assert refused.json()["detail"].endswith("with the header Content-Type: application/json")


@pytest.mark.parametrize(
    "body",
    [
        b'{"question": "Who runs?", "question": "Who sleeps?"}',
        b'{"question": "Who sleeps?", "filters": {"language": ["en"], "language": ["de"]}}',
    ],
)
def test_a_key_that_stands_twice_is_an_error(client: TestClient, body: bytes) -> None:
    refused = client.post("/ask", content=body, headers=JSON)
    assert (refused.status_code, "twice" in refused.json()["detail"]) == (400, True)


@pytest.mark.parametrize("path", ["/ask", "/articles"])
def test_what_is_compressed_is_refused_with_the_reason(client: TestClient, path: str) -> None:
    body = gzip.compress(b'{"question": "Who sleeps?"}')
    refused = client.post(path, content=body, headers={**JSON, "Content-Encoding": "gzip"})
    assert (refused.status_code, "'gzip'" in refused.json()["detail"]) == (415, True)
    assert refused.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json; charset=latin-1", 200),
        ('application/json; charset="utf-8"', 200),
        ("application/vnd.news+json", 200),
        ("text/json", 422),
        ("", 422),
    ],
)
def test_content_types_of_a_question(client: TestClient, kind: str, status: int) -> None:
    body = b'{"question": "Who sleeps?"}'
    answer = client.post("/ask", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert status == 200 or "application/json" in answer.json()["detail"]
