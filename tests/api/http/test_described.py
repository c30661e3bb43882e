"""Every route's real answer has the fields that the OpenAPI document gives it, and no others, so
that a client that is generated from the document reads all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from fastapi.testclient import TestClient

from api.app import build_app
from api.state import AppState
from tests.api.http.conftest import opened

jsonschema_rs = pytest.importorskip("jsonschema_rs")

QUESTION = "How long are the burrows that wombats dig?"
NEW = {"title": "Numbats", "text": "Numbats eat termites all day long.", "author": "Jo Rowe"}


class Call(NamedTuple):
    """A request: what stands in the path, the query, and what is sent."""

    name: str = ""
    query: Mapping[str, str] | None = None
    body: Any = None


CALLS: dict[str, list[Call]] = {
    "add_articles": [Call(body=NEW)],
    "add_samples": [Call()],
    "ask": [
        Call(body={"question": QUESTION}),
        Call(body={"question": "Which goalkeeper stopped most penalties?"}),
        Call(body={"question": "Koalas", "timeline": True}),
        Call(body={"question": "What do koalas eat and how fast do emus run?"}),
    ],
    "ask_batch": [Call(body={"questions": [QUESTION, "?!"]})],
    "ask_by_link": [Call(query={"q": QUESTION})],
    "create_chat_completion": [
        Call(body={"model": "pullquote", "messages": [{"role": "user", "content": QUESTION}]})
    ],
    "create_embeddings": [Call(body={"model": "pullquote", "input": [QUESTION]})],
    "create_response": [Call(body={"model": "pullquote", "input": QUESTION})],
    "get_article": [Call(name="wombats")],
    "get_job": [Call()],
    "get_model": [Call(name="pullquote")],
    "health": [Call()],
    "list_articles": [Call(query={"limit": "2"})],
    "list_languages": [Call()],
    "list_models": [Call()],
    "list_publishers": [Call()],
    "list_versions": [Call(name="wombats")],
    "metrics": [Call()],
    "put_article": [Call(name="bees", body={"text": "Bees dance in the hive."})],
    "readiness": [Call()],
    "remove_article": [Call(name="emus")],
    "search": [Call(body={"question": QUESTION})],
    "suggest": [Call(query={"limit": "2"})],
    "version": [Call()],
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    state = AppState.of(opened(tmp_path_factory.mktemp("described")))
    with TestClient(build_app(state), base_url="http://localhost") as client:
        assert state.ready.wait(600)
        yield client


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    """The document as clients get it, its objects closed to what they do not name."""
    document: dict[str, Any] = client.get("/openapi.json").json()
    _close(document["components"]["schemas"])
    return document


def _close(part: Any) -> None:
    for inner in part.values() if isinstance(part, dict) else part:
        if isinstance(inner, dict | list):
            _close(inner)
    if isinstance(part, dict) and isinstance(part.get("properties"), dict):
        part.setdefault("additionalProperties", False)


def test_every_operation_is_called(document: dict[str, Any]) -> None:
    described = [
        operation["operationId"]
        for methods in document["paths"].values()
        for operation in methods.values()
    ]
    assert sorted(described) == sorted(CALLS)


@pytest.mark.parametrize("operation", CALLS)
def test_an_answer_is_as_described(
    client: TestClient, document: dict[str, Any], operation: str
) -> None:
    path, method, described = next(
        (path, method, each)
        for path, methods in document["paths"].items()
        for method, each in methods.items()
        if each["operationId"] == operation
    )
    for call in CALLS[operation]:
        name = call.name
        if operation == "get_job":
            name = client.post("/articles", params={"wait": "0"}, json=NEW).json()["id"]
        address = re.sub(r"\{\w+\}", name, path)
        answer = client.request(method.upper(), address, params=call.query, json=call.body)
        assert answer.is_success, answer.text
        content = described["responses"][str(answer.status_code)].get("content", {})
        if not content:
            assert answer.content == b""
        elif answer.headers["content-type"] == "application/json":
            schema = content["application/json"]["schema"]
            whole = {**schema, "components": document["components"]}
            jsonschema_rs.validate(whole, answer.json())
        else:
            assert answer.headers["content-type"].partition(";")[0] in content


def test_a_field_that_is_not_described_would_be_seen(document: dict[str, Any]) -> None:
    whole = {"$ref": "#/components/schemas/Health", "components": document["components"]}
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(whole, {"status": "ok", "secret": 1})
