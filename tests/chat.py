"""Chat models for tests: scripted ones behind our protocol, and a server on loopback that speaks
what a provider speaks (:mod:`tests.wires`), well or badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from rag.chat.base import Message, Piece, Style, Tokens
from rag.errors import ChatFailure, ChatModelError

__all__ = ["Endless", "Halting", "Respond", "Scripted", "loopback", "refuses", "streams"]

Respond = Callable[[BaseHTTPRequestHandler], None]

Script = Callable[[str], str]


class Scripted:
    """Says what a function makes of the prompt, a few letters at a time; may fail on the way."""

    def __init__(
        self,
        script: Script | str,
        *,
        size: int = 5,
        fails: ChatFailure | None = None,
        style: Style = "chat",
    ) -> None:
        self.name = "scripted"
        self.style: Style = style
        self.prompts: list[str] = []
        self._script = script if callable(script) else lambda _: script
        self._size = size
        self._fails = fails

    def stream(
        self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str] = ()
    ) -> Iterator[Piece]:
        prompt = "\n".join(message.content for message in messages)
        self.prompts.append(prompt)
        said = self._script(prompt)
        for i in range(0, len(said), self._size):
            yield Piece(said[i : i + self._size])
        if self._fails:
            raise ChatModelError(self._fails)
        yield Piece("", Tokens(len(prompt.split()), len(said.split())), "stop")


class Halting:
    """Writes a beginning, then waits to be let go before it writes the rest."""

    name = "halting"
    style: Style = "chat"

    def __init__(self, beginning: str, rest: str) -> None:
        self.go = threading.Event()
        self._beginning, self._rest = beginning, rest

    def stream(
        self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str] = ()
    ) -> Iterator[Piece]:
        yield Piece(self._beginning)
        assert self.go.wait(60)
        yield Piece(self._rest)


class Endless(Halting):
    """Writes a beginning, waits to be let go, then writes the rest again and again, until nobody
    takes it."""

    name = "endless"

    def stream(
        self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str] = ()
    ) -> Iterator[Piece]:
        yield Piece(self._beginning)
        assert self.go.wait(60)
        while True:
            yield Piece(self._rest)


def streams(*lines: bytes, length: int | None = None) -> Respond:
    """Sends the lines and closes; short of its stated ``length``, if it has one."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        if length is not None:
            handler.send_header("Content-Length", str(length))
        handler.end_headers()
        for line in lines:
            handler.wfile.write(line)

    return respond


def refuses(status: int, error: Callable[[str], Any]) -> Respond:
    """Answers with a status and an error that quotes the key it was sent."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        sent = handler.headers.get("Authorization") or handler.headers.get("x-api-key") or ""
        body = json.dumps(error(sent)).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("Retry-After", "60")
        handler.end_headers()
        handler.wfile.write(body)

    return respond


class _Handler(BaseHTTPRequestHandler):
    respond: Respond

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        type(self).respond(self)

    def log_message(self, format: str, *args: Any) -> None:
        return


@contextmanager
def loopback(respond: Respond) -> Iterator[str]:
    """A server whose every answer ``respond`` writes; its address."""
    handler = type("Handler", (_Handler,), {"respond": staticmethod(respond)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
