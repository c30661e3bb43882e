"""``POST /ask`` and ``POST /search``."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from http import HTTPStatus
from typing import Annotated, Unpack

from fastapi import Header
from fastapi.responses import JSONResponse, Response

from api.admission import Readers, admitting
from api.problem import Problem, problems
from api.schemas.ask import AskIn, SearchIn
from api.state import AppState, State
from api.stream import EVENT_SCHEMA, AskEvents, event_response
from rag.answer import Answer
from rag.contract import AnswerRecord, SearchRecord
from rag.events import Event
from rag.question import Question, QuestionOptions

__all__ = ["answer", "ask", "events", "router", "search"]

_ERRORS = problems(400, 401, 403, 408, 413, 422, 429, 503, 504)
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
    """The events of a question, answered in the pool of the models and counted in the metrics."""
    async with aclosing(state.questions.stream(question, **options)) as stream:
        async for event in stream:
            if isinstance(event, Answer):
                state.metrics.answer(event)
            yield event


async def answer(state: AppState, question: Question, **options: Unpack[QuestionOptions]) -> Answer:
    """The answer to a question, made in the pool of the models and counted in the metrics."""
    result = await state.questions.ask(question, **options)
    state.metrics.answer(result)
    return result


@router.post(
    "/ask",
    operation_id="ask",
    summary="Ask a question",
    response_model=AnswerRecord,
    responses={200: _EVENTS, **_ERRORS},
)
async def ask(state: State, question: AskIn, accept: Annotated[str, Header()] = "") -> Response:
    """A cited answer from the articles; or an abstention with `leads`, quoted sentences that may
    touch on the question (none where nothing comes near), and the nearest passages."""
    if question.mode == "generative" and not state.pullquote.writes:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "mode: generative needs a chat model, and none is set; use extractive or auto",
        )
    # Without a mode in the request, the settings' mode holds.
    mode = question.mode if "mode" in question.model_fields_set else None
    if question.stream or "text/event-stream" in accept:
        return await event_response(events(state, question, mode=mode), AskEvents())
    return JSONResponse((await answer(state, question, mode=mode)).as_json())


@router.post(
    "/search",
    operation_id="search",
    summary="Find passages",
    response_model=SearchRecord,
    responses=_ERRORS,
)
async def search(state: State, query: SearchIn) -> Response:
    """The passages nearest to a question, best first."""
    results = await state.questions.search(query.question, top_k=query.top_k, filters=query.filters)
    return JSONResponse(SearchRecord(search_results=tuple(results)).as_json())
