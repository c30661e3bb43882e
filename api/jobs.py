"""Writing to the library: one job at a time, the others in line, all of them on record.

The record is a small SQLite database beside the library, so every worker can tell how a job of
another one goes. The work itself is done by the process that took it; when that process is gone,
the job is reported as failed, and what it had written until then stays.
"""

from __future__ import annotations

import asyncio
import logging
import math
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from http import HTTPStatus

from api.job_records import Failure, Job, JobRecords
from api.pool import WorkPool
from api.problem import Problem
from index.errors import PullquoteError
from index.ingest.batch import AddReport
from index.load import Loaded
from rag import Pullquote

__all__ = ["Jobs", "Load", "PendingJob"]

Load = Callable[[], Sequence[Loaded]]

_LINKS_QUEUE = 32

_log = logging.getLogger("pullquote.jobs")


class _Shutdown(Problem):
    """The server is going down and has no more time."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "the server stopped; what was added until then is kept, send the rest again",
        )


@dataclass(frozen=True, slots=True)
class PendingJob:
    """A job of this process, by its id, and what it will come to."""

    id: str
    future: Future[AddReport]


class Jobs:
    """Adds articles in the background. Links are fetched beside the one thread that writes, which
    is asked for no longer than each article takes."""

    def __init__(self, pullquote: Pullquote, records: JobRecords, pool: WorkPool) -> None:
        self._pullquote = pullquote
        self._records = records
        self._pool = pool
        self._links = WorkPool("links", 1, _LINKS_QUEUE, math.inf)
        self._stopping = threading.Event()

    @property
    def pool(self) -> WorkPool:
        """What does the writing, one piece of work at a time."""
        return self._pool

    def submit(self, load: Load, total: int | None = None) -> PendingJob:
        """Put in line the adding of what ``load`` returns. ``Problem`` when the line is full."""
        return self._submit(self._pool, total, lambda job: self._add(job, load))

    def submit_link(self, link: str, limit: int | None = None) -> PendingJob:
        """Put in line the adding of what is behind a link, of a list up to ``limit`` articles
        (default: as the settings say). ``Problem`` when the line is full."""
        return self._submit(self._links, None, lambda job: self._add_link(job, link, limit))

    def _submit(
        self, pool: WorkPool, total: int | None, work: Callable[[Job], AddReport]
    ) -> PendingJob:
        job = self._records.new(total)
        try:
            return PendingJob(job.id, pool.submit(lambda: self._run(job, work)))
        except BaseException:
            self._records.forget(job.id)
            raise

    async def wait(self, pending: PendingJob, seconds: float) -> Job:
        """The job as it is when done, or after this many seconds. Raises what it failed with."""
        waiting = asyncio.wrap_future(pending.future)
        await asyncio.wait({waiting}, timeout=seconds)
        if waiting.done():
            waiting.result()
        else:
            # It fails on record then, and nobody is left to be told.
            waiting.add_done_callback(lambda future: future.cancelled() or future.exception())
        return self.get(pending.id)

    def get(self, id: str) -> Job:
        """The job as it is now. ``NotFoundError`` when there is none of that id."""
        return self._records.get(id)

    def close(self, seconds: float) -> None:
        """Finish what was taken within so many seconds; then stop, between two passages or two
        links."""
        timer = threading.Timer(seconds, self._stopping.set)
        timer.daemon = True
        timer.start()
        try:
            self._links.close()
            self._pool.close()
        finally:
            timer.cancel()
            self._records.close()

    def _run(self, job: Job, work: Callable[[Job], AddReport]) -> AddReport:
        try:
            if self._stopping.is_set():
                raise _Shutdown()
            report = work(job)
        except Exception as exc:
            record = self._records.get(job.id)
            self._records.put(replace(record, state="failed", error=_error(exc)))
            if not isinstance(exc, PullquoteError | Problem):
                _log.exception("job %s failed", job.id)
            raise
        record = self._records.get(job.id)
        self._records.put(replace(_with_report(record, report), state="done"))
        return report

    def _add(self, job: Job, load: Load) -> AddReport:
        items = load()
        job = self._records.put(replace(job, state="running", total=len(items)))
        return self._pullquote.add_articles(items, lambda report: self._tell(job, report))

    def _add_link(self, job: Job, link: str, limit: int | None) -> AddReport:
        job = self._records.put(replace(job, state="running"))
        total = AddReport(lambda report: self._tell(job, report))

        def write(items: Sequence[Loaded]) -> AddReport:
            return self._pool.submit(lambda: self._pullquote.add_articles(items)).result()

        self._pullquote.add_links([link], limit, lambda result: total.include(result.report), write)
        return total

    def _tell(self, job: Job, report: AddReport) -> None:
        if self._stopping.is_set():
            raise _Shutdown()
        self._records.put(_with_report(job, report))


def _with_report(job: Job, report: AddReport) -> Job:
    return replace(
        job,
        added=tuple(report.added),
        updated=tuple(report.updated),
        unchanged=report.unchanged,
        passages=report.passages,
        failed=tuple(Failure(failure.source, failure.reason) for failure in report.failed),
    )


def _error(error: Exception) -> str:
    match error:
        case PullquoteError() | Problem():
            return str(error)
        case _:
            return "an error that was not foreseen; the server's log has it"
