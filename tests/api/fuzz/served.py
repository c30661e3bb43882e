"""What is fuzzed over HTTP: bodies as strangers send them, and whole sequences of requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
from tests.api.fuzz.targets import Target, chats, filters, json_values, near, texts, turns
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

_BODIES = {
    "/ask": _asked,
    "/search": _asked,
    "/v1/chat/completions": chats,
    "/v1/responses": _responses,
    "/ask/batch": near({"questions": st.lists(texts, max_size=3), "filters": filters}),
    "/articles": _article | st.lists(_article, max_size=3) | near({"url": texts}),
    "/mcp": _rpc | st.lists(_rpc, max_size=2),
}


@contextmanager
def http_targets(home: Path) -> Iterator[list[Target]]:
    """A target for each route that takes a body, while one application serves them."""
    state = AppState.of(opened(home))
    client = TestClient(build_app(state), "http://localhost", raise_server_exceptions=False)
    with client:
        assert state.ready.wait(600)
        yield [
            Target(path, inputs | json_values, _check(client, path))
            for path, inputs in _BODIES.items()
        ]


def _check(client: TestClient, path: str) -> Callable[[Any], None]:
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}

    def check(value: Any) -> None:
        response = client.post(path, content=json.dumps(value).encode(), headers=headers)
        # 503 is said of what the store cannot do; nothing that is sent is a reason.
        assert response.status_code < 500, response.text
        response.content.decode()
        kind = response.headers.get("content-type", "")
        if response.status_code >= 400 and path != "/mcp":
            assert kind == "application/problem+json", kind
            assert response.json()["detail"]

    return check


@contextmanager
def workflow(home: Path) -> Iterator[Any]:
    """Schemathesis' state machine over the OpenAPI document: what one answer names (an article, a
    job) is what a later request is about."""
    app = build_app(AppState.of(opened(home)))
    document = app.openapi()
    with listening(app) as address:
        loaded = schemathesis.openapi.from_dict(document)
        loaded.config.update(base_url=address)

        class Workflow(loaded.as_state_machine()):  # type: ignore[misc]
            def validate_response(self, response: Any, case: Any, **known: Any) -> None:
                case.validate_response(response, checks=CHECKS)

        yield Workflow
