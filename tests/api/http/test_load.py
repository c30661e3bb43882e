from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from api.app import build_app
from api.problem import Problem
from api.state import AppState
from index.errors import ModelError
from index.snapshot import Found
from rag.evidence import Reading
from tests.api.http.conftest import Serve, listening, opened
from tests.api.http.test_ask import events

ASKED = {"question": "Who sleeps?"}


class StuckReader:
    """Reads nothing until it is let go."""

    def __init__(self) -> None:
        self.reading = threading.Semaphore(0)
        self.go = threading.Event()

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        self.reading.release()
        assert self.go.wait(60)
        return Reading((), 0.0)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused at once."""
    monkeypatch.setattr("api.guard.admission._PATIENCE", 0.0)


@pytest.fixture
def reader() -> Iterator[StuckReader]:
    reader = StuckReader()
    yield reader
    reader.go.set()


def ask(client: TestClient) -> int:
    return client.post("/ask", json=ASKED).status_code


def test_beyond_the_queue_is_refused(serve: Serve, reader: StuckReader) -> None:
    client = serve(reader, work_threads=1, queue=0)
    with ThreadPoolExecutor(1) as others:
        first = others.submit(ask, client)
        assert reader.reading.acquire(timeout=30)
        refused = client.post("/ask", json=ASKED)
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "1"
        assert client.get("/readyz").json()["status"] == "degraded"
        reader.go.set()
        assert first.result() == 200
    assert ask(client) == 200


def test_a_refusal_costs_no_reading_of_the_question(serve: Serve, reader: StuckReader) -> None:
    client = serve(reader, work_threads=1, queue=0)
    as_json = {"Content-Type": "application/json"}
    with ThreadPoolExecutor(1) as others:
        first = others.submit(ask, client)
        assert reader.reading.acquire(timeout=30)
        for path in ("/ask", "/search", "/v1/chat/completions", "/v1/responses", "/v1/embeddings"):
            assert client.post(path, content=b"{", headers=as_json).status_code == 503, path
        assert client.get("/ask").status_code == 503
        reader.go.set()
        assert first.result() == 200
    assert client.post("/ask", content=b"{", headers=as_json).status_code == 400


def test_what_waits_in_the_queue_is_answered(serve: Serve, reader: StuckReader) -> None:
    client = serve(reader, work_threads=1, queue=2)
    with ThreadPoolExecutor(3) as others:
        waiting = [others.submit(ask, client) for _ in range(3)]
        assert reader.reading.acquire(timeout=30)
        reader.go.set()
        assert [each.result() for each in waiting] == [200, 200, 200]


def test_what_needs_no_model_is_answered_under_full_load(serve: Serve, reader: StuckReader) -> None:
    client = serve(reader, work_threads=2, queue=0)
    with ThreadPoolExecutor(2) as others:
        stuck = [others.submit(ask, client) for _ in range(2)]
        for _ in stuck:
            assert reader.reading.acquire(timeout=30)
        for path in ("/healthz", "/articles", "/articles/emus", "/version", "/metrics", "/"):
            assert client.get(path).status_code == 200
        assert not any(each.done() for each in stuck)
        reader.go.set()


def test_what_takes_too_long_is_given_up(serve: Serve, reader: StuckReader) -> None:
    client = serve(reader, work_threads=1, queue=1, request_timeout=0.05)
    for _ in range(2):
        late = client.post("/ask", json=ASKED)
        assert late.status_code == 504
        assert late.headers["retry-after"] == "1"
        assert "PULLQUOTE_REQUEST_TIMEOUT" in late.json()["detail"]


_BODY = json.dumps(ASKED).encode()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY),
        b"GET /ask?q=Who+sleeps? HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
    ids=["body", "address"],
)
def test_a_question_whose_asker_has_gone_is_never_answered(
    tmp_path: Path, reader: StuckReader, request_bytes: bytes
) -> None:
    state = AppState.of(opened(tmp_path / "home", reader, work_threads=1))
    with listening(build_app(state)) as address, ThreadPoolExecutor(1) as others:
        first = others.submit(httpx.post, f"{address}/ask", json=ASKED, timeout=120)
        assert reader.reading.acquire(timeout=60)
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as asker:
            asker.sendall(request_bytes)
            # Waiting for the thread that is stuck.
            while state.models.load < 2:
                httpx.get(f"{address}/healthz", timeout=60)
        while state.models.load > 1:
            httpx.get(f"{address}/healthz", timeout=60)
        reader.go.set()
        assert first.result().status_code == 200
        assert not reader.reading.acquire(blocking=False)


def test_a_shutdown_finishes_what_was_taken(tmp_path: Path, reader: StuckReader) -> None:
    state = AppState.of(opened(tmp_path / "home", reader, work_threads=1))
    with (
        ThreadPoolExecutor(2) as others,
        TestClient(build_app(state), base_url="http://localhost") as client,
    ):
        asked = others.submit(ask, client)
        assert reader.reading.acquire(timeout=30)
        job = client.post("/articles", json={"id": "x", "text": "Some text."}, params={"wait": 0})
        closing = others.submit(state.close)
        assert not asked.done()
        reader.go.set()
        assert asked.result() == 200
        closing.result()
        assert state.jobs.get(job.json()["id"]).state == "done"


def test_a_job_that_outlasts_the_shutdown_is_stopped(tmp_path: Path) -> None:
    state = AppState.of(opened(tmp_path / "home"))
    state.jobs._stopping.set()
    job = asyncio.run(state.jobs.submit(list))
    state.close()
    assert state.jobs.get(job.id).state == "failed"
    assert "server stopped" in (state.jobs.get(job.id).error or "")


class FailingReader:
    """Fails once it is let go, with what it is given."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.go = threading.Event()

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        assert self.go.wait(60)
        raise self.error


