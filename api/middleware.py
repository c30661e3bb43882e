"""Middleware of every request: its id, its log line, security headers, and the refusal of
cross-site requests."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.guard.hosts import Hosts, host_of
from api.links import path_below, root_of
from api.logs import named_request, request_id
from api.metrics import Metrics
from api.problem import Problem, response

__all__ = ["Failures", "Requests", "SameSite"]

_log = logging.getLogger("pullquote.request")
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_CLIENT_CLOSED_REQUEST = 499
_DEFAULTS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Requests:
    """Gives each request its id, times, logs and counts it (in ``metrics_of`` its scope). A HEAD is
    answered as a GET, of which the server sends no body."""

    def __init__(self, app: ASGIApp, metrics_of: Callable[[Scope], Metrics]) -> None:
        self._app = app
        self._metrics_of = metrics_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        name = named_request(Headers(scope=scope).get("x-request-id"))
        token = request_id.set(name)
        start = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = name
                for header, value in _DEFAULTS.items():
                    headers.setdefault(header, value)
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except ClientDisconnect:
            # Nothing can be sent any more; the status is the one that nginx logs in this case.
            status = status or _CLIENT_CLOSED_REQUEST
        finally:
            self._record(scope, status, time.perf_counter() - start)
            request_id.reset(token)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        # The template, not the path: /articles/{article_id} is one line in the metrics.
        # Mounted applications (static files) count under their mount path.
        mount = scope.get("root_path", "").removeprefix(root_of(scope))
        route = getattr(scope.get("route"), "path", "") or mount or "unmatched"
        self._metrics_of(scope).request(scope["method"], route, status, seconds)
        _log.info(
            "%s %s %d",
            scope["method"],
            scope["path"],
            status,
            extra={"status": status, "route": route, "milliseconds": round(1000 * seconds, 1)},
        )


class Failures:
    """Answers an uncaught exception with status 500. It stands within what adds headers to
    responses, so that this one has them too: a page of another origin could not read it without
    those of CORS."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def send_on(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except ClientDisconnect:
            raise
        except Exception:
            _log.exception("unhandled error")
            if has_begun:
                raise
            problem = Problem(
                HTTPStatus.INTERNAL_SERVER_ERROR,
                f"an error that was not foreseen; the server's log has it under {request_id.get()}",
            )
            await response(path_below(scope), problem)(scope, receive, send)


class SameSite:
    """Refuses cross-site requests, which another site may send through a browser that can reach
    this server.

    Refused are a Host header that ``hosts`` does not admit (400; DNS rebinding), a request with
    another Origin and a method that changes something, and one that a page of another site makes in
    the background (403): it could not read the answer to ``GET /ask?q=``, but would make the server
    work for it. Links that people follow are admitted, and so are programs, which send neither
    header.
    """

    def __init__(self, app: ASGIApp, hosts: Hosts, origins: Collection[str]) -> None:
        self._app = app
        self._hosts = hosts
        self._origins = set(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = self._problem(scope) if scope["type"] == "http" else None
        if problem is None:
            await self._app(scope, receive, send)
        else:
            await response(path_below(scope), problem)(scope, receive, send)

    def _problem(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._hosts.admit(host):
            return Problem(
                HTTPStatus.BAD_REQUEST,
                f"this server does not go by the name {host!r}; "
                "set PULLQUOTE_ALLOWED_HOSTS if it should",
            )
        origin = headers.get("origin")
        if _is_unseen(headers) and not self._origins & {"*", origin}:
            return Problem(
                HTTPStatus.FORBIDDEN,
                "pages of other sites may not ask here; set PULLQUOTE_CORS_ORIGINS if they should",
            )
        if origin is None or scope["method"] in _SAFE_METHODS or origin in self._origins:
            return None
        if "*" in self._origins or _is_same_origin(origin, host):
            return None
        return Problem(
            HTTPStatus.FORBIDDEN,
            f"{origin} may not change anything here; set PULLQUOTE_CORS_ORIGINS if it should",
        )


def _is_unseen(headers: Headers) -> bool:
    """Whether a page of another site makes the request in the background (Fetch Metadata, W3C)."""
    is_foreign = headers.get("sec-fetch-site") in ("cross-site", "same-site")
    return is_foreign and headers.get("sec-fetch-dest") != "document"


def _is_same_origin(origin: str, host: str) -> bool:
    # An origin without a host (null) is never the same.
    return bool(host_of(origin)) and urlsplit(origin).netloc == host
