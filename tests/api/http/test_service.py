from __future__ import annotations

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.openapi.utils import get_openapi
from fastapi.testclient import TestClient

from api.app import build_app
from api.problem import MEDIA_TYPE, Problem, body_of, of_error, without_folders
from api.routes.page import WEB
from api.state import AppState
from index.errors import PullquoteError
from index.store.copy_state import COPY_MARK
from rag import errors
from tests.api.http.conftest import Serve, opened

ASKED = {"question": "How long are the burrows that wombats dig?"}


def metric(client: TestClient, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", client.get("/metrics").text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_alive_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {
        "status": "ready",
        "problems": [],
        "articles": 3,
        "index_generation": 2,
    }


def test_the_document_is_made_once_for_all_that_ask_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    second_is_here = threading.Event()

    def make(**options: Any) -> dict[str, Any]:
        calls.append(1)
        # Whoever else would make it meanwhile gets here; with one at a time nobody does.
        second_is_here.wait(0.2)
        if len(calls) > 1:
            second_is_here.set()
        return get_openapi(**options)

    monkeypatch.setattr("api.app.get_openapi", make)
    app = build_app(AppState.of(opened(tmp_path / "home")))
    with ThreadPoolExecutor(2) as threads:
        one, other = (threads.submit(app.openapi) for _ in range(2))
        assert one.result() is other.result()
    assert calls == [1]


def test_starting(client: TestClient) -> None:
    state: AppState = client.app.state.pullquote  # type: ignore[attr-defined]
    state.ready.clear()
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (503, "starting")


def test_degraded_and_why(client: TestClient) -> None:
    for id in ("wombats", "koalas", "emus"):
        client.delete(f"/articles/{id}")
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["status"] == "degraded"
    assert ready.json()["problems"] == ["there are no articles yet"]


def test_articles_that_the_encoder_cannot_read_degrade_it(client: TestClient) -> None:
    text = "Der Hafen hat am Montag ein neues Becken eröffnet, auf das alle gewartet hatten."
    client.post("/articles", json={"id": "hafen", "text": text})
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
    assert "1 in de" in ready.json()["problems"][0]


def test_a_copy_that_is_not_finished_degrades_it(client: TestClient) -> None:
    state: AppState = client.app.state.pullquote  # type: ignore[attr-defined]
    with state.pullquote.library.store.writing() as writer:
        writer.write([], {COPY_MARK: 9})
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
    assert "not finished (3 of 9 articles)" in ready.json()["problems"][0]


def test_unavailable_and_why(serve: Serve) -> None:
    client = serve(encoder="another-model")
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (503, "unavailable")
    assert "--reencode" in ready.json()["problems"][0]
    answer = client.post("/ask", json=ASKED)
    assert (answer.status_code, answer.headers["content-type"]) == (503, MEDIA_TYPE)


def test_no_folder_of_the_server_is_told(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    state: AppState = client.app.state.pullquote  # type: ignore[attr-defined]
    folder = state.pullquote.library.folder

    def locked() -> None:
        raise errors.LibraryLocked(f"{folder} is being written by process 7")

    monkeypatch.setattr(state.pullquote.library, "view", locked)
    for path in ("/articles", "/readyz"):
        refused = client.get(path)
        assert refused.status_code == 503
        assert str(folder.parent) not in refused.text
        assert "library is being written by process 7" in refused.text
    assert str(folder) in caplog.text


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("/srv/my/news: no space", "news: no space"),
        ("see '/a/b.json', not /c/d", "see 'b.json', not d"),
        ("milvus:///srv/my/news.db is damaged", "milvus://news.db is damaged"),
        ("https://example.org/a/b and s3://bucket/a/b", None),
        ("one of 1/2/3, or /docs", None),
    ],
)
def test_of_a_path_the_last_part_is_told(message: str, told: str | None) -> None:
    assert without_folders(message) == (told or message)


