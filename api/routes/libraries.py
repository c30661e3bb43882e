"""What a server of several libraries has beside them: its page, their list, and its health."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import Response

from api.guard.admission import ServerReaders, admitting
from api.links import root_of
from api.metrics import CONTENT_TYPE
from api.problem import Problem
from api.routes.page import page_response
from api.routes.service import readiness_of, readiness_response
from api.schemas.service import Health, LibraryList, LibraryOut, Readiness
from api.state import AppState

__all__ = [
    "healthz",
    "index_page",
    "list_libraries",
    "metrics",
    "nothing_here",
    "readyz",
    "router",
]

_ALL_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

router = admitting()


@router.get("/")
async def index_page(request: Request) -> Response:
    """The page that lists the libraries; its script asks for them, which may want a key."""
    return page_response(request, "libraries.html")


@router.get("/libraries", dependencies=[ServerReaders])
async def list_libraries(request: Request) -> LibraryList:
    """The libraries that the key opens, in the order of the settings."""
    states = _visible(request)
    readiness = await asyncio.gather(*map(readiness_of, states))
    root = root_of(request.scope)
    return LibraryList(
        libraries=[
            LibraryOut(name=state.name, path=f"{root}/l/{state.name}/", **dict(each))
            for state, each in zip(states, readiness, strict=True)
        ]
    )


@router.get("/healthz")
async def healthz() -> Health:
    """Answers as long as the process can answer at all; it waits for nothing."""
    return Health()


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """Whether any library can be asked, without names: whoever balances loads has no key."""
    states = _states(request)
    readiness = await asyncio.gather(*map(readiness_of, states.values()))
    kinds = {each.status for each in readiness}
    if len(kinds) == 1:
        status = kinds.pop()
    elif kinds == {"starting", "unavailable"}:
        status = "starting"
    else:
        status = "degraded"
    ready = sum(each.status == "ready" for each in readiness)
    problems = [] if status == "ready" else [f"of {len(states)} libraries {ready} are ready"]
    return readiness_response(Readiness(status=status, problems=problems))


@router.get("/metrics", dependencies=[ServerReaders])
async def metrics(request: Request) -> Response:
    """The metrics of the libraries that the key opens, and of the requests to none of them."""
    states = _visible(request)

    def exposition() -> bytes:
        for state in states:
            with state.pullquote.library.view() as view:
                state.metrics.index(*view.counts(), view.generation)
        return states[0].metrics.exposition(["", *(state.name for state in states)])

    if not states:
        raise Problem(HTTPStatus.FORBIDDEN, "the key is of libraries that are not served here")
    return Response(await states[0].reads.run(exposition), media_type=CONTENT_TYPE)


@router.api_route("/{path:path}", methods=_ALL_METHODS)
async def nothing_here(path: str) -> Response:
    """Whatever else is asked for: a library by a wrong name, or none."""
    raise Problem(
        HTTPStatus.NOT_FOUND,
        f"there is nothing at /{path}: each library has its own paths below /l/NAME/, and GET "
        "/libraries lists them",
    )


def _states(request: Request) -> Mapping[str, AppState]:
    states: Mapping[str, AppState] = request.app.state.libraries
    return states


def _visible(request: Request) -> list[AppState]:
    """The libraries that the key of a request opens."""
    key = request.state.key
    return [state for name, state in _states(request).items() if key is None or key.opens(name)]
