"""Thread pools of bounded size, for work that would block the event loop."""

from __future__ import annotations

import asyncio
import contextvars
import math
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, TypeVar

from api.problem import Problem

__all__ = ["WorkPool", "lower_priority"]

T = TypeVar("T")

# What the newest call counts in the average of how long calls run.
_NEWEST_WEIGHT: Final = 0.2
# Steps of niceness. Two are enough for the event loop to come first (docs/performance.md), and
# leave work two thirds of what another program on the machine gets.
_STEPS: Final = 2


def lower_priority() -> None:
    """Have this thread, and those that it starts, give way to the event loop, so that the service
    is heard of while all processors read. Where threads have no priority of their own (other
    systems than Linux) nothing happens."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        with suppress(OSError):
            priority = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, priority + _STEPS)


@dataclass(slots=True, eq=False)
class _Waiting:
    """Queued work. After ``until`` (in seconds of the pool's clock) it is no longer started."""

    work: Callable[[], Any]
    until: float
    future: Future[Any] = field(default_factory=Future)
    context: contextvars.Context = field(default_factory=contextvars.copy_context)


class WorkPool:
    """``threads`` threads of lower priority, with a queue of at most ``queue`` calls before them.

    A call that finds the queue full is refused at once (503); one that takes longer than
    ``timeout`` seconds, waiting included, fails (504). Work whose caller has disconnected is never
    started, nor is work that would not end in time, by what the last calls took (and never more
    than half of ``timeout``, so that a slow hour does not end all work). A thread cannot be
    stopped: work that was abandoned while it ran counts against the bound until it is done.

    The queue is first in, first out; where more than ``newest_first_beyond`` calls wait, last in,
    first out. Under overload, first in, first out would serve each call just before or after its
    timeout; so the newest calls are served in time, and the older ones when the load falls.
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
        self._executor = ThreadPoolExecutor(threads, name, lower_priority)
        self._threads = threads
        self._limit = threads + queue
        self._timeout = timeout
        self._newest_first_beyond = newest_first_beyond
        self._clock = clock
        # A callback of a future that is cancelled may run under it.
        self._mutex = threading.RLock()
        self._load = 0
        self._serving = 0
        # A moving average of the seconds that a call runs.
        self._mean_seconds = 0.0
        self._line: deque[_Waiting] = deque()

    @property
    def load(self) -> int:
        """The number of calls that are running or waiting."""
        return self._load

    @property
    def full(self) -> bool:
        return self._load >= self._limit

    async def wait_for_room(self, seconds: float) -> None:
        """Return at once where the queue has room; else wait so long, and ``Problem`` (503) when it
        is still full. Whoever is refused comes again, and as often as we answer: a refusal that
        takes its time leaves the processor to those who are being answered."""
        if self.full:
            await asyncio.sleep(seconds)
        self.check_room()

    def check_room(self) -> None:
        """``Problem`` (503) when the queue is full."""
        if self.full:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"busy: {self._load} requests are running or waiting; try again in a moment",
                retry_after=1,
            )

    def submit(
        self, work: Callable[[], T], within: float = math.inf, *, admitted: bool = False
    ) -> Future[T]:
        """Queue the work under the caller's context; its future fails with ``Problem`` (504) if it
        cannot be done ``within`` so many seconds. ``Problem`` (503) when the queue is full, unless
        it is part of what has been ``admitted`` before."""
        waiting = _Waiting(work, self._clock() + within)
        with self._mutex:
            if not admitted:
                self.check_room()
            if self._serving < self._threads:
                self._executor.submit(self._serve)
                self._serving += 1
            self._line.append(waiting)
            self._load += 1
        waiting.future.add_done_callback(lambda _: self._release(waiting))
        return waiting.future

    async def run(self, work: Callable[[], T]) -> T:
        """Run the work in the pool and return its result, or raise its exception. ``Problem`` when
        the pool is full (503) or the time is up (504)."""
        waiting = asyncio.wrap_future(self.submit(work, self._timeout))
        try:
            await asyncio.wait({waiting}, timeout=self._timeout)
        finally:
            # The caller has disconnected or the time is up: work that has not begun is dropped.
            if not waiting.done():
                waiting.cancel()
        if waiting.cancelled():
            raise self._late()
        return waiting.result()

    async def run_through(self, work: Callable[[], T]) -> T:
        """Run the work in the pool as :meth:`run` does, but wait for it once it has begun, whatever
        the time: either its result is returned or its exception raised, or it was not begun. A
        cancellation that comes too late is raised by what the caller awaits next."""
        future = self.submit(work, self._timeout)
        waiting = asyncio.wrap_future(future)
        is_cancelled = False
        while not waiting.done():
            try:
                await asyncio.wait({waiting})
            except asyncio.CancelledError:
                if future.cancel():
                    raise
                is_cancelled = True
        if is_cancelled and (task := asyncio.current_task()):
            task.cancel()
        return waiting.result()

    def close(self) -> None:
        """Wait until all queued and running work is done."""
        self._executor.shutdown(wait=True)

    def _serve(self) -> None:
        while (waiting := self._next()) is not None:
            if waiting.future.set_running_or_notify_cancel():
                self._do(waiting)

    def _do(self, waiting: _Waiting) -> None:
        start = self._clock()
        if start + min(self._mean_seconds, self._timeout / 2) >= waiting.until:
            waiting.future.set_exception(self._late())
            return
        try:
            result = waiting.context.run(waiting.work)
        except BaseException as exc:
            waiting.future.set_exception(exc)
        else:
            with self._mutex:
                self._mean_seconds += _NEWEST_WEIGHT * (self._clock() - start - self._mean_seconds)
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
            # Cancelled work leaves the queue, or the queue would grow while nothing is served.
            if waiting.future.cancelled() and waiting in self._line:
                self._line.remove(waiting)

    def _late(self) -> Problem:
        return Problem(
            HTTPStatus.GATEWAY_TIMEOUT,
            f"no answer within {self._timeout:g} seconds; ask again, or raise "
            "PULLQUOTE_REQUEST_TIMEOUT",
            retry_after=1,
        )
