"""Jobs are recorded beside the event loop, and each as a whole or not at all."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from api.app import build_app
from api.state import AppState
from api.writing.job_records import Job, JobRecords
from index.errors import StorageError
from tests.api.http.conftest import Serve, listening, opened

BEES = {"id": "bees", "title": "Bees", "text": "Bees dance to tell where flowers are."}
FILE = [("files", ("ants.txt", b"Ants carry leaves into the nest."))]
OTHER_FILE = [("files", ("ants.txt", b"Ants carry leaves out of a nest."))]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process writes to the file, and is not done."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("ROLLBACK")


def recorded(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT count(*) FROM jobs").fetchone()[0])


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """The databases that are opened from here on, each with whether an event loop runs in the
    thread that opens it."""
    connect, threads = sqlite3.connect, []

    def note(database: Any, *values: Any, **options: Any) -> sqlite3.Connection:
        threads.append((Path(str(database)).name, asyncio._get_running_loop() is not None))
        db: sqlite3.Connection = connect(database, *values, **options)
        return db

    monkeypatch.setattr(sqlite3, "connect", note)
    return threads


def _everything(client: TestClient) -> list[int]:
    """Send every kind of request that has to do with jobs; their status."""

    def send(method: str, path: str, key: str = "", **content: Any) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return client.request(method, path, headers=headers, **content)

    link = {"url": "http://news.example/w"}
    sent = [
        send("POST", "/articles", json=BEES),
        send("POST", "/articles?wait=0", json=[BEES, BEES]),
        send("POST", "/articles", "a", json=BEES),
        send("POST", "/articles", "a", json=BEES),
        send("POST", "/articles", "a", json=link),
        send("POST", "/articles", json=link),
        send("POST", "/articles", "b", json=link),
        send("POST", "/articles", files=FILE),
        send("POST", "/articles", "c", files=FILE),
        send("POST", "/articles", "c", files=FILE),
        send("POST", "/articles", "c", files=OTHER_FILE),
        send("PUT", "/articles/bees", json={**BEES, "text": "Bees sleep."}),
        send("DELETE", "/articles/bees"),
        send("POST", "/samples"),
    ]
    sent.append(send("GET", f"/jobs/{sent[0].json()['id']}"))
    sent.append(send("GET", "/jobs/none"))
    paths = client.get("/openapi.json").json()["paths"]
    sent += [send("GET", path) for path in paths if "get" in paths[path] and "{" not in path]
    return [each.status_code for each in sent]


def test_no_route_opens_a_database_on_the_event_loop(
    client: TestClient, threads: list[tuple[str, bool]]
) -> None:
    status = _everything(client)
    assert not [each for each in status if each >= 500]
    assert set(status[:16]) == {200, 201, 202, 204, 404, 422}
    assert ("jobs.sqlite", False) in threads
    assert [name for name, is_on_loop in threads if is_on_loop] == []


def test_the_event_loop_goes_on_while_another_process_writes(
    client: TestClient, tmp_path: Path
) -> None:
    path = tmp_path / "home" / "jobs.sqlite"
    with ThreadPoolExecutor(1) as others:
        with locked(path):
            putting = others.submit(client.put, "/articles/bees", json=BEES)
            state: AppState = client.app.state.pullquote  # type: ignore[attr-defined]
            while not state.jobs._recording.load:
                pass
            # What reads needs no job.
            for each in ("/healthz", "/articles", "/readyz"):
                assert client.get(each).status_code == 200
            assert not putting.done()
        assert putting.result().status_code == 201


def test_of_two_requests_with_one_key_one_is_done(serve: Serve, tmp_path: Path) -> None:
    client = serve()
    path = tmp_path / "home" / "jobs.sqlite"

    def add() -> Any:
        return client.post("/articles", json=BEES, headers={"Idempotency-Key": "one"}).json()["id"]

    with ThreadPoolExecutor(4) as others:
        adding = [others.submit(add) for _ in range(4)]
        assert len({each.result() for each in adding}) == 1
    assert recorded(path) == 1


def _put(id: str, text: str) -> bytes:
    body = json.dumps({"text": text})
    return (
        f"PUT /articles/{id} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def test_who_hangs_up_leaves_a_whole_job_or_none(tmp_path: Path) -> None:
    state = AppState.of(opened(tmp_path / "home"))
    with listening(build_app(state)) as address:
        host, port = address.removeprefix("http://").split(":")

        def wait(load: int) -> None:
            while state.jobs._recording.load != load:
                httpx.get(f"{address}/healthz", timeout=60)

        with locked(tmp_path / "home" / "jobs.sqlite"), ExitStack() as senders:
            for load, content in (
                (1, _put("begun", "Ants carry leaves into the nest.")),
                (2, _put("queued", "Wasps chew wood.")),
            ):
                sender = senders.enter_context(socket.create_connection((host, int(port))))
                sender.sendall(content)
                wait(load)
            senders.close()
            wait(1)
        wait(0)
        # After what has been queued.
        state.jobs.pool.submit(lambda: None).result(60)
        assert httpx.get(f"{address}/articles/begun").status_code == 200
        assert httpx.get(f"{address}/articles/queued").status_code == 404
    assert recorded(tmp_path / "home" / "jobs.sqlite") == 1


def test_a_refused_job_leaves_nothing_behind(serve: Serve, tmp_path: Path) -> None:
    client = serve()
    state: AppState = client.app.state.pullquote  # type: ignore[attr-defined]
    headers, held = {"Idempotency-Key": "one"}, threading.Event()
    state.jobs.pool.submit(lambda: held.wait(60))
    while not state.jobs.pool.full:
        state.jobs.pool.submit(lambda: None)
    for content in ({"json": BEES}, {"files": FILE}):
        assert client.post("/articles", headers=headers, **content).status_code == 503
    held.set()
    assert recorded(tmp_path / "home" / "jobs.sqlite") == 0
    assert not list((tmp_path / "home" / "uploads").rglob("*.txt"))
    assert client.post("/articles", json=BEES, headers=headers).status_code == 201


def test_what_cannot_be_recorded_is_not_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = AppState.of(opened(tmp_path / "home"))
    loaded: list[None] = []

    def fail(_: JobRecords, admit: Callable[[Job], Any], *__: Any) -> Any:
        admit(Job("a", "2026-01-01"))
        raise StorageError("the disk is full")

    monkeypatch.setattr(JobRecords, "new", fail)
    with pytest.raises(StorageError):
        asyncio.run(state.jobs.submit(lambda: loaded.append(None) or []))  # type: ignore[func-returns-value]
    state.close()
    assert loaded == []


def test_a_job_that_goes_on_is_told_as_it_stands(client: TestClient) -> None:
    state: AppState = client.app.state.pullquote  # type: ignore[attr-defined]
    held = threading.Event()
    state.jobs.pool.submit(lambda: held.wait(60))
    sent = client.post("/articles", json=[BEES], params={"wait": 0})
    held.set()
    assert (sent.status_code, sent.json()["state"]) == (202, "queued")
    assert sent.json()["progress"]["total"] == 1
    assert json.loads(client.get(sent.headers["location"]).text)["id"] == sent.json()["id"]
