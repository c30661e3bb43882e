"""How much at once: bounded pools for the work, a rate for each caller, a size for each body."""

from __future__ import annotations

import asyncio
import contextvars
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from http import HTTPStatus
from typing import TypeVar

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problem import Problem, response

__all__ = ["MAX_BODY_BYTES", "BodyLimit", "RateLimiter", "WorkPool"]

T = TypeVar("T")

# What a question, its history and its filters may weigh; articles have a limit of their own.
MAX_BODY_BYTES = 1024 * 1024


class WorkPool:
    """Threads for work that would hold up the event loop, and a queue of bounded length.

    A call beyond the queue is refused at once (503), one that takes longer than ``timeout``
    seconds, waiting included, is given up (504). A thread cannot be stopped: what was given up
    while it ran keeps its place until it is done, so the bound holds.
    """

    def __init__(self, name: str, threads: int, queue: int, timeout: float) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._limit = threads + queue
        self._timeout = timeout
        self._mutex = threading.Lock()
        self._taken = 0

    @property
    def taken(self) -> int:
        """How much is running and waiting."""
        return self._taken

    @property
    def full(self) -> bool:
        return self._taken >= self._limit

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Queue the work under the caller's context. ``Problem`` (503) when the queue is full."""
        with self._mutex:
            if self.full:
                raise Problem(
                    HTTPStatus.SERVICE_UNAVAILABLE,
                    f"busy: {self._taken} requests are running or waiting; try again in a moment",
                    retry_after=1,
                )
            self._taken += 1
        future = self._executor.submit(contextvars.copy_context().run, work)
        future.add_done_callback(self._release)
        return future

    async def run(self, work: Callable[[], T]) -> T:
        """What the work returns or raises. ``Problem`` when the pool is full or time is up."""
        waiting = asyncio.wrap_future(self.submit(work))
        try:
            await asyncio.wait({waiting}, timeout=self._timeout)
        finally:
            # Whoever asked is gone or gives up: work that has not begun never will.
            if not waiting.done():
                waiting.cancel()
        if waiting.cancelled():
            raise Problem(
                HTTPStatus.GATEWAY_TIMEOUT,
                f"no answer within {self._timeout:g} seconds; ask again, or raise "
                "PULLQUOTE_REQUEST_TIMEOUT",
            )
        return waiting.result()

    def close(self) -> None:
        """Wait until everything that was taken is done."""
        self._executor.shutdown(wait=True)

    def _release(self, _: Future[T]) -> None:
        with self._mutex:
            self._taken -= 1


class RateLimiter:
    """So many requests a minute for each caller: a bucket that fills evenly (token bucket).

    Counted in this process; with several workers a caller has as many buckets. ``clock`` counts
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
        left = self._left(caller, now)
        if left < 1:
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"more than {self._size} requests a minute",
                retry_after=math.ceil((1 - left) * 60 / self._size),
            )
        if len(self._buckets) >= 10_000:
            self._forget(now)
        self._buckets[caller] = (left - 1, now)

    def _left(self, caller: str, now: float) -> float:
        left, since = self._buckets.get(caller, (float(self._size), now))
        return min(float(self._size), left + (now - since) * self._size / 60)

    def _forget(self, now: float) -> None:
        full = [each for each in self._buckets if self._left(each, now) >= self._size]
        for each in full or list(self._buckets)[:1000]:
            del self._buckets[each]


class BodyLimit:
    """Refuses bodies that are too large (413), by their stated length or by counting."""

    def __init__(self, app: ASGIApp, max_upload_bytes: int) -> None:
        self._app = app
        self._max_upload_bytes = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        limit = self._max_upload_bytes if path.startswith("/articles") else MAX_BODY_BYTES
        stated = Headers(scope=scope).get("content-length", "0")
        if stated.isdigit() and int(stated) > limit:
            problem = Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_large(limit))
            await response(path, problem)(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                # FastAPI lets this one through its reading of the body.
                raise HTTPException(413, _too_large(limit))
            return message

        await self._app(scope, counted, send)


def _too_large(limit: int) -> str:
    return f"the body is larger than {limit:,} bytes; send it in parts"
