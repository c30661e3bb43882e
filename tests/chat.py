"""Chat models for tests: scripted ones behind our protocol, and a server on loopback that speaks
OpenAI's chat completions, well or badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from index.errors import ChatFailure, ChatModelError
from rag.chat.base import Message, Piece, Style, Tokens

__all__ = ["Halting", "Scripted", "completion_lines", "openai_server"]

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


def completion_lines(text: str, finish: str = "stop") -> list[bytes]:
    """A stream of chat completion chunks that says the text, with usage at its end."""
    frame = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    deltas: list[dict[str, Any]] = [{"content": word + " "} for word in text.split()]
    chunks = [
        {**frame, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
        for delta in deltas
    ]
    chunks.append({**frame, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    chunks.append({**frame, "choices": [], "usage": usage})
    return [f"data: {json.dumps(chunk)}\n\n".encode() for chunk in chunks] + [b"data: [DONE]\n\n"]


class _Handler(BaseHTTPRequestHandler):
    respond: Callable[[BaseHTTPRequestHandler], None]

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        type(self).respond(self)

    def log_message(self, format: str, *args: Any) -> None:
        return


@contextmanager
def openai_server(respond: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server whose every answer ``respond`` writes; its base URL, ``/v1`` included."""
    handler = type("Handler", (_Handler,), {"respond": staticmethod(respond)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
