"""Providers that fail, as a server on loopback: all of it ends in a quotation and a reason, and the
key is nowhere."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from index.errors import ChatModelError, MissingExtra, ModelError
from rag import Pullquote, Settings
from rag.chat.base import Message, Piece
from rag.chat.deadline import within
from rag.chat.failure import failure_of
from rag.chat.opening import open_chat_model
from tests.chat import completion_lines, openai_server
from tests.rag.writing import HEIGHT, library

KEY = "sk-tell-nobody-0123456789"
QUESTION = "How tall is the Lunden tower?"
TRUE = "The Lunden tower is 74 metres tall [1]. It is made of gold."
Respond = Callable[[BaseHTTPRequestHandler], None]


def streams(*lines: bytes, length: int | None = None) -> Respond:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        if length is not None:
            handler.send_header("Content-Length", str(length))
        handler.end_headers()
        for line in lines:
            handler.wfile.write(line)

    return respond


def refuses(status: int, message: str = "") -> Respond:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        sent = handler.headers.get("Authorization", "")
        said = {"error": {"message": f"{message} {sent}", "type": "x", "code": None}}
        body = json.dumps(said).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("Retry-After", "60")
        handler.end_headers()
        handler.wfile.write(body)

    return respond


def opened(home: Path, url: str, **settings: Any) -> Pullquote:
    return library(home, None, model_url=url, model="m", model_api_key=KEY, **settings)


def test_an_answer_over_http(tmp_path: Path) -> None:
    with (
        openai_server(streams(*completion_lines(TRUE))) as url,
        opened(tmp_path, url) as pullquote,
    ):
        answer = pullquote.ask(QUESTION)
    assert (answer.text, answer.mode) == (f"{HEIGHT} [1]", "generative")
    used = answer.usage.chat
    assert used is not None
    assert (used.model, used.input_tokens, used.output_tokens) == ("m", 11, 7)


half = completion_lines(TRUE)[:4]


@pytest.mark.parametrize(
    ("respond", "reason"),
    [
        (refuses(401, "Incorrect API key provided:"), "bad_key"),
        (refuses(403, "not yours"), "bad_key"),
        (refuses(404, "no such model"), "no_such_model"),
        (refuses(429, "slow down"), "rate_limit"),
        (refuses(400, "This model's maximum context length is 10 tokens"), "context_overflow"),
        (refuses(500, "oops"), "unavailable"),
        (streams(*half, b"data: {not json\n\n"), "malformed"),
        (streams(*half, length=100_000), "malformed"),
        (streams(b"data: [DONE]\n\n"), "malformed"),
        (streams(*completion_lines("I will not.", finish="content_filter")), "refusal"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_provider_that_fails(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    respond: Respond,
    reason: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    with openai_server(respond) as url, opened(tmp_path, url) as pullquote:
        answer = pullquote.ask(QUESTION)
        described = json.dumps(pullquote.describe())
    assert (answer.mode, answer.fallback_reason) == ("extractive", reason)
    assert answer.text == f"{HEIGHT} [1]"
    said = capsys.readouterr()
    seen = [json.dumps(answer.as_json()), described, caplog.text, said.out, said.err]
    assert not any(KEY in text for text in seen)


def test_a_provider_that_is_not_there(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with opened(tmp_path, url) as pullquote:
            assert pullquote.ask(QUESTION).fallback_reason == "unreachable"


def test_a_provider_that_never_ends(tmp_path: Path) -> None:
    done = threading.Event()

    def respond(handler: BaseHTTPRequestHandler) -> None:
        streams(*half)(handler)
        handler.wfile.flush()
        done.wait(30)

    with openai_server(respond) as url, opened(tmp_path, url, model_timeout=0.5) as pullquote:
        answer = pullquote.ask(QUESTION)
        done.set()
    assert (answer.text, answer.fallback_reason) == (f"{HEIGHT} [1]", "timeout")


def test_time_is_up_while_pieces_still_come() -> None:
    stop = threading.Event()

    def forever() -> Iterator[Piece]:
        while not stop.wait(0.01):
            yield Piece("x")

    with pytest.raises(ChatModelError) as caught:
        for _ in within(0.05, forever):
            pass
    stop.set()
    assert caught.value.failure == "timeout"


def test_failures_do_not_carry_what_the_provider_said() -> None:
    class RateLimitError(Exception):
        status_code = 429

    made = failure_of(RateLimitError(f"bad {KEY}"))
    assert made.failure == "rate_limit"
    assert KEY not in str(made)
    assert failure_of(RuntimeError("odd")).failure == "unavailable"


@pytest.mark.parametrize(
    ("named", "class_name"),
    [
        ("openai:gpt-4o-mini", "ChatOpenAI"),
        ("anthropic:claude-3-5-haiku-latest", "ChatAnthropic"),
        ("ollama:llama3.2", "ChatOllama"),
    ],
)
def test_providers_are_opened_by_name(named: str, class_name: str) -> None:
    model = open_chat_model(Settings(model=named, model_api_key=KEY))  # type: ignore[arg-type]
    inner = model._model  # type: ignore[attr-defined]
    assert type(inner).__name__ == class_name
    assert KEY not in repr(inner) + repr(vars(model)) + str(inner)


def test_a_provider_that_nobody_knows() -> None:
    settings = Settings(model="nobody:x", model_api_key=KEY)  # type: ignore[arg-type]
    with pytest.raises((ModelError, MissingExtra)) as caught:
        open_chat_model(settings)
    assert "nobody" in str(caught.value)
    assert KEY not in str(caught.value)


def test_messages_have_roles(tmp_path: Path) -> None:
    heard: list[dict[str, object]] = []

    def respond(handler: BaseHTTPRequestHandler) -> None:
        heard.append(json.loads(handler.body))  # type: ignore[attr-defined]
        streams(*completion_lines("Fine."))(handler)

    with openai_server(respond) as url:
        model = open_chat_model(Settings(model_url=url, model="m"))
        sent = [Message("system", "Rules."), Message("user", "Why?")]
        said = "".join(piece.text for piece in model.stream(sent, 17, ["END"]))
    assert said.strip() == "Fine."
    (body,) = heard
    assert [each["role"] for each in body["messages"]] == ["system", "user"]  # type: ignore[attr-defined]
    assert (body["stop"], body["stream"]) == (["END"], True)
    assert 17 in (body.get("max_tokens"), body.get("max_completion_tokens"))
