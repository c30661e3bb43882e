"""Answers as server-sent events: the same objects as without a stream, in the order of making."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.responses import StreamingResponse

from api.problem import Problem, body_of, of_error
from index.errors import PullquoteError
from rag.answer import Answer, SearchResult
from rag.prose import OnTold, Restart, Sentence
from rag.pullquote import OnFound

__all__ = ["EVENT_SCHEMA", "deltas", "event_stream", "events"]

_log = logging.getLogger("pullquote.stream")

Event = tuple[str, Any]
Step = Sentence | Restart

# One event of a stream, for the OpenAPI document.
EVENT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["data"],
}


def events(answer: Answer) -> Iterator[Event]:
    """What follows the search results where the answer is whole: the text as ``message`` deltas,
    each ``citation`` as soon as its number stands in the text, and ``final_answer``, which equals
    the answer without a stream."""
    whole = answer.as_json()
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


def step_events(step: Step) -> Iterator[Event]:
    """A checked sentence as ``message`` deltas and its ``citation`` s; or ``restart``: the text
    and citations so far are taken back, and the answer begins anew."""
    if isinstance(step, Restart):
        yield "restart", {"reason": step.reason}
        return
    # Whoever shows it as it comes has to know at once that nothing backs it.
    more = {} if step.citations else {"unsupported": True}
    for delta in deltas(step.text):
        yield "message", {"delta": delta, **more}
    for citation in step.citations:
        yield "citation", citation.as_json()


def deltas(text: str) -> Iterator[str]:
    """The text in pieces of a word, with the white space after it."""
    for piece in re.finditer(r"\s*\S+\s*|\s+", text):
        yield piece.group()


async def event_stream(ask: Callable[[OnFound, OnTold], Awaitable[Answer]]) -> StreamingResponse:
    """The events of an answer as it is made, as a ``text/event-stream`` response.

    Returns once there is something to send, and raises what goes wrong until then: a refusal
    keeps its status. Whatever goes wrong later is the stream's last event, ``error``.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[tuple[SearchResult, ...]] = loop.create_future()
    steps: asyncio.Queue[Step | None] = asyncio.Queue()
    asking = asyncio.ensure_future(
        ask(
            lambda results: loop.call_soon_threadsafe(found.set_result, results),
            lambda step: loop.call_soon_threadsafe(steps.put_nowait, step),
        )
    )

    def ended(done: asyncio.Future[Answer]) -> None:
        # Where nobody is left to be told, it fails on its own.
        _ = done.cancelled() or done.exception()
        steps.put_nowait(None)

    asking.add_done_callback(ended)
    either: set[asyncio.Future[Any]] = {found, asking}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    except BaseException:
        asking.cancel()
        raise
    results = asking.result().search_results if asking.done() else found.result()
    # A proxy that collects a response before it passes it on would undo the streaming.
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    encoded = _encoded(results, steps, asking)
    return StreamingResponse(encoded, media_type="text/event-stream", headers=headers)


async def _encoded(
    results: Sequence[SearchResult],
    steps: asyncio.Queue[Step | None],
    asking: asyncio.Future[Answer],
) -> AsyncIterator[str]:
    yield _line("search_results", {"search_results": [each.as_json() for each in results]})
    told = False
    try:
        while (step := await steps.get()) is not None:
            told = isinstance(step, Sentence)
            for event in step_events(step):
                yield _line(*event)
        answer = asking.result()
    except (PullquoteError, Problem) as exc:
        yield _line("error", body_of(exc if isinstance(exc, Problem) else of_error(exc)))
    except Exception:
        _log.exception("unhandled error")
        problem = Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "an error that was not foreseen")
        yield _line("error", body_of(problem))
    else:
        # What was told sentence by sentence is not told again.
        rest = [("final_answer", answer.as_json())] if told else events(answer)
        for event in rest:
            yield _line(*event)
    finally:
        # Who stops listening gives the answer up.
        asking.cancel()


def _line(name: str, data: Any) -> str:
    # JSON escapes line ends, so the data is always one line.
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
