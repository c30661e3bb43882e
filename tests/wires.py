"""What providers send, each in its own protocol, as their references have it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

__all__ = ["INPUT", "OUTPUT", "WIRES", "Wire"]

INPUT, OUTPUT = 11, 7


class Wire(Protocol):
    """One provider's protocol. ``model`` is what ``PULLQUOTE_MODEL`` says, ``variable`` the
    environment's name for its address, which ends with ``base``, and ``path`` where it is asked.
    ``overflow`` is what it says of a prompt that is too long, ``garbage`` an event that cannot be
    read."""

    @property
    def model(self) -> str: ...
    @property
    def variable(self) -> str: ...
    @property
    def base(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def overflow(self) -> str: ...
    @property
    def garbage(self) -> bytes: ...

    def answer(self, text: str, finish: str = "") -> list[bytes]:
        """A stream that says the text word by word; ``finish`` is why it ends, in its word."""
        ...

    def refusal(self) -> list[bytes]:
        """A stream that says that there will be no answer; empty where there is no word for it."""
        ...

    def error(self, kind: str, message: str) -> dict[str, Any]:
        """The body of an error."""
        ...

    def broken(self, kind: str, message: str) -> bytes:
        """An error within a stream."""
        ...


def _words(text: str) -> list[str]:
    return [word + " " for word in text.split()]


@dataclass(frozen=True)
class OpenAI:
    """Chat completions: events without names, and ``[DONE]``."""

    model: str = "openai:gpt-4o-mini"
    variable: str = "OPENAI_BASE_URL"
    base: str = "/v1"
    path: str = "/v1/chat/completions"
    overflow: str = "This model's maximum context length is 128000 tokens."
    garbage: bytes = b"data: {not json\n\n"

    def answer(self, text: str, finish: str = "") -> list[bytes]:
        frame: dict[str, Any] = {
            "id": "x",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "m",
        }
        told: list[dict[str, Any]] = [
            {"delta": {"content": word}, "finish_reason": None} for word in _words(text)
        ]
        told.append({"delta": {}, "finish_reason": finish or "stop"})
        chunks: list[Any] = [{**frame, "choices": [{"index": 0, **each}]} for each in told]
        total = INPUT + OUTPUT
        usage = {"prompt_tokens": INPUT, "completion_tokens": OUTPUT, "total_tokens": total}
        chunks.append({**frame, "choices": [], "usage": usage})
        return [*(_data(chunk) for chunk in chunks), b"data: [DONE]\n\n"]

    def refusal(self) -> list[bytes]:
        return self.answer("I will not.", "content_filter")

    def error(self, kind: str, message: str) -> dict[str, Any]:
        return {"error": {"message": message, "type": kind, "param": None, "code": kind}}

    def broken(self, kind: str, message: str) -> bytes:
        return _data(self.error(kind, message))


@dataclass(frozen=True)
class Compatible(OpenAI):
    """Chat completions of a server of one's own, at ``PULLQUOTE_MODEL_URL``."""

    model: str = "m"
    variable: str = ""


_AT: Final[dict[str, Any]] = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
_RESPONSE: Final[dict[str, Any]] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "status": "in_progress",
    "model": "m",
    "output": [],
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
}


@dataclass(frozen=True)
class OpenAIResponses(OpenAI):
    """Responses, which LangChain takes for models that have no chat completions."""

    model: str = "openai:gpt-5-pro"
    path: str = "/v1/responses"
    garbage: bytes = b"event: response.output_text.delta\ndata: {not json\n\n"

    def answer(self, text: str, finish: str = "") -> list[bytes]:
        part = {"type": "output_text", "text": "", "annotations": []}
        deltas = [
            {"type": "response.output_text.delta", **_AT, "delta": word, "logprobs": []}
            for word in _words(text)
        ]
        done = {"type": "response.output_text.done", **_AT, "text": text, "logprobs": []}
        return self._events(part, [*deltas, done], {**part, "text": text})

    def refusal(self) -> list[bytes]:
        part = {"type": "refusal", "refusal": ""}
        done = {"type": "response.refusal.done", **_AT, "refusal": "I will not."}
        return self._events(part, [done], {**part, "refusal": "I will not."})

    def _events(
        self, part: dict[str, Any], said: list[dict[str, Any]], whole: dict[str, Any]
    ) -> list[bytes]:
        item = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed"}
        begun = {**item, "status": "in_progress", "content": []}
        usage = {
            "input_tokens": INPUT,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": OUTPUT,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": INPUT + OUTPUT,
        }
        output = [{**item, "content": [whole]}]
        done = {**_RESPONSE, "status": "completed", "output": output, "usage": usage}
        events: list[dict[str, Any]] = [
            {"type": "response.created", "response": _RESPONSE},
            {"type": "response.output_item.added", "output_index": 0, "item": begun},
            {"type": "response.content_part.added", **_AT, "part": part},
            *said,
            {"type": "response.completed", "response": done},
        ]
        return [_event({**each, "sequence_number": number}) for number, each in enumerate(events)]

    def broken(self, kind: str, message: str) -> bytes:
        error = {"type": "error", "code": kind, "message": message, "param": None}
        return _event({**error, "sequence_number": 9})


