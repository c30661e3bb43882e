"""Write to the library: one job at a time from a queue, each with a stored record.

The records are in a small SQLite database beside the library (:mod:`api.writing.job_records`), so
every worker can report the state of another one's job. The process that took a job does the work;
when that process ends, the job is reported as failed, and the articles written until then stay.
"""

from __future__ import annotations

import asyncio
import logging
import math
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi.concurrency import run_in_threadpool

from api.pool import WorkPool
from api.problem import Problem, of_error
from api.writing.idempotency import Claim
from api.writing.job_records import Failure, Job, JobRecords
from index.errors import PullquoteError
from rag import Pullquote

if TYPE_CHECKING:
    from index.ingest.batch import AddReport
    from index.load import Loaded

__all__ = ["Jobs", "Load", "PendingJob"]

Load = Callable[[], "Sequence[Loaded]"]

_LINKS_QUEUE, _RECORDS_QUEUE = 32, 256

_log = logging.getLogger("pullquote.jobs")


class _Shutdown(Problem):
    """The server shuts down before the job is finished."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "the server stopped; what was added until then is kept, send the rest again",
            retry_after=5,
        )


@dataclass(frozen=True, slots=True)
class PendingJob:
    """A queued or running job of this process: its id and the future of its last record."""

    id: str
    future: Future[Job]


class Jobs:
    """Adds articles in the background. Links are fetched in a thread of their own, which passes
    each article to the one thread that writes. New jobs are recorded by one thread too: they are
    queued in the order in which they are submitted, and no request comes between another's look at
    its claim and its job."""

    def __init__(self, pullquote: Pullquote, records: JobRecords, pool: WorkPool) -> None:
        self._pullquote = pullquote
        self._records = records
        self._pool = pool
        self._links = WorkPool("links", 1, _LINKS_QUEUE, math.inf)
        timeout = pullquote.settings.request_timeout
        self._recording = WorkPool("records", 1, _RECORDS_QUEUE, timeout)
        self._stopping = threading.Event()

    @property
    def pool(self) -> WorkPool:
        """The pool of one thread that writes to the library."""
        return self._pool

    async def submit(
        self, load: Load, total: int | None = None, claim: Claim | None = None
    ) -> PendingJob | Job:
        """Queue the adding of what ``load`` returns; ``total`` is how many articles that is, where
        it is known. A job that the ``claim`` has already, and that did not fail, is returned
        instead. ``Problem``: 422 when that was for other content, 503 when the queue is full.

        Where this raises, nothing will be added. A cancellation that comes too late for that is
        raised by what the caller awaits next.
        """
        return await self._submit(self._pool, lambda job: self._add(job, load), total, claim)

    async def submit_link(
        self, link: str, limit: int | None = None, claim: Claim | None = None
    ) -> PendingJob | Job:
        """Queue the adding of the article behind ``link``, or of up to ``limit`` articles where it
        is a feed or sitemap (default: the settings'). The rest is as with :meth:`submit`."""
        work = partial(self._add_link, link=link, limit=limit)
        return await self._submit(self._links, work, None, claim)

    async def _submit(
        self,
        pool: WorkPool,
        work: Callable[[Job], AddReport],
        total: int | None,
        claim: Claim | None,
    ) -> PendingJob | Job:
        outcome: Future[None] = Future()

        def run(job: Job) -> Job:
            # Where the disk is full, its record may fail at the very end.
            outcome.result()
            return self._run(job, work)

        def admit(job: Job) -> PendingJob:
            return PendingJob(job.id, pool.submit(lambda: run(job)))

        def record() -> PendingJob | Job:
            try:
                pending = self._records.new(admit, total, claim)
            except BaseException as exc:
                outcome.set_exception(exc)
                raise
            outcome.set_result(None)
            return pending

        return await self._recording.run_through(record)

    async def wait(self, pending: PendingJob | Job, seconds: float) -> Job:
        """Return the job once it is finished, or in its present state after ``seconds``; at once
        where it was there before. Raises the exception with which it failed."""
        if isinstance(pending, Job):
            return pending
        waiting = asyncio.wrap_future(pending.future)
        await asyncio.wait({waiting}, timeout=seconds)
        if waiting.done():
            return waiting.result()
        # A later failure is in its record; retrieved here, or asyncio would log it as lost.
        waiting.add_done_callback(lambda future: future.cancelled() or future.exception())
        # Not in a pool that may refuse: the job is there.
        return await run_in_threadpool(self.get, pending.id)

    def get(self, id: str) -> Job:
        """Return the job in its present state. ``NotFoundError`` when there is none of that id. It
        reads a file: not for the event loop."""
        return self._records.get(id)

    def close(self, seconds: float) -> None:
        """Finish the queued jobs within ``seconds``; after that, stop the running one between two
        passages or links and fail the others."""
        timer = threading.Timer(seconds, self._stopping.set)
        timer.daemon = True
        timer.start()
        try:
            self._recording.close()
            self._links.close()
            self._pool.close()
        finally:
            timer.cancel()
            self._records.close()

    def _run(self, job: Job, work: Callable[[Job], AddReport]) -> Job:
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
        return self._records.put(replace(_with_report(record, report), state="done"))

    def _add(self, job: Job, load: Load) -> AddReport:
        job = self._records.put(replace(job, state="running"))
        items = load()
        job = self._records.put(replace(job, total=len(items)))
        return self._pullquote.add_articles(items, lambda report: self._tell(job, report))

    def _add_link(self, job: Job, link: str, limit: int | None) -> AddReport:
        job = self._records.put(replace(job, state="running"))
        # A server answers before it can add.
        from index.ingest.batch import AddReport

        total = AddReport(lambda report: self._tell(job, report))

        def write(items: Sequence[Loaded]) -> AddReport:
            # One article at a time, so that the line grows by one; a refusal would end the job.
            add = partial(self._pullquote.add_articles, items)
            return self._pool.submit(add, admitted=True).result()

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
        case PullquoteError():
            return of_error(error).detail
        case Problem():
            return error.detail
        case _:
            return "an error that was not foreseen; the server's log has it"
