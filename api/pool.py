"""Bounded pools for work that would hold up the event loop."""

from __future__ import annotations

import asyncio
import contextvars
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from api.problem import Problem

__all__ = ["WorkPool"]

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Waiting:
    """Work in line. ``until`` is when it is no longer wanted, in seconds of the pool's clock."""

    work: Callable[[], Any]
    until: float
    future: Future[Any] = field(default_factory=Future)
    context: contextvars.Context = field(default_factory=contextvars.copy_context)


class WorkPool:
    """Threads, and a line of bounded length before them.

    A call beyond the line is refused at once (503), one that takes longer than ``timeout``
    seconds, waiting included, is given up (504). Work whose caller has gone, or whose time was up
    before its turn came, never begins. A thread cannot be stopped: what was given up while it ran
    keeps its place until it is done, so the bound holds.

    The first in line is served first; where more than ``newest_first_beyond`` are waiting, the
    last. When more is asked than can be answered, those who waited longest would be served just
    before they give up, and everybody behind them after; so those who just came are served in
    time, and the others at once when it calms down.
    """

    def __init__(
        self,
        name: str,
        threads: int,
        queue: int,
        timeout: float,
        newest_first_beyond: float = math.inf,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._threads = threads
        self._limit = threads + queue
        self._timeout = timeout
        self._newest_first_beyond = newest_first_beyond
        self._clock = clock
        # A callback of a future that is cancelled may run under it.
        self._mutex = threading.RLock()
        self._load = 0
        self._serving = 0
        self._line: deque[_Waiting] = deque()

    @property
    def load(self) -> int:
        """How much is running and waiting."""
        return self._load

    @property
    def full(self) -> bool:
        return self._load >= self._limit

    def submit(self, work: Callable[[], T], within: float = math.inf) -> Future[T]:
        """Put the work in line under the caller's context; it fails with ``Problem`` (504) if its
        turn does not come ``within`` so many seconds. ``Problem`` (503) when the line is full."""
        waiting = _Waiting(work, self._clock() + within)
        with self._mutex:
            if self.full:
                raise Problem(
                    HTTPStatus.SERVICE_UNAVAILABLE,
                    f"busy: {self._load} requests are running or waiting; try again in a moment",
                    retry_after=1,
                )
            if self._serving < self._threads:
                self._executor.submit(self._serve)
                self._serving += 1
            self._line.append(waiting)
            self._load += 1
        waiting.future.add_done_callback(lambda _: self._release(waiting))
        return waiting.future

    async def run(self, work: Callable[[], T]) -> T:
        """What the work returns or raises. ``Problem`` when the pool is full or time is up."""
        waiting = asyncio.wrap_future(self.submit(work, self._timeout))
        try:
            await asyncio.wait({waiting}, timeout=self._timeout)
        finally:
            # Whoever asked is gone or gives up: work that has not begun never will.
            if not waiting.done():
                waiting.cancel()
        if waiting.cancelled():
            raise self._late()
        return waiting.result()

    def close(self) -> None:
        """Wait until everything that was taken is done."""
        self._executor.shutdown(wait=True)

    def _serve(self) -> None:
        while (waiting := self._next()) is not None:
            if waiting.future.set_running_or_notify_cancel():
                self._do(waiting)

    def _do(self, waiting: _Waiting) -> None:
        if self._clock() >= waiting.until:
            waiting.future.set_exception(self._late())
            return
        try:
            result = waiting.context.run(waiting.work)
        except BaseException as exc:
            waiting.future.set_exception(exc)
        else:
            waiting.future.set_result(result)

    def _next(self) -> _Waiting | None:
        with self._mutex:
            if not self._line:
                self._serving -= 1
                return None
            newest = len(self._line) > self._newest_first_beyond
            return self._line.pop() if newest else self._line.popleft()

    def _release(self, waiting: _Waiting) -> None:
        with self._mutex:
            self._load -= 1
            # Who gave up leaves the line, or the line would grow while nothing is served.
            if waiting.future.cancelled() and waiting in self._line:
                self._line.remove(waiting)

    def _late(self) -> Problem:
        return Problem(
            HTTPStatus.GATEWAY_TIMEOUT,
            f"no answer within {self._timeout:g} seconds; ask again, or raise "
            "PULLQUOTE_REQUEST_TIMEOUT",
            retry_after=1,
        )