@dataclass(frozen=True)
class Anthropic:
    """Messages: named events from ``message_start`` to ``message_stop``."""

    model: str = "anthropic:claude-haiku-4-5"
    variable: str = "ANTHROPIC_BASE_URL"
    base: str = ""
    path: str = "/v1/messages"
    overflow: str = "prompt is too long: 210000 tokens > 200000 maximum"
    garbage: bytes = b"event: content_block_delta\ndata: {not json\n\n"

    def answer(self, text: str, finish: str = "") -> list[bytes]:
        message: dict[str, Any] = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "content": [],
            "model": "m",
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": INPUT, "output_tokens": 1},
        }
        deltas = [{"type": "text_delta", "text": word} for word in _words(text)]
        usage = {"input_tokens": INPUT, "output_tokens": OUTPUT}
        events: Sequence[dict[str, Any]] = [
            {"type": "message_start", "message": message},
            {
                "type": "content_block_start",
                "index": 0,
                "content_block": {"type": "text", "text": ""},
            },
            {"type": "ping"},
            *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
            {"type": "content_block_stop", "index": 0},
            {
                "type": "message_delta",
                "delta": {"stop_reason": finish or "end_turn", "stop_sequence": None},
                "usage": usage,
            },
            {"type": "message_stop"},
        ]
        return [_event(event) for event in events]

    def refusal(self) -> list[bytes]:
        return self.answer("I will not.", "refusal")

    def error(self, kind: str, message: str) -> dict[str, Any]:
        return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "r"}

    def broken(self, kind: str, message: str) -> bytes:
        return _event(self.error(kind, message))


@dataclass(frozen=True)
class Ollama:
    """``/api/chat``: one JSON object a line, the last of them ``done``."""

    model: str = "ollama:llama3.2"
    variable: str = "OLLAMA_HOST"
    base: str = ""
    path: str = "/api/chat"
    overflow: str = "the input length exceeds the context length"
    garbage: bytes = b"{not json\n"

    def answer(self, text: str, finish: str = "") -> list[bytes]:
        lines = [self._line(word) for word in _words(text)]
        counts = {"prompt_eval_count": INPUT, "eval_count": OUTPUT, "total_duration": 5}
        return [*lines, self._line("", done=True, done_reason=finish or "stop", **counts)]

    def refusal(self) -> list[bytes]:
        return []

    def _line(self, word: str, done: bool = False, **more: Any) -> bytes:
        message = {"role": "assistant", "content": word}
        when = "2026-01-01T00:00:00.000000Z"
        line = {"model": "m", "created_at": when, "message": message, "done": done, **more}
        return f"{json.dumps(line)}\n".encode()

    def error(self, kind: str, message: str) -> dict[str, Any]:
        return {"error": message}

    def broken(self, kind: str, message: str) -> bytes:
        return f"{json.dumps(self.error(kind, message))}\n".encode()


def _data(data: Any) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()


def _event(data: dict[str, Any]) -> bytes:
    return f"event: {data['type']}\n".encode() + _data(data)


WIRES: dict[str, Wire] = {
    "compatible": Compatible(),
    "openai": OpenAI(),
    "responses": OpenAIResponses(),
    "anthropic": Anthropic(),
    "ollama": Ollama(),
}
