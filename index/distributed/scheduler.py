"""Give tasks to workers, and get each task's result whatever becomes of the workers.

Tasks of workers that died begin anew elsewhere. When nothing is finished for too long, all workers
are replaced, and what they had begun begins anew.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from index.distributed.watchdog import Watchdog
from index.distributed.work import FileContent, FileResult, Shard, ShardResult
from index.encode.base import EncoderId
from index.errors import ClusterError

__all__ = ["Kind", "Outcome", "Pool", "Scheduler", "Task"]

Kind = Literal["load", "encode"]

_WAIT_SECONDS: Final = 1.0
# A task that so many workers died of (or that came back wrong) is not tried again.
_TRIES: Final = 4


@dataclass(eq=False, slots=True)
class Task:
    """Files to load, or a shard to encode.

    ``tries``: how often it was begun in vain. ``result``: ``None`` until it is done. ``problem``:
    what the last try failed of.
    """

    kind: Kind
    work: Sequence[FileContent] | Shard
    tries: int = 0
    result: FileResult | ShardResult | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task: its result, or the problem that its worker is lost with."""

    task: Task
    result: FileResult | ShardResult | None = None
    problem: str = ""


class Pool(Protocol):
    """Workers, wherever they are."""

    @property
    def encoder(self) -> EncoderId:
        """The encoder that all workers have; waits until one can say."""
        ...

    @property
    def width(self) -> int:
        """The number of workers to keep running."""
        ...

    def offer(self, task: Task) -> bool:
        """Give a task to a worker that has room for it; false when none has."""
        ...

    def wait(self, seconds: float) -> list[Outcome]:
        """Return what came of tasks since the last call; waits for something to at most so long.

        Raises a ``PullquoteError`` when workers cannot do what they are for.
        """
        ...

    def renew(self) -> None:
        """End all workers, whatever they do, and begin new ones."""
        ...

    def close(self) -> None: ...


@dataclass
class Scheduler:
    """Tasks in the order of their submission, on the workers of a pool."""

    pool: Pool
    watchdog: Watchdog
    waiting: deque[Task] = field(default_factory=deque)
    active: set[Task] = field(default_factory=set)

    def submit(self, task: Task) -> None:
        """Queue a task, and begin what can be."""
        self.waiting.append(task)
        self._begin()

    def step(self) -> None:
        """Wait a little for results. ``ClusterError`` when workers finish nothing any more, or a
        task cannot be finished."""
        self._begin()
        for outcome in self.pool.wait(_WAIT_SECONDS):
            self._take(outcome)
        if self.watchdog.is_stuck():
            self.watchdog.restart()
            self.pool.renew()
            self.waiting.extendleft(reversed(list(self.active)))
            self.active.clear()
        self._begin()

    def _take(self, outcome: Outcome) -> None:
        task = outcome.task
        if task not in self.active:
            return  # Of a worker that was given up.
        self.active.discard(task)
        problem = outcome.problem or self._fault(outcome)
        if not problem:
            task.result = outcome.result
            self.watchdog.progress()
            return
        task.tries, task.problem = task.tries + 1, problem
        if task.tries >= _TRIES:
            raise ClusterError(
                f"{_label(task)} could not be worked on, {task.tries} times: {problem}; what was "
                "finished is written, and the same command goes on from there"
            )
        self.waiting.appendleft(task)

    def _fault(self, outcome: Outcome) -> str:
        """Say what is wrong with a result; empty when nothing is."""
        if isinstance(outcome.task.work, Shard) and isinstance(outcome.result, ShardResult):
            try:
                outcome.result.check(outcome.task.work, self.pool.encoder)
            except ClusterError as exc:
                return str(exc)
        return ""

    def _begin(self) -> None:
        refused: list[Task] = []
        kinds: set[Kind] = set()
        while self.waiting and len(kinds) < 2:
            task = self.waiting.popleft()
            if task.kind in kinds or not self.pool.offer(task):
                kinds.add(task.kind)
                refused.append(task)
            else:
                self.active.add(task)
        self.waiting.extendleft(reversed(refused))


def _label(task: Task) -> str:
    if isinstance(task.work, Shard):
        ids = [admission.article.id for admission in task.work.admissions]
        return f"the articles {ids[0]} to {ids[-1]}"
    return f"the files {task.work[0].path} to {task.work[-1].path}"
