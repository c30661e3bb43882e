"""Providers as servers on loopback, each speaking its own protocol: answers are cited, all that
fails ends in a quotation and a reason, and the key is nowhere."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from index.errors import ModelError
from rag import Pullquote, Settings
from rag.chat.base import Message, Piece
from rag.chat.deadline import with_deadline
from rag.chat.failure import classify_failure
from rag.chat.opening import open_chat_model
from rag.errors import ChatModelError, MissingExtra
from tests.chat import Respond, loopback, refuses, streams
from tests.rag.writing import HEIGHT, library
from tests.wires import INPUT, OUTPUT, WIRES, Wire

KEY = "sk-tell-nobody-0123456789"
QUESTION = "How tall is the Lunden tower?"
TRUE = "The Lunden tower is 74 metres tall [1]. It is made of gold."


@pytest.fixture(params=WIRES)
def wire(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Wire:
    for each in WIRES.values():
        if each.variable:
            monkeypatch.delenv(each.variable, raising=False)
    return WIRES[request.param]


@pytest.fixture
def opened(tmp_path: Path, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Pullquote]:
    """A library whose chat model is the wire's, at an address."""

    def open_(address: str, **settings: Any) -> Pullquote:
        if wire.variable:
            monkeypatch.setenv(wire.variable, address + wire.base)
        else:
            settings["model_url"] = address + wire.base
        return library(tmp_path, None, model=wire.model, model_api_key=KEY, **settings)

    return open_


Open = Callable[..., Pullquote]


