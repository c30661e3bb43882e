"""``/v1``: what clients of OpenAI's API need to ask here."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from api.guard.admission import Readers, Room, admitting
from api.openai.completions import Chunks, completion, question_of
from api.openai.embeddings import embeddings_of
from api.openai.responses import ResponseEvents, response_record
from api.problem import Problem, problems
from api.routes.ask import answer, events
from api.schemas.embeddings import EmbeddingIn, EmbeddingList
from api.schemas.openai import MODEL, ChatIn, ChatOut, ModelList, ModelOut
from api.schemas.responses import ResponseIn, ResponseOut
from api.state import State
from api.stream import EVENT_SCHEMA, event_response

__all__ = [
    "create_chat_completion",
    "create_embeddings",
    "create_response",
    "get_model",
    "list_models",
    "router",
]

_ERRORS = problems(400, 401, 403, 408, 413, 415, 429, 503, 504)
_CHUNKS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The completion; as chunks when `stream` is set.",
        "content": {"text/event-stream": {"schema": EVENT_SCHEMA, "example": "data: [DONE]\n\n"}},
    }
}
_RESPONSE_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The response; as its events when `stream` is set.",
        "content": {
            "text/event-stream": {
                "schema": EVENT_SCHEMA,
                "example": "event: response.created\ndata: {}\n\n",
            }
        },
    }
}
_MODEL = ModelOut(id=MODEL, object="model", created=1767225600, owned_by="pullquote")

router = admitting(prefix="/v1", tags=["OpenAI"], dependencies=[Readers])


@router.get(
    "/models", operation_id="list_models", summary="Models", responses=problems(401, 403, 429)
)
async def list_models() -> ModelList:
    """The one model there is."""
    return ModelList(object="list", data=[_MODEL])


@router.get(
    "/models/{model}",
    operation_id="get_model",
    summary="A model",
    responses=problems(400, 401, 403, 404, 429),
)
async def get_model(model: str) -> ModelOut:
    """The one model there is."""
    if model != MODEL:
        raise Problem(HTTPStatus.NOT_FOUND, f"no model {model!r} here: there is {MODEL}")
    return _MODEL


@router.post(
    "/chat/completions",
    operation_id="create_chat_completion",
    summary="Ask, as OpenAI's clients do",
    dependencies=[Room],
    response_model=ChatOut,
    responses={**_CHUNKS, **_ERRORS},
)
async def create_chat_completion(state: State, chat: ChatIn, request: Request) -> Response:
    """The last message is answered from the articles, those before it make it understood. A stream
    has each sentence that a chat model writes once it is checked. Whatever `model` is asked for,
    the answer is Pullquote's; `notes` of `pullquote` say so. Where the articles do not answer,
    that is the `refusal` too."""
    question, base_url = question_of(chat), str(request.base_url)
    if chat.stream:
        return await event_response(events(state, question, final=True), Chunks(chat, base_url))
    result = await answer(state, question, final=True)
    return JSONResponse(await run_in_threadpool(completion, result, chat, base_url))


@router.post(
    "/responses",
    operation_id="create_response",
    summary="Ask, as OpenAI's newer clients do",
    dependencies=[Room],
    response_model=ResponseOut,
    responses={**_RESPONSE_EVENTS, **_ERRORS},
)
async def create_response(state: State, query: ResponseIn, request: Request) -> Response:
    """The last message of `input` is answered from the articles, those before it make it
    understood. Nothing is stored: the next request brings the conversation along. Where the
    articles do not answer, the message is a `refusal`."""
    question, base_url = question_of(query.as_chat(), "input"), str(request.base_url)
    if query.stream:
        wording = ResponseEvents(query.model, base_url)
        return await event_response(events(state, question, final=True), wording)
    result = await answer(state, question, final=True)
    return JSONResponse(await run_in_threadpool(response_record, result, query.model, base_url))


@router.post(
    "/embeddings",
    operation_id="create_embeddings",
    summary="Vectors of texts",
    dependencies=[Room],
    responses=_ERRORS,
)
async def create_embeddings(state: State, query: EmbeddingIn, request: Request) -> EmbeddingList:
    """The vectors that the library's encoder has for these texts as questions."""
    state.gate.charge(request, len(query.texts))
    library = state.pullquote.library
    return await state.models.run(lambda: embeddings_of(library, query))
