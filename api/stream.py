"""Answers as server-sent events: the same objects as without a stream, in the order of making."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

from fastapi.responses import StreamingResponse

from rag.answer import Answer

__all__ = ["EVENT_SCHEMA", "deltas", "event_stream", "events"]

# One event of a stream, for the OpenAPI document.
EVENT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["data"],
}


def events(answer: Answer) -> Iterator[tuple[str, Any]]:
    """``search_results`` once, the text as ``message`` deltas, each ``citation`` as soon as its
    number stands in the text, and ``final_answer``, which equals the answer without a stream."""
    whole = answer.as_json()
    yield "search_results", {"search_results": whole["search_results"]}
    waiting = list(whole["citations"])
    at = 0
    for delta in deltas(answer.text):
        yield "message", {"delta": delta}
        at += len(delta)
        while waiting and answer.text.find(f"[{waiting[0]['number']}]", 0, at) >= 0:
            yield "citation", waiting.pop(0)
    for citation in waiting:
        yield "citation", citation
    yield "final_answer", whole


def deltas(text: str) -> Iterator[str]:
    """The text in pieces of a word, with the white space after it."""
    for piece in re.finditer(r"\s*\S+\s*|\s+", text):
        yield piece.group()


def event_stream(pairs: Iterator[tuple[str, Any]]) -> StreamingResponse:
    """Events, each a name and what JSON can hold, as a ``text/event-stream`` response."""

    async def encoded() -> AsyncIterator[str]:
        for name, data in pairs:
            # JSON escapes line ends, so the data is always one line.
            said = json.dumps(data, ensure_ascii=False)
            yield f"event: {name}\ndata: {said}\n\n"

    # A proxy that collects a response before it passes it on would undo the streaming.
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return StreamingResponse(encoded(), media_type="text/event-stream", headers=headers)
