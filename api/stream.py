"""Answers as server-sent events, sent as they are made: the same text and citations as without a
stream. What every protocol shares is here, and the events of ``/ask``; OpenAI's are in
:mod:`api.openai`."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from http import HTTPStatus
from typing import Any, Protocol

from fastapi.responses import StreamingResponse

from api.problem import Problem, body_of, of_error
from index.errors import PullquoteError
from rag.answer import Answer, SearchResult
from rag.prose import Restart, Sentence

__all__ = ["EVENT_SCHEMA", "AskEvents", "Step", "Wording", "deltas", "streamed"]

_log = logging.getLogger("pullquote.stream")

# What becomes known on the way to an answer.
Step = tuple[SearchResult, ...] | Sentence | Restart

# One event of a stream, for the OpenAPI document.
EVENT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["data"],
}


class Wording(Protocol):
    """How a protocol words one stream: whole events, ready to be sent."""

    def step(self, step: Step) -> Iterator[str]:
        """What became known."""
        ...

    def whole(self, answer: Answer) -> Iterator[str]:
        """The rest of the answer, after its steps, and the end."""
        ...

    def problem(self, problem: Problem) -> Iterator[str]:
        """Why there is no more."""
        ...


class AskEvents:
    """``/ask``: the search results, the text as ``message`` deltas, each ``citation`` as soon as
    its number stands in the text, and ``final_answer``, which equals the answer unstreamed."""

    def __init__(self) -> None:
        self._found = self._told = False

    def step(self, step: Step) -> Iterator[str]:
        """The search results; a checked sentence as ``message`` deltas and its ``citation`` s; or
        ``restart``: the text and citations so far are taken back, and the answer begins anew."""
        if isinstance(step, Sentence):
            self._told = True
            # Whoever shows it as it comes has to know at once that nothing backs it.
            more = {} if step.citations else {"unsupported": True}
            for delta in deltas(step.text):
                yield _event("message", {"delta": delta, **more})
            for citation in step.citations:
                yield _event("citation", citation.as_json())
        elif isinstance(step, Restart):
            self._told = False
            yield _event("restart", {"reason": step.reason})
        else:
            self._found = True
            results = [each.as_json() for each in step]
            yield _event("search_results", {"search_results": results})

    def whole(self, answer: Answer) -> Iterator[str]:
        """What was told sentence by sentence is not told again."""
        if not self._found:
            yield from self.step(answer.search_results)
        whole = answer.as_json()
        if not self._told:
            yield from _messages(answer.text, whole["citations"])
        yield _event("final_answer", whole)

    def problem(self, problem: Problem) -> Iterator[str]:
        """``error``, whose data is the problem."""
        yield _event("error", body_of(problem))


def _messages(text: str, citations: list[dict[str, Any]]) -> Iterator[str]:
    waiting = list(citations)
    at = 0
    for delta in deltas(text):
        yield _event("message", {"delta": delta})
        at += len(delta)
        while waiting and text.find(f"[{waiting[0]['number']}]", 0, at) >= 0:
            yield _event("citation", waiting.pop(0))
    for citation in waiting:
        yield _event("citation", citation)


def _event(name: str, data: Any) -> str:
    # JSON escapes line ends, so the data is always one line.
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def deltas(text: str) -> Iterator[str]:
    """The text in pieces of a word, with the white space after it."""
    for piece in re.finditer(r"\s*\S+\s*|\s+", text):
        yield piece.group()


async def streamed(
    ask: Callable[[Callable[[Step], object]], Awaitable[Answer]], wording: Wording
) -> StreamingResponse:
    """An answer as it is made, as a ``text/event-stream`` response. ``ask`` is given what takes
    the steps, from any thread.

    Returns once there is something to send, and raises what goes wrong until then: a refusal
    keeps its status. Whatever goes wrong later is the end of the stream.
    """
    loop = asyncio.get_running_loop()
    steps: asyncio.Queue[Step | None] = asyncio.Queue()
    asking = asyncio.ensure_future(
        ask(lambda step: loop.call_soon_threadsafe(steps.put_nowait, step))
    )

    def ended(done: asyncio.Future[Answer]) -> None:
        # Where nobody is left to be told, it fails on its own.
        _ = done.cancelled() or done.exception()
        steps.put_nowait(None)

    asking.add_done_callback(ended)
    try:
        first = await steps.get()
    except BaseException:
        asking.cancel()
        raise
    if first is None:
        asking.result()
    # A proxy that collects a response before it passes it on would undo the streaming.
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    sent = _sent(first, steps, asking, wording)
    return StreamingResponse(sent, media_type="text/event-stream", headers=headers)


async def _sent(
    step: Step | None,
    steps: asyncio.Queue[Step | None],
    asking: asyncio.Future[Answer],
    wording: Wording,
) -> AsyncIterator[str]:
    try:
        while step is not None:
            for event in wording.step(step):
                yield event
            step = await steps.get()
        rest = wording.whole(asking.result())
    except (PullquoteError, Problem) as exc:
        rest = wording.problem(exc if isinstance(exc, Problem) else of_error(exc))
    except Exception:
        _log.exception("unhandled error")
        unforeseen = Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "an error that was not foreseen")
        rest = wording.problem(unforeseen)
    finally:
        # Who stops listening gives the answer up.
        asking.cancel()
    for event in rest:
        yield event
