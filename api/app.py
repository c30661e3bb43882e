"""The HTTP application: ``build_app(state)``."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware.cors import CORSMiddleware

from api import problem
from api.hosts import Hosts
from api.limits import BodyLimit
from api.middleware import Requests, SameSite
from api.routes import articles, ask, jobs, mcp, openai, page, service, suggestions
from api.schemas import MODELS_WITH_EXAMPLES, examples
from api.state import AppState
from index.errors import PullquoteError

__all__ = ["build_app"]

_log = logging.getLogger("pullquote.app")

_ABOUT = """Ask your articles, get answers in their own words, each with its citation.

All offsets count Unicode code points, end exclusive. Errors are `application/problem+json`."""


def build_app(state: AppState) -> FastAPI:
    """Build the application over ``state``, which it closes when it stops."""
    app = FastAPI(
        title="Pullquote",
        version=version("pullquote"),
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.pullquote = state
    problem.install(app)
    for routes in (ask, articles, suggestions, jobs, openai, mcp, service):
        app.include_router(routes.router)
    page.install(app)
    _guard(app, state)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _guard(app: FastAPI, state: AppState) -> None:
    # The last one added is the first that a request meets.
    settings = state.settings
    hosts = Hosts(settings.allowed_hosts, settings.host)
    app.add_middleware(
        BodyLimit, max_upload_bytes=settings.max_upload_bytes, timeout=settings.receive_timeout
    )
    app.add_middleware(SameSite, hosts=hosts, origins=settings.cors_origins)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=["X-Request-ID", "Location", "Retry-After"],
        )
    app.add_middleware(Requests, metrics=state.metrics)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state: AppState = app.state.pullquote
    app.state.mcp = mcp.Mcp(state)
    await asyncio.to_thread(_open_uploads, state)
    warming = asyncio.wrap_future(state.reads.submit(lambda: _warm(app, state)))
    _log.info("serving %s", state.pullquote.library.folder)
    try:
        yield
    finally:
        await asyncio.wait({warming})
        await app.state.mcp.close()
        await asyncio.to_thread(state.close)
        _log.info("stopped; what was taken is done")


def _open_uploads(state: AppState) -> None:
    try:
        state.uploads.open()
    except PullquoteError as exc:
        # Without a folder for uploads, questions are still answered.
        _log.warning("no files can be taken: %s", exc)


def _warm(app: FastAPI, state: AppState) -> None:
    state.warm()
    state.pullquote.library.follow()
    # Half a second of the processor, which the event loop should not spend.
    app.openapi()


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
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
        app.openapi_schema = schema
    return app.openapi_schema


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
