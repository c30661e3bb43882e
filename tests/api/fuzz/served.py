"""What is fuzzed over HTTP: bodies as strangers send them, and whole sequences of requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import build_app
from api.state import AppState
from rag.evidence import Reader
from tests.api.fuzz.target import Target
from tests.api.fuzz.targets import CHAT, chats, filters, json_values, near, texts, turns
from tests.api.fuzz.words import questions
from tests.api.http.conftest import listening, opened

__all__ = ["CHECKS", "http_targets", "workflow"]

# That nothing breaks and all is as the document says.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

_asked = near(
    {
        "question": texts | questions | st.just("Who sleeps for twenty hours a day?"),
        "top_k": st.integers(0, 101),
        "filters": filters,
        "history": turns,
        "mode": st.sampled_from(["extractive", "generative", "auto"]),
        "stream": st.booleans(),
        "time_filters": st.booleans(),
    }
)
_article = near(
    {
        "id": texts,
        "text": texts | st.just("Numbats eat termites all day long."),
        "title": texts,
        "url": texts | st.just("https://example.org/numbats"),
        "publisher": texts,
        "published_at": st.dates().map(str) | texts,
        "language": texts,
    }
)
_rpc = near(
    {
        "jsonrpc": st.just("2.0"),
        "id": st.integers() | texts,
        "method": st.sampled_from(["initialize", "tools/list", "tools/call", "ping"]) | texts,
        "params": near(
            {
                "name": st.sampled_from(["ask", "search", "get_article"]),
                "arguments": _asked | near({"id": texts}),
            }
        ),
    }
)

_responses = near(
    {
        "model": st.just("pullquote"),
        "input": texts | turns | st.lists(near({"type": st.just("message"), "content": turns})),
        "instructions": texts,
        "stream": st.booleans(),
        "previous_response_id": texts,
        "store": st.booleans(),
        "tools": json_values,
        "filters": filters,
    }
)

_ASK = {
    "question": "Who sleeps for twenty hours a day?",
    "top_k": 10,
    "filters": {"publisher": ["The Koalas Post"], "published_to": "2025-12-31"},
    "history": [
        {"role": "user", "content": "What do koalas eat?"},
        {"role": "assistant", "content": "Leaves. [1]"},
    ],
    "mode": "extractive",
    "stream": False,
    "time_filters": True,
}
_ARTICLE = {
    "id": "numbats",
    "text": "Numbats eat termites all day long. They weigh half a kilogram.",
    "title": "Numbats",
    "url": "https://example.org/numbats",
    "publisher": "The Numbats Post",
    "author": "Anna Weiss",
    "published_at": "2025-03-04",
    "language": "en",
}
_CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "ask", "arguments": {"question": _ASK["question"]}},
}
_START = {
    "jsonrpc": "2.0",
    "id": "a",
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "a", "version": "1"},
    },
}
_RESPONSE = {
    "model": "pullquote",
    "input": [{"role": "user", "content": [{"type": "input_text", "text": _ASK["question"]}]}],
    "instructions": "Be brief.",
    "stream": False,
    "text": {"format": {"type": "text"}},
}

# Bodies as they should be, and any near to these, of each route that takes one.
_BODIES: dict[str, tuple[list[Any], st.SearchStrategy[Any]]] = {
    "/ask": ([_ASK, {**_ASK, "stream": True}], _asked),
    "/search": ([{"question": _ASK["question"], "top_k": 3}], _asked),
    "/v1/chat/completions": ([CHAT, {**CHAT, "stream": True}], chats),
    "/v1/responses": ([_RESPONSE, {**_RESPONSE, "stream": True}], _responses),
    "/v1/embeddings": ([{"model": "pullquote", "input": ["a", "b"]}], json_values),
    "/ask/batch": (
        [{"questions": [_ASK["question"], "Why?"], "filters": _ASK["filters"]}],
        near({"questions": st.lists(texts, max_size=3), "filters": filters}),
    ),
    "/articles": (
        [_ARTICLE, [_ARTICLE, {**_ARTICLE, "id": "b"}], {"url": "https://example.org/feed"}],
        _article | st.lists(_article, max_size=3) | near({"url": texts}),
    ),
    "/mcp": ([_CALL, _START, [_CALL, _START]], _rpc | st.lists(_rpc, max_size=2)),
}

# Method, path, headers, body.
_JSON = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
_PART = (
    b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n'
    b"Content-Type: text/plain\r\n\r\nNumbats eat termites.\r\n--b--\r\n"
)
_REQUESTS: tuple[tuple[str, str, dict[str, str], bytes], ...] = (
    ("GET", "/articles?limit=2&cursor=a&publisher=The%20Emus%20Post&language=en&q=emus", {}, b""),
    ("GET", "/articles/emus", {"if-none-match": 'W/"1"', "accept-encoding": "gzip"}, b""),
    ("GET", "/articles/emus/versions?limit=3", {"range": "bytes=0-9"}, b""),
    ("PUT", "/articles/a%2Fb?wait=1", {**_JSON, "if-match": "*"}, json.dumps(_ARTICLE).encode()),
    ("DELETE", "/articles/none?wait=1", {"idempotency-key": "a"}, b""),
    ("GET", "/ask?q=Who%20sleeps%3F&top_k=3&publisher=a&stream=true", {"accept": "*/*"}, b""),
    ("GET", "/suggestions?article_id=emus&limit=3", {"x-request-id": "a"}, b""),
    ("GET", "/jobs/0123456789abcdef", {"authorization": "Bearer pq_a"}, b""),
    ("GET", "/a/emus", {"host": "localhost", "sec-fetch-site": "cross-site"}, b""),
    ("GET", "/v1/models/pullquote", {"origin": "https://a.example"}, b""),
    ("POST", "/ask", {**_JSON, "content-length": "400"}, json.dumps(_ASK).encode()),
    ("POST", "/articles", {"content-type": "multipart/form-data; boundary=b"}, _PART),
    ("POST", "/mcp", {**_JSON, "mcp-session-id": "a"}, json.dumps(_CALL).encode()),
    ("OPTIONS", "/ask", {"access-control-request-method": "POST", "origin": "http://a"}, b""),
)
_PIECES = [
    "/articles", "/versions", "/l/", "/v1", "?", "&", "%00", "%ff", "%2e%2e/", "=", ";", ",",
    "q=", "W/", "*", "boundary=", "\r\n", "--b", 'filename="', "filename*=utf-8''%ff", "chunked",
    "gzip", "bytes=", "Bearer ", "localhost",
]  # fmt: skip


@contextmanager
def http_targets(home: Path) -> Iterator[list[Target]]:
    """A target for each route that takes a body, and one for whole requests, while one application
    serves them."""
    state = AppState.of(opened(home))
    client = TestClient(build_app(state), "http://localhost", raise_server_exceptions=False)
    with client:
        assert state.ready.wait(600)
        yield [
            *(
                Target(path, _check(client, path), seeds, (), near_by | json_values, loose=True)
                for path, (seeds, near_by) in _BODIES.items()
            ),
            Target("requests", _requested(client), _REQUESTS, _PIECES),
        ]


def _check(client: TestClient, path: str) -> Callable[[Any], None]:
    def check(value: Any) -> None:
        response = client.post(path, content=json.dumps(value).encode(), headers=_JSON)
        _hold(response, path)

    return check


def _requested(client: TestClient) -> Callable[[Any], None]:
    def check(given: tuple[str, str, dict[str, str], bytes]) -> None:
        method, path, headers, body = given
        try:
            request = client.build_request(method, path, headers=headers, content=body)
        except (httpx2.InvalidURL, ValueError):
            return  # what no client can send
        if request.url.host in ("localhost", "testserver"):
            _hold(client.send(request), path)

    return check


def _hold(response: httpx2.Response, path: str) -> None:
    """What is said of any request is no fault of ours, and an error is said as all are."""
    # 503 is said of what the store cannot do; nothing that is sent is a reason.
    assert response.status_code < 500, response.text
    response.content.decode()
    kind = response.headers.get("content-type", "")
    if response.status_code >= 400 and not path.startswith("/mcp"):
        assert kind == "application/problem+json", kind
        assert response.json()["detail"]


@contextmanager
def workflow(home: Path, reader: Reader | None = None) -> Iterator[Any]:
    """Schemathesis' state machine over the OpenAPI document: what one answer names (an article, a
    job) is what a later request is about."""
    # A busy machine is no fault: the limit is tested elsewhere.
    app = build_app(AppState.of(opened(home, reader, request_timeout=110.0)))
    document = app.openapi()
    with listening(app) as address:
        loaded = schemathesis.openapi.from_dict(document)
        # Fifty questions in one request are read in more than the usual ten seconds.
        loaded.config.update(base_url=address, request_timeout=120)

        class Workflow(loaded.as_state_machine()):  # type: ignore[misc]
            def validate_response(self, response: Any, case: Any, **known: Any) -> None:
                case.validate_response(response, checks=CHECKS)

        yield Workflow
