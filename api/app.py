"""The HTTP application: ``build_app(state)`` of one library, ``build_libraries_app(states)`` of
several side by side."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Scope

from api import problem
from api.guard.hosts import Hosts, OriginForm
from api.guard.limits import BodyLimit
from api.guard.turns import Turns
from api.libraries import LibraryPaths
from api.metrics import Metrics
from api.middleware import Failures, Requests, SameSite
from api.routes import articles, ask, jobs, libraries, mcp, openai, page, service, suggestions
from api.schemas import MODELS_WITH_EXAMPLES, examples
from api.state import AppState, close_states, report_failed_warming, state_of
from index.errors import PullquoteError
from index.version import pullquote_version
from rag import Settings

__all__ = ["build_app", "build_libraries_app"]

_log = logging.getLogger("pullquote.app")

_ABOUT = """Ask your articles, get answers in their own words, each with its citation.

All offsets count Unicode code points, end exclusive. Errors are `application/problem+json`."""


def build_app(state: AppState) -> FastAPI:
    """Build the application over ``state``, which it closes when it stops."""
    app = _build([state])
    app.state.pullquote = state
    app.add_middleware(OriginForm)
    return app


def build_libraries_app(states: Sequence[AppState]) -> ASGIApp:
    """Build the application of several libraries, each with all that :func:`build_app` serves
    below ``/l/NAME/``. The states share what :meth:`AppState.of` says, and are closed when it
    stops."""
    index_app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    index_app.state.libraries = {state.name: state for state in states}
    problem.install(index_app)
    page.install_files(index_app)
    index_app.include_router(libraries.router)
    metrics = states[0].metrics.of("")
    _guard(index_app, states[0].settings, lambda _: metrics)
    paths = LibraryPaths(_build(states), index_app, index_app.state.libraries)
    # Which library a request is for stands in its path.
    return OriginForm(paths)


def _build(states: Sequence[AppState]) -> FastAPI:
    app = FastAPI(
        title="Pullquote",
        version=pullquote_version(),
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.states = states
    problem.install(app)
    for routes in (ask, articles, suggestions, jobs, openai, mcp, service):
        app.include_router(routes.router)
    page.install(app)
    _guard(app, states[0].settings, lambda scope: state_of(HTTPConnection(scope)).metrics)
    making = threading.Lock()
    app.openapi = lambda: _openapi(app, making)  # type: ignore[method-assign]
    return app


def _guard(app: FastAPI, settings: Settings, metrics_of: Callable[[Scope], Metrics]) -> None:
    # The last one added is the first that a request meets.
    hosts = Hosts(settings.allowed_hosts, settings.host)
    app.add_middleware(
        BodyLimit, max_upload_bytes=settings.max_upload_bytes, timeout=settings.receive_timeout
    )
    app.add_middleware(SameSite, hosts=hosts, origins=settings.cors_origins)
    app.add_middleware(Failures)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=["ETag", "Location", "Retry-After", "X-Request-ID"],
        )
    app.add_middleware(Requests, metrics_of=metrics_of)
    app.add_middleware(Turns)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    states: Sequence[AppState] = app.state.states
    app.state.mcp = {state.name: mcp.Mcp(state) for state in states}
    await asyncio.to_thread(_open_uploads, states[0])
    warming = asyncio.wrap_future(states[0].reads.submit(lambda: _warm(app, states)))
    warming.add_done_callback(partial(report_failed_warming, states))
    _log.info("serving %s", ", ".join(str(state.pullquote.library.folder) for state in states))
    try:
        yield
    finally:
        await asyncio.wait({warming})
        for service in app.state.mcp.values():
            await service.close()
        await asyncio.to_thread(close_states, states)
        _log.info("stopped; what was taken is done")


def _open_uploads(state: AppState) -> None:
    try:
        state.uploads.open()
    except PullquoteError as exc:
        # Without a folder for uploads, questions are still answered.
        _log.warning("no files can be taken: %s", exc)


def _warm(app: FastAPI, states: Sequence[AppState]) -> None:
    for state in states:
        state.warm()
        state.pullquote.library.follow()
    # Ready to answer from here on. What adds, and the document of the API, take half a second of
    # the processor, which neither the first question nor the event loop should spend.
    import_module("index.ingest.batch")
    app.openapi()


def _openapi(app: FastAPI, making: threading.Lock) -> dict[str, Any]:
    """The OpenAPI document, made when it is first asked for.

    making: held meanwhile. FastAPI knows the fields of a route's parameters by identity, and two
        threads that make them at the same time do not find each other's.
    """
    with making:
        if app.openapi_schema is None:
            app.openapi_schema = _make_openapi(app)
        return app.openapi_schema


def _make_openapi(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
    )
    schemas = schema["components"]["schemas"]
    _describe_problems(schema["paths"], schemas)
    for model in MODELS_WITH_EXAMPLES:
        # FastAPI drops what is null in them, and then they are no longer valid.
        schemas[model.__name__]["examples"] = examples(model)
    return schema


def _describe_problems(paths: dict[str, Any], schemas: dict[str, Any]) -> None:
    # FastAPI lists an error of its own shape for what a route does not list itself.
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for operation in (item for methods in paths.values() for item in methods.values()):
        content = operation["responses"].get("422", {}).get("content", {})
        if "application/json" in content:
            del operation["responses"]["422"]
    body = problem.ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(body.pop("$defs", {}))
    schemas["ProblemBody"] = body
