"""Errors over HTTP: ``application/problem+json`` (RFC 9457), made in this one place.

Every error reaches a client as a ``type`` that programs can compare, a title, the status, a
sentence that says what to do, and the request's id. Under ``/v1`` the body has an ``error`` object
too, where clients of OpenAI's API look for it. At ``/mcp`` all this is the data of a JSON-RPC
error, because MCP's clients show nothing else.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount

from api.links import path_below, root_of
from api.logs import request_id
from index.errors import (
    ClusterError,
    InputError,
    LibraryError,
    LibraryLocked,
    LibraryReadOnly,
    ModelError,
    NotFoundError,
    PullquoteError,
    SettingsError,
)
from index.validation import field_of, reason_of
from rag.errors import ChatModelError, MissingExtra

__all__ = [
    "MAX_ERRORS",
    "MEDIA_TYPE",
    "FieldError",
    "Problem",
    "ProblemBody",
    "body_of",
    "install",
    "invalid",
    "of_error",
    "problems",
    "response",
    "without_folders",
]

_log = logging.getLogger("pullquote.errors")

MEDIA_TYPE = "application/problem+json"
# How many errors of a request are listed.
MAX_ERRORS = 20
_MAX_WHERE = 500
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Of a path on this machine, also in an address without a host (milvus:///srv/news.db): its folders,
# and the slash before its last part.
_FOLDERS = re.compile(r"(?:(?<![\w:/.~-])|(?<=://))/(?:[^\s/:;,'\"]+/)+(?=[^\s/])")
# Python 3.13 calls these otherwise, and a type should be the same on any server.
_PHRASES = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Request Entity Too Large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Unprocessable Entity",
}


class FieldError(BaseModel):
    """One thing that is wrong with what was sent."""

    where: Annotated[str, Field(examples=["body.question"])]
    what: Annotated[str, Field(examples=["it is empty: ask something in words"])]


class ProblemBody(BaseModel):
    """What went wrong (RFC 9457)."""

    type: Annotated[str, Field(examples=["urn:pullquote:problem:not-found"])]
    title: Annotated[str, Field(examples=["Not Found"])]
    status: Annotated[int, Field(examples=[404])]
    detail: Annotated[str, Field(examples=["no article 'x' in the library"])]
    request_id: Annotated[str, Field(examples=["0f4c2d6f9a3e4b7c"])]
    errors: list[FieldError] | None = None
    error: dict[str, Any] | None = None


class Problem(Exception):
    """The refusal or failure of a request, with its HTTP status. ``retry_after`` in seconds."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[FieldError] = (),
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers["Retry-After"] = str(retry_after)


# The first class that an error is an instance of decides; any other error is a 500. Every 503 says
# after how many seconds to try again: a client cannot tell a fault that passes from one that stays.
_STATUS: tuple[tuple[type[PullquoteError], HTTPStatus, int | None], ...] = (
    (NotFoundError, HTTPStatus.NOT_FOUND, None),
    (InputError, HTTPStatus.UNPROCESSABLE_ENTITY, None),
    (LibraryLocked, HTTPStatus.SERVICE_UNAVAILABLE, 5),
    (LibraryReadOnly, HTTPStatus.FORBIDDEN, None),
    (LibraryError, HTTPStatus.SERVICE_UNAVAILABLE, 30),
    (ModelError, HTTPStatus.SERVICE_UNAVAILABLE, 30),
    (ChatModelError, HTTPStatus.SERVICE_UNAVAILABLE, 30),
    (ClusterError, HTTPStatus.SERVICE_UNAVAILABLE, 30),
    (MissingExtra, HTTPStatus.NOT_IMPLEMENTED, None),
    (SettingsError, HTTPStatus.INTERNAL_SERVER_ERROR, None),
)


def of_error(error: PullquoteError) -> Problem:
    """Turn one of our own errors into a problem. What is wrong with the server is logged in full,
    and told without its folders."""
    status, retry_after = next(
        ((status, retry_after) for kind, status, retry_after in _STATUS if isinstance(error, kind)),
        (HTTPStatus.INTERNAL_SERVER_ERROR, None),
    )
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Problem(status, str(error), retry_after=retry_after)
    _log.warning("%s: %s", type(error).__name__, error)
    return Problem(status, without_folders(str(error)), retry_after=retry_after)


def without_folders(message: str) -> str:
    """Return a message as clients may see it: each path on this machine is its last part."""
    return _FOLDERS.sub("", message)


def invalid(reason: str, where: str = "body") -> Problem:
    """Make the refusal (422) of a request for one value: ``reason``, and ``where`` the value stands
    in it."""
    error = FieldError(where=where, what=reason)
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{where}: {reason}", errors=[error])


def response(path: str, problem: Problem) -> Response:
    """Turn a problem into the response to a request for ``path``."""
    problem.status = _status(path, problem.status)
    body, kind = body_of(problem, path), MEDIA_TYPE
    if path.rstrip("/") == "/mcp":
        # JSON-RPC's codes for an internal error and for an invalid request.
        code = -32603 if problem.status >= 500 else -32600
        error = {"code": code, "message": problem.detail, "data": body}
        body, kind = {"jsonrpc": "2.0", "id": None, "error": error}, "application/json"
    # Escaped to ASCII: a quoted part of the request need not be valid Unicode.
    return Response(json.dumps(body), int(problem.status), problem.headers, media_type=kind)


