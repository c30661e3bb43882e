"""Connections that say nothing, or too slowly."""

from __future__ import annotations

import logging
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
from starlette.requests import ClientDisconnect

from api.guard.connections import Connection, most_connections
from api.logs import LogSampler
from rag import Settings
from tests.api.http.conftest import listening

IDLE = 8


@pytest.fixture(scope="module")
def app() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def answer() -> PlainTextResponse:
        return PlainTextResponse("here")

    @app.get("/large")
    async def large() -> PlainTextResponse:
        return PlainTextResponse("x" * (64 << 20))

    @app.post("/")
    async def take(request: Request) -> None:
        with suppress(ClientDisconnect):
            await request.body()

    return app


@contextmanager
def limited(app: FastAPI, seconds: float = 60) -> Iterator[tuple[str, int]]:
    """An application that holds few connections; its address."""
    limits: dict[str, Any] = {"limit_concurrency": IDLE, "timeout_keep_alive": seconds}
    with listening(app, http=Connection, **limits) as address:
        parts = urlsplit(address)
        assert parts.hostname
        assert parts.port
        yield parts.hostname, parts.port


def closed(sock: socket.socket) -> bool:
    """Waits until the other side hangs up; false if it says something first."""
    sock.settimeout(60)
    try:
        return sock.recv(1) == b""
    except ConnectionError:
        return True


def test_idle_connections_make_room(app: FastAPI) -> None:
    with limited(app) as (host, port), ExitStack() as stack:
        idle = [stack.enter_context(socket.create_connection((host, port))) for _ in range(100)]
        for _ in range(20):
            # A connection for each: it is one too many every time.
            assert httpx.get(f"http://{host}:{port}/", timeout=60).text == "here"
        gone = [sock for sock in idle if _is_closed(sock)]
        assert len(gone) >= len(idle) - IDLE


def test_bodies_that_do_not_come_make_room(app: FastAPI) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"
    with limited(app) as (host, port), ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection((host, port))) for _ in range(IDLE)]
        for sock in slow:
            sock.sendall(head)
        for _ in range(IDLE):
            assert httpx.get(f"http://{host}:{port}/", timeout=60).text == "here"
        assert any(map(_is_closed, slow))


def _is_closed(sock: socket.socket) -> bool:
    sock.settimeout(0)
    try:
        return sock.recv(1) == b""
    except ConnectionError:
        return True
    except BlockingIOError:
        return False


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "])
def test_headers_that_do_not_come_are_not_waited_for(app: FastAPI, sent: bytes) -> None:
    with (
        limited(app, seconds=0.01) as address,
        socket.create_connection(address) as sock,
    ):
        sock.sendall(sent)
        assert closed(sock)


def test_headers_after_an_answer_have_no_longer(app: FastAPI) -> None:
    with (
        limited(app, seconds=1) as address,
        socket.create_connection(address) as sock,
    ):
        sock.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        received = b""
        while not received.endswith(b"here"):
            received += sock.recv(1000)
        # A byte stops uvicorn's own clock.
        sock.sendall(b"G")
        assert closed(sock)


def test_who_does_not_read_the_answer_is_left(app: FastAPI) -> None:
    with (
        limited(app, seconds=0.01) as address,
        socket.create_connection(address) as sock,
    ):
        sock.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with pytest.raises(ConnectionError):
            _send_on(sock)


def _send_on(sock: socket.socket) -> None:
    # What it sends is not read before the answer is; it stops when there is no connection.
    while True:
        sock.sendall(b"x" * 4096)


def test_no_more_connections_than_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 4096))
    assert most_connections(Settings(max_connections=100_000)) == 512
    assert most_connections(Settings(max_connections=10)) == 10
    monkeypatch.setattr(resource, "getrlimit", lambda _: (64, 64))
    assert most_connections(Settings()) == 1
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, 0))
    assert most_connections(Settings(max_connections=9999)) == 9999


def test_a_flood_writes_a_line_now_and_then(caplog: pytest.LogCaptureFixture) -> None:
    times = iter([*[0.0] * 1001, *[5.0] * 1001, *[9.0] * 1001, *[10.0] * 1001])
    sampler = LogSampler(seconds=10, clock=lambda: next(times))
    logger = logging.getLogger("tests.flood")
    logger.addFilter(sampler)
    try:
        for _ in range(4):
            for number in range(1000):
                logger.warning("no more files: %d", number)
            logger.warning("something else")
    finally:
        logger.removeFilter(sampler)
    told = [record for record in caplog.records if record.msg == "no more files: %d"]
    assert [getattr(record, "left_out", 0) for record in told] == [0, 2999]
    assert len(caplog.records) == 4
