"""``GET /jobs/{id}``."""

from __future__ import annotations

from fastapi.responses import JSONResponse, Response

from api.guard.admission import Readers, admitting
from api.problem import problems
from api.schemas.articles import JobOut
from api.state import State

__all__ = ["get_job", "router"]

router = admitting(tags=["Articles"], dependencies=[Readers])


@router.get(
    "/jobs/{job_id}",
    operation_id="get_job",
    summary="Follow a job",
    response_model=JobOut,
    responses=problems(401, 403, 404, 422, 429, 503, 504),
)
async def get_job(state: State, job_id: str) -> Response:
    """How far the adding of articles is, whichever worker does it."""
    job = await state.reads.run(lambda: state.jobs.get(job_id))
    return JSONResponse(job.as_json())
