"""Limits: a rate of requests for each caller, a size and a time for each body."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.links import path_below
from api.problem import Problem, response

__all__ = ["MAX_BODY_BYTES", "BodyLimit", "RateLimiter"]

# Of a question with its history and filters; articles have a limit of their own.
MAX_BODY_BYTES = 1024 * 1024
# An article of five million characters, each of them escaped.
_MAX_JSON = 32 * MAX_BODY_BYTES
_BYTES_PER_SECOND = 16 * 1024


class RateLimiter:
    """A token bucket for each caller: ``per_minute`` requests a minute.

    Counted in this process; with several workers a caller has one bucket in each. ``clock`` counts
    seconds.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = per_minute
        self._clock = clock
        # caller: (requests left, when that was so)
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, caller: str) -> None:
        """Count one request. ``Problem`` (429) when the caller has none left."""
        now = self._clock()
        tokens = self._tokens(caller, now)
        if tokens < 1:
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"more than {self._size} requests a minute",
                retry_after=math.ceil((1 - tokens) * 60 / self._size),
            )
        if len(self._buckets) >= 10_000:
            self._forget(now)
        self._buckets[caller] = (tokens - 1, now)

    def charge(self, caller: str, requests: int) -> None:
        """Count more requests of a caller who was not refused: the next one waits for them too."""
        now = self._clock()
        self._buckets[caller] = (self._tokens(caller, now) - requests, now)

    def _tokens(self, caller: str, now: float) -> float:
        tokens, counted_at = self._buckets.get(caller, (float(self._size), now))
        return min(float(self._size), tokens + (now - counted_at) * self._size / 60)

    def _forget(self, now: float) -> None:
        full = [caller for caller in self._buckets if self._tokens(caller, now) >= self._size]
        for caller in full or list(self._buckets)[:1000]:
            del self._buckets[caller]


class BodyLimit:
    """Limits request bodies: each in bytes (413) and in time (408), all of them together in bytes
    (503).

    What is compressed is refused (415): its size says nothing. JSON is held in memory and has a
    lower limit than files, which go to disk. A body has ``timeout`` seconds, and one more for each
    16 kB received.
    """

    def __init__(self, app: ASGIApp, max_upload_bytes: int, timeout: float) -> None:
        self._app = app
        self._max_upload_bytes = max_upload_bytes
        self._timeout = timeout
        self._budget = max(4 * max_upload_bytes, 16 * MAX_BODY_BYTES)
        self._held_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        encoding = Headers(scope=scope).get("content-encoding", "").strip().lower()
        if encoding not in ("", "identity"):
            problem = Problem(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                f"a body in Content-Encoding {encoding[:64]!r} is not taken; send it as it is",
                headers={"Accept-Encoding": "identity"},
            )
            await response(path_below(scope), problem)(scope, receive, send)
            return
        limit = self._limit(scope)
        content_length = Headers(scope=scope).get("content-length", "0")
        if content_length.isdigit() and int(content_length[:20]) > limit:
            problem = Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_large(limit))
            await response(path_below(scope), problem)(scope, receive, send)
            return
        body = _Body(receive, limit, self._timeout, self._take)
        try:
            await self._app(scope, body.receive, send)
        finally:
            self._held_bytes -= body.byte_count

    def _limit(self, scope: Scope) -> int:
        if not path_below(scope).startswith("/articles"):
            return MAX_BODY_BYTES
        kind = Headers(scope=scope).get("content-type", "")
        return self._max_upload_bytes if _is_form(kind) else min(self._max_upload_bytes, _MAX_JSON)

    def _take(self, size: int) -> None:
        self._held_bytes += size
        if self._held_bytes > self._budget:
            raise HTTPException(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "busy: too much is being sent at once; try again in a moment",
                {"Retry-After": "1"},
            )


class _Body:
    """A body that is being received. ``byte_count`` is the number of its bytes received so far."""

    def __init__(
        self, receive: Receive, limit: int, timeout: float, take: Callable[[int], None]
    ) -> None:
        self._receive = receive
        self._limit = limit
        self._timeout = timeout
        self._take = take
        self._whole = False
        self._until: float | None = None
        self.byte_count = 0

    async def receive(self) -> Message:
        # After the body comes only the disconnection, which may take as long as the answer.
        message = await (self._receive() if self._whole else self._in_time())
        size = len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        self.byte_count += size
        self._take(size)
        # FastAPI passes exceptions of this class on while it reads the body.
        if self.byte_count > self._limit:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_large(self._limit))
        return message

    async def _in_time(self) -> Message:
        if self._until is None:
            self._until = asyncio.get_running_loop().time() + self._timeout
        try:
            async with asyncio.timeout_at(self._until + self.byte_count / _BYTES_PER_SECOND):
                return await self._receive()
        except TimeoutError as exc:
            raise HTTPException(
                HTTPStatus.REQUEST_TIMEOUT, "the body came too slowly; send it again"
            ) from exc


def _is_form(kind: str) -> bool:
    return kind.partition(";")[0].strip().lower() == "multipart/form-data"


def _too_large(limit: int) -> str:
    return f"the body is larger than {limit:,} bytes; send it in parts"