def test_what_a_path_does_not_take_is_said(client: TestClient) -> None:
    refused = client.delete("/ask")
    assert (refused.status_code, refused.headers["content-type"]) == (405, MEDIA_TYPE)
    assert refused.json()["detail"] == "DELETE is not taken at /ask; /docs lists what is"
    allowed = {"/ask": "GET, HEAD, POST", "/articles/x": "DELETE, GET, HEAD, PUT"}
    for path, methods in {**allowed, "/mcp": "POST", "/static/main.js": "GET, HEAD"}.items():
        assert client.patch(path).headers["Allow"] == methods


CHAT = {"model": "pullquote", "messages": [{"role": "user", "content": "Who sleeps?"}]}
JSON = {"type": "json_object"}
IMAGES = [{"role": "user", "content": [{"type": "input_image"}]}]
# Half of a character, which has no bytes to be sent back in.
HALVES = [{"role": "user", "content": [{"type": "\ud800"}]}]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/ask", {"question": "Who sleeps?", "mode": "generative"}, "mode"),
        ("/v1/chat/completions", {**CHAT, "n": 2}, "n"),
        ("/v1/chat/completions", {**CHAT, "response_format": JSON}, "response_format"),
        ("/v1/chat/completions", {**CHAT, "messages": [{"role": "tool"}]}, "messages"),
        ("/v1/chat/completions", {**CHAT, "messages": HALVES}, "messages.0.content"),
        ("/v1/responses", {"input": " "}, "input"),
        ("/v1/responses", {"input": "Who?", "prompt": {}}, "prompt"),
        ("/v1/responses", {"input": "Who?", "text": {"format": JSON}}, "text.format"),
        ("/v1/responses", {"input": IMAGES}, "input.0.content"),
        ("/v1/embeddings", {"input": "Who?", "dimensions": 3}, "dimensions"),
    ],
)
def test_an_error_names_the_field(
    shared_client: TestClient, path: str, body: dict[str, Any], field: str
) -> None:
    headers = {"Content-Type": "application/json"}
    refused = shared_client.post(path, content=json.dumps(body), headers=headers)
    assert refused.json()["errors"][0]["where"] == f"body.{field}"
    if path.startswith("/v1/"):
        assert (refused.status_code, refused.json()["error"]["param"]) == (400, field)


def test_what_can_be_got_has_a_head(address: str) -> None:
    for path in ("/", "/healthz", "/articles/wombats"):
        head, whole = (ask(f"{address}{path}", timeout=60) for ask in (httpx.head, httpx.get))
        assert (head.status_code, head.content) == (200, b"")
        for name in ("content-type", "content-length"):
            assert head.headers[name] == whole.headers[name]
    assert httpx.head(f"{address}/ask/batch", timeout=60).status_code == 405


def test_types_are_the_same_whatever_python_calls_them() -> None:
    kinds = [body_of(Problem(HTTPStatus(status), ""))["type"] for status in (404, 413, 422)]
    names = ("not-found", "request-entity-too-large", "unprocessable-entity")
    assert kinds == [f"urn:pullquote:problem:{name}" for name in names]


def test_what_ends_the_warming_is_logged_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(state: AppState) -> None:
        raise MemoryError("no room for the networks")

    monkeypatch.setattr(AppState, "warm", fail)
    state = AppState.of(opened(tmp_path / "home"))
    with TestClient(build_app(state), base_url="http://localhost") as client:
        assert state.ready.wait(600)
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (503, "unavailable")
        assert "log" in ready.json()["problems"][0]
    (record,) = (each for each in caplog.records if each.levelname == "ERROR")
    assert record.name == "pullquote.app"
    assert "no room for the networks" in caplog.text


def test_version(client: TestClient) -> None:
    before = client.get("/version").json()
    client.delete("/articles/emus")
    after = client.get("/version").json()
    assert after["index_generation"] == before["index_generation"] + 1
    assert (after["articles"], after["passages"]) == (2, 2)