def body_of(problem: Problem, path: str = "") -> dict[str, Any]:
    """Return a problem as JSON (``ProblemBody``); under ``/v1/`` with OpenAI's ``error``
    besides."""
    status = problem.status
    body: dict[str, Any] = {
        **_kind(status),
        "detail": problem.detail,
        "request_id": request_id.get(),
    }
    if problem.errors:
        body["errors"] = [error.model_dump() for error in problem.errors]
    if path.startswith("/v1/"):
        body["error"] = {
            "message": problem.detail,
            "type": "server_error" if status >= 500 else "invalid_request_error",
            "param": problem.errors[0].where.removeprefix("body.") if problem.errors else None,
            "code": None,
        }
    return body


def _kind(status: HTTPStatus) -> dict[str, Any]:
    """Return the fields of a problem that are the same for all of a status."""
    title = _PHRASES.get(status, status.phrase)
    type = f"urn:pullquote:problem:{title.lower().replace(' ', '-')}"
    return {"type": type, "title": title, "status": int(status)}


def install(app: FastAPI) -> None:
    """Add the handlers that answer every error of this application with a problem."""

    @app.exception_handler(Problem)
    async def handle_problem(request: Request, error: Problem) -> Response:
        return response(path_below(request.scope), error)

    @app.exception_handler(PullquoteError)
    async def handle_library_error(request: Request, error: PullquoteError) -> Response:
        return response(path_below(request.scope), of_error(error))

    @app.exception_handler(HTTPException)
    async def handle_http_error(request: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        detail = error.detail
        place, docs = request.url.path, f"{root_of(request.scope)}/docs"
        if status == HTTPStatus.NOT_FOUND and detail == status.phrase:
            detail = f"there is nothing at {place}; {docs} lists what there is"
        elif status == HTTPStatus.METHOD_NOT_ALLOWED and detail == status.phrase:
            detail = f"{request.method} is not taken at {place}; {docs} lists what is"
        headers = dict(error.headers or {})
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(sorted(_methods(request)))
        problem = Problem(status, detail, headers=headers)
        return response(path_below(request.scope), problem)

    @app.exception_handler(RequestValidationError)
    async def handle_validation_error(request: Request, error: RequestValidationError) -> Response:
        path, violations = path_below(request.scope), error.errors()
        # Unless it is called JSON, a body is not read as such: curl calls what it sends a form.
        if error.body and isinstance(error.body, bytes):
            violations = [{"type": "not_json", "loc": ("body",)}]
        return response(path, _invalid(violations))


def _methods(request: Request) -> list[str]:
    """The methods that some route takes at the path of a request. Starlette names those of the
    first one alone."""
    routes = [route for route in request.app.routes if not isinstance(route, Mount)]
    methods = [
        method
        for method in _METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes
        )
    ]
    # What is mounted are files. A HEAD is answered wherever a GET is.
    return ["HEAD", *methods] if "GET" in methods else methods or ["GET", "HEAD"]


def _invalid(violations: Sequence[Mapping[str, Any]]) -> Problem:
    errors = [
        FieldError(where=field_of(error)[:_MAX_WHERE], what=reason_of(error))
        for error in violations[:MAX_ERRORS]
    ]
    unreadable = any(violation["type"] == "json_invalid" for violation in violations)
    status = HTTPStatus.BAD_REQUEST if unreadable else HTTPStatus.UNPROCESSABLE_ENTITY
    detail = f"{errors[0].where}: {errors[0].what}" if errors else "the request is not valid"
    return Problem(status, detail, errors=errors)


def _status(path: str, status: HTTPStatus) -> HTTPStatus:
    # OpenAI's API has 400 for every invalid request.
    unprocessable = status == HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.BAD_REQUEST if unprocessable and path.startswith("/v1/") else status


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe these statuses in the form of a route's ``responses``, for the OpenAPI document."""
    return {status: _documentation(HTTPStatus(status)) for status in sorted(statuses)}


def _documentation(status: HTTPStatus) -> dict[str, Any]:
    example = {
        **_kind(status),
        "detail": _DESCRIPTIONS.get(status, status.description),
        "request_id": "0f4c2d6f9a3e4b7c",
    }
    schema = {"$ref": "#/components/schemas/ProblemBody"}
    return {
        "description": _DESCRIPTIONS.get(status, status.phrase),
        "content": {MEDIA_TYPE: {"schema": schema, "example": example}},
    }


_DESCRIPTIONS = {
    HTTPStatus.BAD_REQUEST: "The body cannot be read, or asks for what is not supported.",
    HTTPStatus.UNAUTHORIZED: "The server wants an API key, and this is none.",
    HTTPStatus.FORBIDDEN: "The key has not the scope that this needs or is of another library, "
    "another site sent this, or the library follows another and is written there.",
    HTTPStatus.NOT_FOUND: "There is no such thing.",
    HTTPStatus.REQUEST_TIMEOUT: "The body came too slowly.",
    HTTPStatus.CONFLICT: "The library has this very content under another id.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than the limit.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is neither JSON nor a form with files, or it "
    "is compressed.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The body was read, and something in it makes no sense.",
    HTTPStatus.TOO_MANY_REQUESTS: "More requests a minute than the limit; see Retry-After.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The queue is full or the library busy; see Retry-After.",
    HTTPStatus.GATEWAY_TIMEOUT: "The answer took longer than the limit.",
}