def stream(address: str) -> AbstractContextManager[httpx.Response]:
    return httpx.stream("POST", f"{address}/ask", json={**ASKED, "stream": True}, timeout=60)


def test_a_stream_begins_before_anything_is_read(tmp_path: Path, reader: StuckReader) -> None:
    app = build_app(AppState.of(opened(tmp_path / "home", reader)))
    with listening(app) as address, stream(address) as response:
        sent = response.iter_text()
        assert response.headers["content-type"].startswith("text/event-stream")
        ((first, found),) = events(next(sent))
        assert first == "search_results"
        assert not reader.go.is_set()
        reader.go.set()
        *_, (last, answer) = events("".join(sent))
        assert last == "final_answer"
        assert answer["search_results"] == found["search_results"]
        assert answer["search_results"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ModelError("the reader is gone"), 503),
        (Problem(HTTPStatus.GATEWAY_TIMEOUT, "no answer in time"), 504),
        (ZeroDivisionError(), 500),
    ],
)
def test_what_fails_after_the_first_event_is_the_last_event(
    tmp_path: Path, error: Exception, status: int
) -> None:
    reader = FailingReader(error)
    app = build_app(AppState.of(opened(tmp_path / "home", reader)))
    with listening(app) as address, stream(address) as response:
        sent = response.iter_text()
        next(sent)
        reader.go.set()
        ((name, problem),) = events("".join(sent))
    assert (name, problem["status"]) == ("error", status)
    assert problem["request_id"] == response.headers["x-request-id"]


def test_a_refused_stream_keeps_its_status(serve: Serve, reader: StuckReader) -> None:
    client = serve(reader, work_threads=1, queue=0)
    with ThreadPoolExecutor(1) as others:
        first = others.submit(ask, client)
        assert reader.reading.acquire(timeout=30)
        refused = client.post("/ask", json={**ASKED, "stream": True})
        assert refused.status_code == 503
        assert refused.headers["content-type"] == "application/problem+json"
        reader.go.set()
        first.result()
