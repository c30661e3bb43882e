"""Writing to the library: one job at a time, the others in line, all of them on record.

The record is a small SQLite database beside the library, so every worker can tell how a job of
another one goes. The work itself is done by the process that took it; when that process is gone,
the job is reported as failed, and what it had written until then stays.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from http import HTTPStatus

from api.job_records import Failure, Job, JobRecords
from api.limits import WorkPool
from api.problem import Problem
from index.errors import PullquoteError
from index.ingest import AddReport
from index.load import Loaded
from rag import Pullquote

__all__ = ["Jobs", "Load", "Submitted"]

Load = Callable[[], Sequence[Loaded]]

_log = logging.getLogger("pullquote.jobs")


class _Stopped(Problem):
    """The server is going down and has no more time."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "the server stopped; what was added until then is kept, send the rest again",
        )


@dataclass(frozen=True, slots=True)
class Submitted:
    """A job of this process, by its id, and what it will come to."""

    id: str
    future: Future[AddReport]


class Jobs:
    """Adds articles in the background."""

    def __init__(self, pullquote: Pullquote, records: JobRecords, pool: WorkPool) -> None:
        self._pullquote = pullquote
        self._records = records
        self._pool = pool
        self._stopping = threading.Event()

    @property
    def pool(self) -> WorkPool:
        """What does the writing, one piece of work at a time."""
        return self._pool

    def submit(self, load: Load, total: int | None = None) -> Submitted:
        """Put in line the adding of what ``load`` returns. ``Problem`` when the line is full."""
        job = self._records.new(total)
        try:
            return Submitted(job.id, self._pool.submit(lambda: self._add(job, load)))
        except BaseException:
            self._records.forget(job.id)
            raise

    async def wait(self, submitted: Submitted, seconds: float) -> Job:
        """The job as it is when done, or after this many seconds. Raises what it failed with."""
        waiting = asyncio.wrap_future(submitted.future)
        await asyncio.wait({waiting}, timeout=seconds)
        if waiting.done():
            waiting.result()
        else:
            # It fails on record then, and nobody is left to be told.
            waiting.add_done_callback(lambda done: done.cancelled() or done.exception())
        return self.get(submitted.id)

    def get(self, id: str) -> Job:
        """The job as it is now. ``NotFoundError`` when there is none of that id."""
        return self._records.get(id)

    def close(self, seconds: float) -> None:
        """Finish what was taken within so many seconds; then stop, between two passages."""
        timer = threading.Timer(seconds, self._stopping.set)
        timer.daemon = True
        timer.start()
        try:
            self._pool.close()
        finally:
            timer.cancel()

    def _add(self, job: Job, load: Load) -> AddReport:
        try:
            if self._stopping.is_set():
                raise _Stopped()
            loaded = load()
            job = self._records.put(replace(job, state="running", total=len(loaded)))
            report = self._pullquote.add_articles(loaded, lambda report: self._tell(job, report))
        except Exception as exc:
            self._records.put(replace(job, state="failed", error=_error(exc)))
            if not isinstance(exc, PullquoteError | Problem):
                _log.exception("job %s failed", job.id)
            raise
        self._records.put(replace(_shown(job, report), state="done"))
        return report

    def _tell(self, job: Job, report: AddReport) -> None:
        if self._stopping.is_set():
            raise _Stopped()
        self._records.put(_shown(job, report))


def _shown(job: Job, report: AddReport) -> Job:
    return replace(
        job,
        added=tuple(report.added),
        updated=tuple(report.updated),
        unchanged=report.unchanged,
        passages=report.passages,
        failed=tuple(Failure(each.source, each.reason) for each in report.failed),
    )


def _error(error: Exception) -> str:
    match error:
        case PullquoteError() | Problem():
            return str(error)
        case _:
            return "an error that was not foreseen; the server's log has it"
