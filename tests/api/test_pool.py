"""The line before a pool: who is served, in which order, and who no more."""

from __future__ import annotations

import asyncio
import math
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import nullcontext
from http import HTTPStatus

import pytest

from api.pool import WorkPool
from api.problem import Problem


class Busy:
    """A pool of one thread that is held up until :meth:`go`, and what it did since in order."""

    def __init__(
        self, queue: int, newest_first_beyond: float = math.inf, timeout: float = 10.0
    ) -> None:
        self.now = 0.0
        self.done: list[int] = []
        self.pool = WorkPool("test", 1, queue, timeout, newest_first_beyond, lambda: self.now)
        self._held = threading.Event()
        begun = threading.Event()
        self.pool.submit(lambda: self._hold(begun))
        assert begun.wait(60)

    def _hold(self, begun: threading.Event) -> None:
        begun.set()
        assert self._held.wait(60)

    def submit(self, number: int, within: float = math.inf) -> Future[None]:
        return self.pool.submit(lambda: self.done.append(number), within)

    def go(self) -> list[int]:
        self._held.set()
        self.pool.close()
        return self.done


@pytest.fixture
def busy() -> Iterator[Busy]:
    busy = Busy(queue=8, newest_first_beyond=4)
    yield busy
    busy.go()


def test_a_short_line_is_served_in_order(busy: Busy) -> None:
    for number in range(4):
        busy.submit(number)
    assert busy.go() == [0, 1, 2, 3]


def test_in_a_long_line_whoever_just_came_is_served(busy: Busy) -> None:
    for number in range(8):
        busy.submit(number)
    # Until it is short again.
    assert busy.go() == [7, 6, 5, 4, 0, 1, 2, 3]


def test_writing_is_always_in_order() -> None:
    busy = Busy(queue=8)
    for number in range(8):
        busy.submit(number)
    assert busy.go() == list(range(8))


def test_what_is_late_never_begins(busy: Busy) -> None:
    late, timely = busy.submit(0, within=5), busy.submit(1, within=15)
    busy.now = 10
    assert busy.go() == [1]
    timely.result()
    with pytest.raises(Problem) as refused:
        late.result()
    assert refused.value.status == HTTPStatus.GATEWAY_TIMEOUT
    assert refused.value.headers["Retry-After"] == "1"


@pytest.mark.parametrize("held", [20, 100])
def test_what_would_be_late_never_begins(busy: Busy, held: int) -> None:
    # By what the call before them took; half of what a call may take, at most.
    late, timely = busy.submit(0, within=held + 3), busy.submit(1, within=held + 6)
    busy.now = held
    assert busy.go() == [1]
    timely.result()
    with pytest.raises(Problem):
        late.result()


def test_who_gives_up_leaves_the_line(busy: Busy) -> None:
    for number in range(1000):
        assert busy.submit(number).cancel()
        assert busy.pool.load == 1
    assert not busy.pool._line
    busy.submit(1000)
    assert busy.go() == [1000]


def test_beyond_the_line_is_refused(busy: Busy) -> None:
    for number in range(8):
        busy.submit(number)
    assert busy.pool.full
    with pytest.raises(Problem) as refused:
        busy.submit(8)
    assert refused.value.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert refused.value.headers["Retry-After"] == "1"


@pytest.mark.parametrize("leaving", [True, False])
def test_a_full_queue_may_have_room_a_moment_later(
    monkeypatch: pytest.MonkeyPatch, busy: Busy, leaving: bool
) -> None:
    waits = [busy.submit(number) for number in range(8)]
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if leaving:
            waits[0].cancel()

    monkeypatch.setattr("api.pool.asyncio.sleep", pause)
    with nullcontext() if leaving else pytest.raises(Problem):
        asyncio.run(busy.pool.wait_for_room(0.5))
    assert pauses == [0.5]


def test_where_there_is_room_nobody_waits(busy: Busy) -> None:
    asyncio.run(asyncio.wait_for(busy.pool.wait_for_room(1000), 60))


def test_whoever_stops_waiting_takes_the_work_along(busy: Busy) -> None:
    async def asks() -> None:
        asking = asyncio.create_task(busy.pool.run(lambda: busy.done.append(0)))
        await asyncio.sleep(0)
        assert busy.pool.load == 2
        asking.cancel()
        await asyncio.wait({asking})
        assert busy.pool.load == 1

    asyncio.run(asks())
    assert busy.go() == []


def test_what_runs_keeps_its_place_whoever_gives_up() -> None:
    busy = Busy(queue=1, timeout=0.01)
    with pytest.raises(Problem) as refused:
        asyncio.run(busy.pool.run(lambda: busy.done.append(0)))
    assert refused.value.status == HTTPStatus.GATEWAY_TIMEOUT
    # The one before it is still running, and it never will.
    assert busy.pool.load == 1
    assert busy.go() == []


def test_what_is_run_through_is_dropped_before_it_begins(busy: Busy) -> None:
    async def leaves() -> None:
        asking = asyncio.create_task(busy.pool.run_through(lambda: busy.done.append(0)))
        await asyncio.sleep(0)
        assert busy.pool.load == 2
        asking.cancel()
        await asyncio.wait({asking})
        assert asking.cancelled()

    asyncio.run(leaves())
    assert busy.go() == []


def test_what_is_run_through_ends_once_it_has_begun() -> None:
    pool, begun, go = WorkPool("test", 1, 1, 10.0), threading.Event(), threading.Event()
    results: list[object] = []

    def work() -> bool:
        begun.set()
        return go.wait(60)

    async def asks() -> None:
        results.append(await pool.run_through(work))
        await asyncio.sleep(0)
        results.append("whoever asked is told to stop here")

    async def leaves() -> None:
        asking = asyncio.create_task(asks())
        await asyncio.to_thread(begun.wait, 60)
        for _ in range(2):
            asking.cancel()
            await asyncio.sleep(0)
        go.set()
        await asyncio.wait({asking})
        assert asking.cancelled()

    asyncio.run(leaves())
    assert results == [True]
    pool.close()


def test_what_is_run_through_is_waited_for_whatever_the_time() -> None:
    # In which waiting for it would end at once.
    pool = WorkPool("test", 1, 1, 1e-9, clock=lambda: 0.0)
    assert asyncio.run(pool.run_through(lambda: threading.Event().wait(0.01))) is False
    pool.close()


def test_what_work_raises_is_raised(busy: Busy) -> None:
    failing = busy.pool.submit(lambda: 1 // 0)
    busy.go()
    with pytest.raises(ZeroDivisionError):
        failing.result()


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a priority of their own on Linux")
def test_work_gives_way_to_the_event_loop() -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    pool = WorkPool("test", 1, 1, 10.0)
    work = pool.submit(priority)
    assert min(priority() + 1, 19) <= work.result(60)
    pool.close()
