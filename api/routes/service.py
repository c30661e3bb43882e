"""``/healthz``, ``/readyz``, ``/version`` and ``/metrics``."""

from __future__ import annotations

from fastapi.responses import JSONResponse, Response

from api.guard.admission import Readers, admitting
from api.metrics import CONTENT_TYPE
from api.problem import problems, without_folders
from api.schemas.service import Health, Readiness, Version
from api.state import AppState, State
from index.errors import PullquoteError
from index.version import pullquote_version
from rag.health import unread_languages

__all__ = [
    "healthz",
    "metrics",
    "readiness_of",
    "readiness_response",
    "readyz",
    "router",
    "version",
]

router = admitting(tags=["Service"])


@router.get("/healthz", operation_id="health", summary="Is it alive?")
async def healthz() -> Health:
    """Answers as long as the process can answer at all; it waits for nothing."""
    return Health()


@router.get(
    "/readyz",
    operation_id="readiness",
    summary="Can it answer?",
    response_model=Readiness,
    responses={503: {"description": "Not now, and why.", "model": Readiness}},
)
async def readyz(state: State) -> Response:
    """Ready, degraded and why, starting, or unavailable and why."""
    return readiness_response(await readiness_of(state))


async def readiness_of(state: AppState) -> Readiness:
    """Look whether a library can be asked."""
    if not state.ready.is_set():
        return Readiness(status="starting", problems=["the models are being loaded"])
    if state.reads.full:
        return Readiness(status="unavailable", problems=["too many requests for the store"])
    return await state.reads.run(lambda: _readiness(state))


def readiness_response(readiness: Readiness) -> Response:
    """Make the response, whose status says it too. No key is needed for it, and so none of the
    folders of this machine is named."""
    down = readiness.status in ("starting", "unavailable")
    problems = [without_folders(problem) for problem in readiness.problems]
    record = readiness.model_copy(update={"problems": problems})
    return JSONResponse(record.model_dump(), 503 if down else 200)


def _readiness(state: AppState) -> Readiness:
    try:
        with state.pullquote.library.view() as view:
            articles, _ = view.counts()
            generation = view.generation
    except PullquoteError as exc:
        return Readiness(status="unavailable", problems=[str(exc)])
    if state.trouble:
        return Readiness(status="unavailable", problems=[state.trouble])
    problems = list(state.pullquote.library.problems)
    if not articles:
        problems.append("there are no articles yet")
    if unread := unread_languages(state.pullquote.library):
        problems.append(unread)
    if state.models.full:
        problems.append("the queue is full: questions are refused for now")
    return Readiness(
        status="degraded" if problems else "ready",
        problems=problems,
        articles=articles,
        index_generation=generation,
    )


@router.get(
    "/version",
    operation_id="version",
    summary="Which version, which index?",
    dependencies=[Readers],
    responses=problems(401, 403, 429, 503, 504),
)
async def version(state: State) -> Version:
    """Which Pullquote this is, and what it answers from."""

    def current() -> Version:
        with state.pullquote.library.view() as view:
            articles, passages = view.counts()
            return Version(
                version=pullquote_version(),
                articles=articles,
                passages=passages,
                index_generation=view.generation,
                encoder=state.settings.encoder,
                threshold=state.settings.threshold,
                writes=state.pullquote.writes,
                mode=state.settings.mode,
            )

    return await state.reads.run(current)


@router.get(
    "/metrics",
    operation_id="metrics",
    summary="For Prometheus",
    response_class=Response,
    dependencies=[Readers],
    responses={
        200: {
            "description": "Prometheus' text format.",
            "content": {
                "text/plain": {
                    "schema": {"type": "string"},
                    "example": 'pullquote_answers_total{outcome="answered"} 7.0\n',
                }
            },
        },
        **problems(401, 403, 429, 503, 504),
    },
)
async def metrics(state: State) -> Response:
    """Requests, latency by stage, abstentions, confidence, index size and generation."""

    def exposition() -> bytes:
        with state.pullquote.library.view() as view:
            state.metrics.index(*view.counts(), view.generation)
        return state.metrics.exposition()

    return Response(await state.reads.run(exposition), media_type=CONTENT_TYPE)
