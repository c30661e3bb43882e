"""A real web server on loopback that answers for many hosts, some of them badly.

Names and addresses are made up: ``Site.resolve`` says what a name means, and whoever dials a
made-up public address gets this server. What was dialled and asked for is on record.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpcore2

from index.fetch import Client
from index.fetch.connect import system_dial
from index.settings import FetchSettings

PUBLIC, OTHER_PUBLIC = "93.184.216.34", "2606:4700::6810:84e5"
FAST = FetchSettings(download_timeout=20.0, max_download_bytes=1_000_000)


class FakeClock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return 1_700_000_000.0 + self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Asked(BaseHTTPRequestHandler):
    """One request, and the ways to answer it."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self.server.site.answer(self)

    def send(self, body: bytes = b"", status: int = 200, **headers: str) -> None:
        """Status, headers (``content_type`` for ``Content-Type``) and body."""
        self.send_response(status)
        known = {"content_type": "text/html; charset=utf-8", "content_length": str(len(body))}
        for name, value in (known | headers).items():
            if value:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def trickle(self, piece: bytes, pause: float) -> None:
        """The same piece again and again, until nobody listens."""
        self.close_connection = True
        try:
            while not self.server.site.closing.wait(pause):
                self.wfile.write(piece)
                self.server.site.sent += len(piece)
        except OSError:
            pass

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    site: Site

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # the client hung up, as it should


Answer = Callable[[Asked], None]


def nothing_here(asked: Asked) -> None:
    asked.send(b"There is no such page.", 404)


class Site:
    """The server. ``routes`` answer for ``host/path``; robots.txt is nowhere unless given."""

    def __init__(self) -> None:
        self.routes: dict[str, Answer] = {}
        self.names: dict[str, list[list[str]]] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.looked_up: list[str] = []
        self.dialled: list[str] = []
        self.dead: set[str] = set()
        self.sent = 0
        self.closing = threading.Event()
        self.clock = FakeClock()
        self._server = _Server(("127.0.0.1", 0), Asked)
        self._server.site = self
        self.dial_port = self.port

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def page(self, link: str, body: bytes | str, **headers: Any) -> None:
        """Serve a body for ``host/path``."""
        data = body.encode() if isinstance(body, str) else body
        self.routes[link] = lambda asked: asked.send(data, **headers)

    def redirect(self, link: str, location: str) -> None:
        self.routes[link] = lambda asked: asked.send(status=302, location=location)

    def answer(self, asked: Asked) -> None:
        host = asked.headers["Host"] or ""
        link = f"{host}{asked.path}"
        self.asked.append(link)
        self.headers.append({name.lower(): value for name, value in asked.headers.items()})
        self.routes.get(link, nothing_here)(asked)

    def resolve(self, host: str, port: int) -> list[str]:
        """The public address, unless ``names`` says what a name means: the first time, the
        second, and the last for ever."""
        self.looked_up.append(host)
        answers = self.names.get(host, [[PUBLIC]])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def dial(self, address: str, port: int, timeout: float) -> httpcore2.NetworkStream:
        self.dialled.append(address)
        if address in self.dead:
            raise httpcore2.ConnectError("Connection refused")
        return system_dial("127.0.0.1", self.dial_port, timeout)

    def client(self, settings: FetchSettings = FAST) -> Client:
        """A client for which the made-up names exist, and waiting costs nothing."""
        return Client(settings, clock=self.clock, resolve=self.resolve, dial=self.dial)

    @staticmethod
    def real_seconds() -> float:
        return time.monotonic()

    @property
    def pages_asked(self) -> list[str]:
        return [link for link in self.asked if not link.endswith("/robots.txt")]


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site._server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        site.closing.set()
        site._server.shutdown()
        site._server.server_close()
        thread.join()