def test_metrics(client: TestClient) -> None:
    client.post("/ask", json=ASKED)
    client.post("/ask", json={"question": "Which goalkeeper saved most penalties in 1994?"})
    client.get("/articles/emus")
    client.get("/articles/nobody")
    article = 'method="GET",route="/articles/{article_id:path}"'
    assert metric(client, f'pullquote_requests_total{{{article},status="200"}}') == 1
    assert metric(client, f'pullquote_requests_total{{{article},status="404"}}') == 1
    assert metric(client, 'pullquote_answers_total{outcome="answered"}') == 1
    assert metric(client, 'pullquote_answers_total{outcome="not_in_articles"}') == 1
    assert metric(client, 'pullquote_stage_seconds_count{stage="read"}') == 2
    assert metric(client, "pullquote_confidence_count") == 2
    assert metric(client, "pullquote_articles") == 3
    assert metric(client, "pullquote_index_generation") == 2


def test_a_path_that_is_none_is_one_line_in_the_metrics(client: TestClient) -> None:
    for path in ("/b", "/c", "/d"):
        client.get(path)
    unmatched = 'pullquote_requests_total{method="GET",route="unmatched",status="404"}'
    assert metric(client, unmatched) == 3


def test_files_are_one_line_in_the_metrics(client: TestClient) -> None:
    for name in ("icon.svg", "index.html"):
        client.get(f"/static/{name}")
    files = 'pullquote_requests_total{method="GET",route="/static",status="200"}'
    assert metric(client, files) == 2


def test_the_page_and_its_files(client: TestClient) -> None:
    for path in ("/", "/static/icon.svg"):
        response = client.get(path)
        assert response.status_code == 200
        assert response.headers["cache-control"] == "no-cache"
        policy = response.headers["content-security-policy"]
        assert policy.startswith("default-src 'self';")
        assert "unsafe" not in policy
        again = client.get(path, headers={"If-None-Match": response.headers["etag"]})
        assert again.status_code == 304
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/static/nothing.js").headers["content-type"] == MEDIA_TYPE


def test_the_page_asks_for_each_of_its_files(client: TestClient) -> None:
    page = client.get("/").text + client.get("/a/wombats").text
    page += (WEB / "libraries.html").read_text("utf-8")
    files = sorted(path.name for path in WEB.iterdir() if path.suffix in (".css", ".js", ".svg"))
    assert len(files) > 20
    assert [name for name in files if f'"/static/{name}"' not in page] == []


def test_the_documentation_comes_from_here(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "http" not in page
    for path in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert client.get(path).status_code == 200


def test_an_error_that_was_not_foreseen(serve: Serve) -> None:
    class Broken:
        def read(self, *_: object) -> None:
            raise RuntimeError("secret detail")

    origin = {"Origin": "https://news.example"}
    client = serve(Broken(), cors_origins="https://news.example")
    response = client.post("/ask", json=ASKED, headers=origin)
    # Else a page of that origin could not read what went wrong.
    assert response.headers["access-control-allow-origin"] == "https://news.example"
    assert (response.status_code, response.headers["content-type"]) == (500, MEDIA_TYPE)
    assert "secret" not in response.text
    assert response.headers["x-request-id"] in response.json()["detail"]


def every(kind: type[PullquoteError]) -> list[type[PullquoteError]]:
    return [kind, *(each for direct in kind.__subclasses__() for each in every(direct))]


def served_errors() -> list[type[PullquoteError]]:
    """All errors that a request can end in; an evaluation's cannot, and may be imported or not."""
    return [kind for kind in every(PullquoteError)[1:] if not kind.__module__.startswith("eval.")]


@pytest.mark.parametrize("kind", served_errors(), ids=lambda kind: kind.__name__)
def test_every_error_of_ours_has_a_status(kind: type[PullquoteError]) -> None:
    two = kind in (errors.LoadError, errors.FetchError, errors.MissingExtra)
    if kind is errors.ChatModelError:
        problem = of_error(errors.ChatModelError("timeout"))
    else:
        problem = of_error(kind("what", "why") if two else kind("what"))
    assert problem.status in (403, 404, 422, 500, 501, 503)
    assert problem.status != 500 or kind is errors.SettingsError
    assert ("Retry-After" in problem.headers) == (problem.status == 503)