class Recorded:
    """What a server was asked: path, key and body."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        sent = handler.headers.get("Authorization", "").removeprefix("Bearer ")
        key = sent or handler.headers.get("x-api-key", "")
        body: bytes = handler.body  # type: ignore[attr-defined]
        self.asked.append((handler.path, key, json.loads(body)))
        self._respond(handler)


def test_an_answer_over_http(wire: Wire, opened: Open) -> None:
    server = Recorded(streams(*wire.answer(TRUE)))
    with loopback(server) as address, opened(address) as pullquote:
        answer = pullquote.ask(QUESTION)
    assert (answer.answer, answer.mode) == (f"{HEIGHT} [1]", "generative")
    (cited,) = answer.citations
    assert cited.cited_text == HEIGHT
    used = answer.usage.chat
    assert used is not None
    assert (used.model, used.input_tokens, used.output_tokens) == (wire.model, INPUT, OUTPUT)
    ((path, key, body),) = server.asked
    assert (path, key) == (wire.path, KEY)
    assert body["model"] == wire.model.split(":")[-1]


def in_status(status: int, kind: str) -> Callable[[Wire], Respond]:
    return lambda wire: refuses(status, lambda key: wire.error(kind, f"{kind} of {key}"))


def overflows(wire: Wire) -> Respond:
    return refuses(400, lambda key: wire.error("invalid_request_error", f"{wire.overflow} {key}"))


def half(wire: Wire) -> list[bytes]:
    lines = wire.answer(TRUE)
    return lines[: len(lines) // 2]


FAILURES: dict[str, tuple[Callable[[Wire], Respond], str]] = {
    "key": (in_status(401, "authentication_error"), "bad_key"),
    "permission": (in_status(403, "permission_error"), "bad_key"),
    "no model": (in_status(404, "not_found_error"), "no_such_model"),
    "rate": (in_status(429, "rate_limit_error"), "rate_limit"),
    "overloaded": (in_status(529, "overloaded_error"), "rate_limit"),
    "internal": (in_status(500, "api_error"), "unavailable"),
    "overflow": (overflows, "context_overflow"),
    "garbage": (lambda wire: streams(*half(wire), wire.garbage), "malformed"),
    "broken off": (lambda wire: streams(*half(wire), length=100_000), "malformed"),
    "ended early": (lambda wire: streams(*half(wire)), "malformed"),
    "nothing": (lambda wire: streams(), "malformed"),
    "nothing said": (lambda wire: streams(*wire.answer("")), "malformed"),
}


@pytest.mark.parametrize("named", FAILURES)
def test_a_provider_that_fails(
    wire: Wire,
    opened: Open,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    named: str,
) -> None:
    respond, reason = FAILURES[named]
    caplog.set_level(logging.DEBUG)
    with loopback(respond(wire)) as address, opened(address) as pullquote:
        answer = pullquote.ask(QUESTION)
        described = json.dumps(pullquote.describe())
    assert (answer.mode, answer.fallback_reason) == ("extractive", reason)
    assert answer.answer == f"{HEIGHT} [1]"
    said = capsys.readouterr()
    seen = [json.dumps(answer.as_json()), described, caplog.text, said.out, said.err]
    assert not any(KEY in text for text in seen)


def test_an_error_within_a_stream(wire: Wire, opened: Open) -> None:
    broken = wire.broken("rate_limit_exceeded", "slow down")
    with loopback(streams(*half(wire), broken)) as address, opened(address) as pullquote:
        reason = pullquote.ask(QUESTION).fallback_reason
    # Ollama has words for its errors and nothing else.
    assert reason == ("unavailable" if wire.model.startswith("ollama:") else "rate_limit")


@pytest.mark.parametrize("wire", [name for name in WIRES if WIRES[name].refusal()], indirect=True)
def test_a_refusal(wire: Wire, opened: Open) -> None:
    with loopback(streams(*wire.refusal())) as address, opened(address) as pullquote:
        assert pullquote.ask(QUESTION).fallback_reason == "refusal"


def test_a_text_that_is_too_long_for_its_limit_is_no_failure(wire: Wire, opened: Open) -> None:
    respond = streams(*wire.answer(TRUE.removesuffix("gold."), "length"))
    with loopback(respond) as address, opened(address) as pullquote:
        assert pullquote.ask(QUESTION).answer == f"{HEIGHT} [1]"


def test_a_model_that_takes_no_temperature(wire: Wire, opened: Open) -> None:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        if "temperature" in server.asked[-1][2]:
            message = "Unsupported value: 'temperature' does not support 0 with this model."
            refuses(400, lambda key: wire.error("invalid_request_error", message))(handler)
        else:
            streams(*wire.answer(TRUE))(handler)

    server = Recorded(respond)
    with loopback(server) as address, opened(address) as pullquote:
        assert pullquote.ask(QUESTION).mode == "generative"
        assert pullquote.ask(QUESTION).mode == "generative"
    # It is found out once.
    assert len(server.asked) <= 3


def test_a_client_that_takes_no_temperature() -> None:
    wire = WIRES["anthropic"]
    named = {"model": "anthropic:claude-sonnet-5-5", "model_api_key": KEY}
    with loopback(streams(*wire.answer(TRUE))) as address:
        model = open_chat_model(Settings.model_validate({**named, "model_url": address}))
        assert "".join(piece.text for piece in model.stream([Message("user", "Why?")], 9))


def test_a_provider_that_is_not_there(opened: Open) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with opened(f"http://127.0.0.1:{taken.getsockname()[1]}") as pullquote:
            assert pullquote.ask(QUESTION).fallback_reason == "unreachable"


def test_a_provider_that_never_ends(wire: Wire, opened: Open) -> None:
    done = threading.Event()

    def respond(handler: BaseHTTPRequestHandler) -> None:
        streams(*half(wire))(handler)
        handler.wfile.flush()
        done.wait(30)

    with loopback(respond) as address, opened(address, model_timeout=0.5) as pullquote:
        answer = pullquote.ask(QUESTION)
        done.set()
    assert (answer.answer, answer.fallback_reason) == (f"{HEIGHT} [1]", "timeout")


@pytest.mark.parametrize(("pause", "delay"), [(0.01, 0.0), (0.001, 0.003)])
def test_time_is_up_while_pieces_still_come(pause: float, delay: float) -> None:
    """Also where what reads them, ``delay`` seconds a piece, is the slower."""
    stop = threading.Event()

    def forever() -> Iterator[Piece]:
        while not stop.wait(pause):
            yield Piece("x")

    def read() -> None:
        latest = time.monotonic() + 10
        for _ in with_deadline(0.05, forever):
            time.sleep(delay)
            assert time.monotonic() < latest

    with pytest.raises(ChatModelError) as caught:
        read()
    stop.set()
    assert caught.value.failure == "timeout"


def test_failures_do_not_carry_what_the_provider_said() -> None:
    class RateLimitError(Exception):
        status_code = 429

    made = classify_failure(RateLimitError(f"bad {KEY}"))
    assert made.failure == "rate_limit"
    assert KEY not in str(made)
    assert classify_failure(RuntimeError("odd")).failure == "unavailable"


def test_a_key_is_not_shown(wire: Wire) -> None:
    url = "" if wire.variable else "http://127.0.0.1:9/v1"
    known = {"model": wire.model, "model_url": url, "model_api_key": KEY}
    model: Any = open_chat_model(Settings.model_validate(known))
    inner = model._model
    clients = [getattr(inner, name, None) for name in ("_client", "client", "root_client")]
    shown = [model, vars(model), inner, *clients]
    assert not any(KEY in repr(each) + str(each) for each in shown)


@pytest.mark.parametrize("name", ["openai", "anthropic", "ollama"])
def test_a_provider_at_an_address(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = WIRES[name]
    monkeypatch.setenv(f"{name.upper()}_API_KEY", KEY)
    server = Recorded(streams(*wire.answer(TRUE)))
    with (
        loopback(server) as address,
        library(tmp_path, model=wire.model, model_url=address + wire.base) as pullquote,
    ):
        assert pullquote.ask(QUESTION).mode == "generative"
    assert [(path, key) for path, key, _ in server.asked] == [(wire.path, KEY)]


def test_a_name_with_a_colon_is_no_provider(tmp_path: Path) -> None:
    wire = WIRES["compatible"]
    server = Recorded(streams(*wire.answer(TRUE)))
    with (
        loopback(server) as address,
        library(tmp_path, model_url=f"{address}/v1", model="llama3.2:3b") as pullquote,
    ):
        assert pullquote.ask(QUESTION).mode == "generative"
    ((path, _, body),) = server.asked
    assert (path, body["model"]) == (wire.path, "llama3.2:3b")


def test_a_provider_that_nobody_knows() -> None:
    settings = Settings(model="nobody:x", model_api_key=KEY)  # type: ignore[arg-type]
    with pytest.raises((ModelError, MissingExtra)) as caught:
        open_chat_model(settings)
    assert "nobody" in str(caught.value)
    assert KEY not in str(caught.value)


def test_messages_have_roles(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Recorded(streams(*wire.answer("Fine.")))
    with loopback(server) as address:
        known = {"model": wire.model, "model_url": "", "model_api_key": KEY}
        if wire.variable:
            monkeypatch.setenv(wire.variable, address + wire.base)
        else:
            known["model_url"] = address + wire.base
        model = open_chat_model(Settings.model_validate(known))
        sent = [Message("system", "Rules."), Message("user", "Why?")]
        stop = [] if wire.path == "/v1/responses" else ["END"]
        said = "".join(piece.text for piece in model.stream(sent, 17, stop))
    assert said.strip() == "Fine."
    ((_, _, body),) = server.asked
    told = json.dumps(body)
    assert all(word in told for word in ("Rules.", "Why?", "system", "user", "17", *stop))
    assert body["stream"] is True


def test_ollama_is_told_of_a_context_beyond_its_own() -> None:
    wire = WIRES["ollama"]
    server = Recorded(streams(*wire.answer("Fine.")))
    with loopback(server) as address:
        model = open_chat_model(Settings(model=wire.model, model_url=address))
        for words in (10, 10_000):
            list(model.stream([Message("user", "word " * words)], 400))
    short, long = (body["options"] for _, _, body in server.asked)
    assert "num_ctx" not in short
    assert long["num_ctx"] >= 50_000 / 3 + 400
    assert (short["num_predict"], long["num_predict"]) == (400, 400)
