"""``GET /suggestions`` and ``POST /samples``: what to begin with."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from api.guard.admission import Readers, Writers, admitting
from api.problem import problems
from api.routes.articles import job_response
from api.samples import sample_articles
from api.schemas.articles import JobOut
from api.schemas.suggestions import SuggestionList, SuggestionOut
from api.state import State

__all__ = ["add_samples", "router", "suggest"]

_Ids = Annotated[
    list[Annotated[str, Query(min_length=1, max_length=512)]],
    Query(max_length=10, description="Of these articles; by default of the newest."),
]

router = admitting()


@router.get(
    "/suggestions",
    operation_id="suggest",
    summary="Suggest questions",
    tags=["Questions"],
    dependencies=[Readers],
    responses=problems(401, 403, 422, 429, 503, 504),
)
async def suggest(
    state: State,
    article_id: _Ids = [],  # noqa: B006 - FastAPI copies it
    limit: Annotated[int, Query(ge=1, le=30)] = 6,
) -> SuggestionList:
    """Questions that these articles surely answer. They are asked in the background, once somebody
    wants them, and again when the library has changed."""
    if not state.ready.is_set():
        return SuggestionList(questions=[], complete=False)
    suggestions, complete = await state.reads.run(lambda: state.suggestions.of(article_id, limit))
    return SuggestionList(
        questions=[SuggestionOut.of(each) for each in suggestions], complete=complete
    )


@router.post(
    "/samples",
    operation_id="add_samples",
    summary="Add the sample articles",
    tags=["Articles"],
    status_code=202,
    dependencies=[Writers],
    response_model=JobOut,
    responses=problems(401, 403, 422, 429, 503, 504),
)
async def add_samples(state: State, request: Request) -> Response:
    """The two articles that come with Pullquote, to try it with; the job to follow."""
    max_chars = state.settings.max_article_chars
    pending = await state.jobs.submit(lambda: sample_articles(max_chars))
    return job_response(request, await state.jobs.wait(pending, 0.0))
