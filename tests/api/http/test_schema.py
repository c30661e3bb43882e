from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from api.app import build_app
from api.state import AppState
from tests.api.fuzz.served import CHECKS
from tests.api.http.conftest import listening, opened
from tests.keyword_reader import KeywordReader


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, description: dict[str, Any]) -> FastAPI:
    # The real reader is silent about what is made up here, and takes most of the time for it; what
    # is sent to it is fuzzed in tests/api/fuzz.
    app = build_app(AppState.of(opened(tmp_path_factory.mktemp("schema"), KeywordReader())))
    app.openapi_schema = description
    return app


@pytest.fixture(scope="module")
def schema(app: FastAPI, description: dict[str, Any]) -> Any:
    with listening(app) as address:
        # Until then its threads import modules, and so does schemathesis; Python 3.11 may fail when
        # pytest rewrites two at once ("AST constructor recursion depth mismatch").
        assert app.state.pullquote.ready.wait(600)
        loaded = schemathesis.openapi.from_dict(description)
        # The first file that a process adds waits for what reads files to be imported: on a busy
        # machine for more than the usual ten seconds.
        loaded.config.update(base_url=address, request_timeout=60)
        yield loaded


OPERATIONS = (
    "add_articles",
    "add_samples",
    "ask",
    "ask_batch",
    "ask_by_link",
    "create_chat_completion",
    "create_embeddings",
    "create_response",
    "get_article",
    "get_job",
    "get_model",
    "health",
    "list_articles",
    "list_languages",
    "list_models",
    "list_publishers",
    "list_versions",
    "metrics",
    "put_article",
    "readiness",
    "remove_article",
    "search",
    "suggest",
    "version",
)


# What OpenAI's protocol leaves open, and its clients bring types for.
OF_OPENAI = (
    "ChatOut.pullquote",
    "ProblemBody.error",
    "ResponseOut.output",
    "ResponseOut.pullquote",
    "ResponseOut.tools",
    "ResponseOut.usage",
)
WRITING = ("add_articles", "add_samples", "put_article", "remove_article")


# Schemathesis' own plugin does not know pytest 9 yet; its strategies need no plugin.
@pytest.mark.parametrize("operation", OPERATIONS)
def test_nothing_that_is_sent_breaks_it(schema: Any, operation: str) -> None:
    described = schema.find_operation_by_id(operation)

    @given(case=described.as_strategy() | described.as_strategy(GenerationMode.NEGATIVE))
    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def check(case: Any) -> None:
        response = case.call()
        if response.status_code == 503 and operation in WRITING:
            # Jobs are queued faster than a busy machine does them.
            assert "retry-after" in response.headers, response.text
            return
        case.validate_response(response, checks=CHECKS)

    check()


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_operation_ids_are_stable(description: dict[str, Any]) -> None:
    assert sorted(each["operationId"] for _, each in operations(description)) == [*OPERATIONS]


def test_every_route_has_examples_and_lists_its_errors(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    for name, operation in operations(description):
        for status, response in operation["responses"].items():
            for kind, content in response.get("content", {}).items():
                referred = content["schema"].get("$ref", "/").rsplit("/", 1)[1]
                known = schemas.get(referred, {})
                assert "example" in content or known.get("examples"), (name, status, kind)
                if status >= "400" and name != "get /readyz":
                    assert kind == "application/problem+json", (name, status)
        assert operation["summary"]
        assert operation["description"]


def _is_typed(schema: dict[str, Any]) -> bool:
    """Whether a schema says what its values are: no bare object, no list of anything."""
    if "$ref" in schema or "const" in schema or "enum" in schema:
        return True
    if variants := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return all(map(_is_typed, variants))
    if schema.get("type") == "array":
        return _is_typed(schema.get("items", {}))
    if schema.get("type") == "object":
        fields = [*schema.get("properties", {}).values()]
        more = schema.get("additionalProperties")
        fields += [more] if isinstance(more, dict) else []
        return bool(fields) and all(map(_is_typed, fields))
    return "type" in schema


def test_a_typed_client_can_be_made_of_it(description: dict[str, Any]) -> None:
    """What goes into each route and comes out of it has a type, and each may be refused."""
    untyped: list[str] = []
    for name, operation in operations(description):
        assert operation["operationId"].isidentifier()
        assert operation["tags"]
        parts = [(each["name"], each["schema"]) for each in operation.get("parameters", [])]
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            parts.append((kind, content["schema"]))
        for status, response in operation["responses"].items():
            for kind, content in response.get("content", {}).items():
                # Of a stream the schema is of one event.
                if status >= "400" or kind == "application/json":
                    assert content["schema"].get("$ref"), (name, status, kind)
                parts.append((f"{status} {kind}", content["schema"]))
        untyped += [f"{name}: {part}" for part, schema in parts if not _is_typed(schema)]
        assert any(status < "400" for status in operation["responses"]), name
        if name != "get /healthz":
            assert any(status >= "400" for status in operation["responses"]), name
    for name, schema in description["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            untyped += [f"{name}.{field}"] if not _is_typed(described) else []
    assert sorted(untyped) == [*OF_OPENAI]


def test_examples_are_valid(description: dict[str, Any]) -> None:
    jsonschema_rs = pytest.importorskip("jsonschema_rs")
    for name, described in description["components"]["schemas"].items():
        whole = {"$ref": f"#/components/schemas/{name}", "components": description["components"]}
        for example in described.get("examples", []):
            jsonschema_rs.validate(json.loads(json.dumps(whole)), example)


def test_the_document_is_the_same_every_time(description: dict[str, Any], tmp_path: Path) -> None:
    assert build_app(AppState.of(opened(tmp_path))).openapi() == description
