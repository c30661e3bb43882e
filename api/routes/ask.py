"""``POST /ask`` and ``POST /search``."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header
from fastapi.responses import JSONResponse, Response

from api.problem import Problem, problems
from api.schemas.ask import AnswerOut, AskIn, SearchIn, SearchOut
from api.state import AppState, Readers, State
from api.stream import EVENT_SCHEMA, AskEvents, streamed
from rag.answer import Answer
from rag.prose import OnTold
from rag.pullquote import OnFound
from rag.question import Mode, Question

__all__ = ["answer", "router"]

_ERRORS = problems(400, 401, 403, 413, 422, 429, 503, 504)
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

router = APIRouter(tags=["Questions"], dependencies=[Readers])


async def answer(
    state: AppState,
    asked: Question,
    on_found: OnFound | None = None,
    on_told: OnTold | None = None,
    mode: Mode | None = None,
    final: bool = False,
) -> Answer:
    """The answer, made in the pool of the models, and counted. ``on_found`` and ``on_told`` are
    called there; what is told is ``final`` where it cannot be taken back."""
    made = await state.models.run(
        lambda: state.pullquote.ask(
            asked.question,
            asked.top_k,
            asked.filters,
            asked.history,
            on_found,
            asked.time_filters,
            mode,
            on_told,
            final,
        )
    )
    state.metrics.answer(made)
    return made


@router.post(
    "/ask",
    operation_id="ask",
    summary="Ask a question",
    response_model=AnswerOut,
    responses={200: _EVENTS, **_ERRORS},
)
async def ask(state: State, asked: AskIn, accept: Annotated[str, Header()] = "") -> Response:
    """A cited answer from the articles, or an abstention with the nearest passages."""
    if asked.mode == "generative" and not state.pullquote.writes:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "mode: generative needs a chat model, and none is set; use extractive or auto",
        )
    # Who asks for nothing gets what the settings say.
    mode = asked.mode if "mode" in asked.model_fields_set else None
    if asked.stream or "text/event-stream" in accept:
        return await streamed(lambda step: answer(state, asked, step, step, mode), AskEvents())
    return JSONResponse((await answer(state, asked, mode=mode)).as_json())


@router.post(
    "/search",
    operation_id="search",
    summary="Find passages",
    response_model=SearchOut,
    responses=_ERRORS,
)
async def search(state: State, asked: SearchIn) -> Response:
    """The passages nearest to a question, best first."""
    found = await state.models.run(
        lambda: state.pullquote.search(asked.question, asked.top_k, asked.filters)
    )
    body: dict[str, Any] = {"search_results": [result.as_json() for result in found]}
    return JSONResponse(body)
