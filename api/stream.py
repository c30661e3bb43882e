"""Stream answers as server-sent events while they are made: the same text and citations as without
a stream.

What every protocol shares is here, and the events of ``/ask``; OpenAI's are in
:mod:`api.openai.completions`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from http import HTTPStatus
from typing import Any, Protocol

from fastapi.responses import StreamingResponse

from api.problem import Problem, body_of, of_error
from index.errors import PullquoteError
from rag.answer import Answer
from rag.contract import SearchRecord
from rag.events import Event, Restart, SearchResults, Sentence

__all__ = ["EVENT_SCHEMA", "AskEvents", "Wording", "deltas", "event_response"]

_log = logging.getLogger("pullquote.stream")

# A comment, which clients pass over: a proxy cuts a connection that says nothing for long.
_KEEP_ALIVE = ": still at it\n\n"
_KEEP_ALIVE_SECONDS = 10.0

# One event of a stream, for the OpenAPI document.
EVENT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "event": {"type": "string"},
        "id": {"type": "string"},
        "data": {"type": "string"},
    },
    "required": ["data"],
}


class Wording(Protocol):
    """Formats one stream for a protocol: complete server-sent events."""

    def event(self, event: Event) -> Iterator[str]:
        """Yield the messages for an event; with the answer, the end of the stream."""
        ...

    def problem(self, problem: Problem) -> Iterator[str]:
        """Yield the messages for an error, which end the stream."""
        ...


class AskEvents:
    """The format of ``/ask``: the search results, the text as ``message`` deltas, each ``citation``
    as soon as its mark stands in the text, and ``final_answer``, which equals the answer
    unstreamed.

    end_id: the id of the event that ends the stream, if it is to have one.
    """

    def __init__(self, end_id: str = "") -> None:
        self._end_id = end_id

    def event(self, event: Event) -> Iterator[str]:
        """Yield the search results; a sentence as ``message`` deltas and its ``citation`` s; or
        ``restart``: the text and citations so far are taken back, and the answer begins anew."""
        match event:
            case SearchResults(results):
                yield _event("search_results", SearchRecord(search_results=results).as_json())
            case Sentence(text, citations, is_own_words):
                # Whoever shows it as it comes has to know at once that nothing backs it.
                flag = (
                    {"own_words": True}
                    if is_own_words
                    else {}
                    if citations
                    else {"unsupported": True}
                )
                yield from _messages(text, flag)
                for citation in citations:
                    yield _event("citation", citation.as_json())
            case Restart(reason):
                yield _event("restart", {"reason": reason})
            case Answer():
                if event.abstained:
                    yield from _messages(event.answer)
                yield _event("final_answer", event.as_json(), self._end_id)

    def problem(self, problem: Problem) -> Iterator[str]:
        """Yield ``error``, whose data is the problem."""
        yield _event("error", body_of(problem), self._end_id)


def _messages(text: str, more: dict[str, Any] | None = None) -> Iterator[str]:
    for delta in deltas(text):
        yield _event("message", {"delta": delta, **(more or {})})


def _event(name: str, data: Any, id: str = "") -> str:
    id_line = f"id: {id}\n" if id else ""
    # JSON escapes line ends, so the data is always one line.
    return f"event: {name}\n{id_line}data: {json.dumps(data, ensure_ascii=False)}\n\n"


def deltas(text: str) -> Iterator[str]:
    """Split the text into words, each with the white space after it."""
    for piece in re.finditer(r"\s*\S+\s*|\s+", text):
        yield piece.group()


async def event_response(
    events: AsyncGenerator[Event, None],
    wording: Wording,
    keep_alive: float = _KEEP_ALIVE_SECONDS,
) -> StreamingResponse:
    """Make a ``text/event-stream`` response of an answer that is being made.

    Returns once there is something to send, and raises errors until then, so that a refusal keeps
    its status. Later errors end the stream. The answer is cancelled when the client stops
    listening. While nothing comes, a comment is sent every ``keep_alive`` seconds.

    sse-starlette would send those too; but it ends running streams as soon as the server is told to
    stop, and ours are finished.
    """
    with_pauses = _with_pauses(events, keep_alive)
    first: list[str] = []
    while not first:
        event = await anext(with_pauses)
        first = [_KEEP_ALIVE] if event is None else list(wording.event(event))
    # A proxy that collects a response before it passes it on would undo the streaming.
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    lines = _lines(first, events, with_pauses, wording)
    return StreamingResponse(lines, media_type="text/event-stream", headers=headers)


async def _lines(
    first: list[str],
    events: AsyncGenerator[Event, None],
    with_pauses: AsyncGenerator[Event | None, None],
    wording: Wording,
) -> AsyncIterator[str]:
    async with aclosing(events), aclosing(with_pauses):
        for text in first:
            yield text
        try:
            async for event in with_pauses:
                for text in [_KEEP_ALIVE] if event is None else wording.event(event):
                    yield text
            return
        except (PullquoteError, Problem) as exc:
            problem = exc if isinstance(exc, Problem) else of_error(exc)
        except Exception:
            _log.exception("unhandled error")
            problem = Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "an error that was not foreseen")
    for text in wording.problem(problem):
        yield text


async def _with_pauses(
    events: AsyncGenerator[Event, None], seconds: float
) -> AsyncGenerator[Event | None, None]:
    """Yield the events, and ``None`` whenever there was none for ``seconds``."""
    while True:
        waiting = asyncio.ensure_future(_next(events))
        try:
            while not (await asyncio.wait({waiting}, timeout=seconds))[0]:
                yield None
        finally:
            if not waiting.done():
                waiting.cancel()
                # Until it has ended, the generator behind it cannot be closed.
                await asyncio.wait({waiting})
        if (event := waiting.result()) is None:
            return
        yield event


async def _next(events: AsyncGenerator[Event, None]) -> Event | None:
    """Return the next event; ``None`` at the end."""
    return await anext(events, None)
