"""A pool in this process, whose workers die, hang and answer wrongly as a test says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from index.distributed.scheduler import Outcome, Task
from index.distributed.work import ShardResult
from index.distributed.worker import Worker
from index.encode.base import EncoderId
from index.settings import IndexSettings
from tests.fakes import FakeEncoder

__all__ = ["Fault", "LocalPool", "no_fault"]

# Says of the n-th task what becomes of it: nothing amiss, lost, silent, or wrong.
Fault = Callable[[int], str]


def no_fault(number: int) -> str:
    return ""


class LocalPool:
    """Finishes the oldest and the newest task in turn, so that results come in another order."""

    width = 3

    def __init__(self, settings: IndexSettings, fault: Fault = no_fault) -> None:
        self.worker = Worker(settings, make=lambda name: FakeEncoder(name))
        self.fault = fault
        self.tasks: list[Task] = []
        self.begun = self.renewals = 0

    @property
    def encoder(self) -> EncoderId:
        return FakeEncoder().id

    def offer(self, task: Task) -> bool:
        if len(self.tasks) >= 6:
            return False
        self.tasks.append(task)
        return True

    def wait(self, seconds: float) -> list[Outcome]:
        if not self.tasks:
            return []
        self.begun += 1
        fault = self.fault(self.begun)
        if fault == "silent":
            return []
        task = self.tasks.pop(0 if self.begun % 2 else -1)
        if fault == "lost":
            return [Outcome(task, problem="its worker is gone")]
        if task.kind == "load":
            return [Outcome(task, self.worker.load(task.work))]  # type: ignore[arg-type]
        result: ShardResult = self.worker.encode(task.work)  # type: ignore[arg-type]
        if fault == "wrong":
            result = replace(result, vectors=result.vectors[:-1])
        return [Outcome(task, result)]

    def renew(self) -> None:
        self.renewals += 1
        self.tasks.clear()

    def close(self) -> None:
        self.tasks.clear()
