"""``/ask``, ``/ask/batch`` and ``/search``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from http import HTTPStatus
from typing import Annotated, Any, Unpack

from fastapi import Header, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from api.guard.admission import Readers, Room, admitting
from api.problem import Problem, body_of, invalid, of_error, problems
from api.schemas.ask import AskIn, AskQuery, BatchIn, BatchOut, SearchIn
from api.state import AppState, State
from api.stream import EVENT_SCHEMA, AskEvents, event_response
from index.errors import PullquoteError
from index.validation import reason_of
from rag.answer import Answer
from rag.contract import AnswerRecord, SearchRecord
from rag.events import Event
from rag.question import Mode, Question, QuestionOptions

__all__ = ["answer", "ask", "ask_batch", "ask_by_link", "events", "router", "search"]

_ERRORS = problems(400, 401, 403, 408, 413, 415, 422, 429, 503, 504)
# The id of the event that ends an answer, which an `EventSource` sends when it connects again.
_END = "end"
_EVENTS = {
    "description": "The answer; as events `search_results`, `message` (a `delta` of the text), "
    "`citation` and `final_answer` when a stream was asked for. A written answer is sent sentence "
    "by sentence, each once it is checked (one that nothing backs, where settings keep it, as "
    "`message` with `unsupported`); where its model fails on the way, `restart` (with the "
    "`reason`) takes back all `message` and `citation` events before it. A stream that cannot be "
    "finished ends with `error`, whose data is a problem.",
    "content": {
        "text/event-stream": {
            "schema": EVENT_SCHEMA,
            "example": 'event: message\ndata: {"delta": "Alibaba "}\n\n',
        }
    },
}

router = admitting(tags=["Questions"], dependencies=[Readers])


async def events(
    state: AppState, question: Question, **options: Unpack[QuestionOptions]
) -> AsyncGenerator[Event, None]:
    """Stream the events of a question, answered in the pool of the models and counted in the
    metrics."""
    async with aclosing(state.questions.stream(question, **options)) as stream:
        async for event in stream:
            if isinstance(event, Answer):
                state.metrics.answer(event)
            yield event


async def answer(state: AppState, question: Question, **options: Unpack[QuestionOptions]) -> Answer:
    """Return the answer to a question, made in the pool of the models and counted in the
    metrics."""
    result = await state.questions.ask(question, **options)
    state.metrics.answer(result)
    return result


@router.post(
    "/ask",
    operation_id="ask",
    summary="Ask a question",
    dependencies=[Room],
    response_model=AnswerRecord,
    responses={200: _EVENTS, **_ERRORS},
)
async def ask(state: State, question: AskIn, accept: Annotated[str, Header()] = "") -> Response:
    """A cited answer from the articles; or an abstention with `leads`, quoted sentences that may
    touch on the question (none where nothing comes near), and the nearest passages."""
    # Without a mode in the request, the settings' mode holds.
    mode = question.mode if "mode" in question.model_fields_set else None
    _check_mode(state, mode, "body")
    return await _answer_response(
        state, question, mode, question.stream or "text/event-stream" in accept
    )


@router.get(
    "/ask",
    operation_id="ask_by_link",
    summary="Ask a question in an address",
    dependencies=[Room],
    response_model=AnswerRecord,
    responses={
        200: _EVENTS,
        204: {"description": "An `EventSource` has the whole answer already, and may stop."},
        **_ERRORS,
    },
)
async def ask_by_link(
    state: State,
    query: Annotated[AskQuery, Query()],
    accept: Annotated[str, Header()] = "",
    last_event_id: Annotated[str, Header()] = "",
) -> Response:
    """The same as `POST /ask`, for bookmarks and for `EventSource`, whose requests have no body.
    An `EventSource` asks again when a stream ends; after the event that ends an answer it is told
    to stop."""
    if last_event_id == _END:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    _check_mode(state, query.mode, "query")
    options = query.model_dump(include={"top_k", "time_filters", "timeline"})
    question = _question("query.q", question=query.q, filters=query.filters, **options)
    as_stream = query.stream or "text/event-stream" in accept
    return await _answer_response(state, question, query.mode, as_stream, end_id=_END)


@router.post(
    "/ask/batch",
    operation_id="ask_batch",
    summary="Ask several questions",
    response_model=BatchOut,
    responses=_ERRORS,
)
async def ask_batch(state: State, batch: BatchIn, request: Request) -> Response:
    """An answer to each question, in their order. Each has the time of a request of its own, and
    counts as one where the rate is limited; one that cannot be answered has an `error` in its place
    and does not keep the others."""
    _check_mode(state, batch.mode, "body")
    state.gate.charge(request, len(batch.questions))
    # So many at once as there are threads, or the rest would wait against its own time.
    turns = asyncio.Semaphore(state.settings.work_threads)

    async def item(text: str) -> dict[str, Any]:
        # Half of a pair of surrogates has no bytes to be sent back in.
        sendable = text.encode(errors="replace").decode()
        record: dict[str, Any] = {"question": sendable, "answer": None, "error": None}
        options = batch.model_dump(include={"top_k", "filters", "time_filters", "timeline"})
        try:
            question = _question("question", question=text, **options)
            async with turns:
                record["answer"] = (await answer(state, question, mode=batch.mode)).as_json()
        except (PullquoteError, Problem) as exc:
            problem = exc if isinstance(exc, Problem) else of_error(exc)
            record["error"] = body_of(problem)
        return record

    return JSONResponse({"answers": await asyncio.gather(*map(item, batch.questions))})


def _question(where: str, **fields: Any) -> Question:
    """Make a question of these fields. ``Problem`` (422) where it is invalid."""
    try:
        return Question.model_validate(fields)
    except ValidationError as exc:
        raise invalid(reason_of(exc.errors(include_url=False)[0]), where) from exc


def _check_mode(state: AppState, mode: Mode | None, where: str) -> None:
    if mode == "generative" and not state.pullquote.writes:
        raise invalid(
            "generative needs a chat model, and none is set; use extractive or auto",
            f"{where}.mode",
        )


async def _answer_response(
    state: AppState, question: Question, mode: Mode | None, as_stream: bool, end_id: str = ""
) -> Response:
    if as_stream:
        return await event_response(events(state, question, mode=mode), AskEvents(end_id))
    return JSONResponse((await answer(state, question, mode=mode)).as_json())


@router.post(
    "/search",
    operation_id="search",
    summary="Find passages",
    dependencies=[Room],
    response_model=SearchRecord,
    responses=_ERRORS,
)
async def search(state: State, query: SearchIn) -> Response:
    """The passages nearest to a question, best first."""
    results = await state.questions.search(query.question, top_k=query.top_k, filters=query.filters)
    return JSONResponse(SearchRecord(search_results=tuple(results)).as_json())
