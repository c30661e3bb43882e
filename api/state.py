"""The state of the application, and the dependency that gives it to the routes."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Annotated, Self

from fastapi import Depends
from starlette.requests import HTTPConnection
from starlette.types import Scope

from api.guard.gate import Gate
from api.guard.keys import KeyRing
from api.guard.limits import RateLimiter
from api.metrics import Metrics
from api.pool import WorkPool
from api.suggestions.suggester import Suggestions
from api.writing.job_records import JobRecords
from api.writing.jobs import Jobs
from api.writing.uploads import Uploads
from index.errors import PullquoteError
from rag import AsyncPullquote, Pullquote, Settings

__all__ = ["AppState", "State", "close_states", "put_state", "report_failed_warming", "state_of"]

_log = logging.getLogger("pullquote.app")

# Reading articles and counts needs no model and must not wait behind questions.
_READERS, _READERS_QUEUE, _JOBS_QUEUE = 2, 256, 32


@dataclass(slots=True)
class AppState:
    """Everything of a library that outlives a request.

    ``name`` is the library's among those that are served together, empty where it is the only one.
    ``models`` is the pool in which ``questions`` answers questions; ``reads`` the pool for reading
    the store, without a model. ``ready`` is set once the models are loaded or have failed to load;
    ``trouble`` is then the reason of the failure.
    """

    name: str
    pullquote: Pullquote
    questions: AsyncPullquote
    models: WorkPool
    reads: WorkPool
    jobs: Jobs
    gate: Gate
    metrics: Metrics
    uploads: Uploads
    suggestions: Suggestions
    ready: threading.Event = field(default_factory=threading.Event)
    trouble: str | None = None

    @classmethod
    def of(cls, pullquote: Pullquote, name: str = "", beside: Self | None = None) -> Self:
        """Make the state that serves this library, under its settings; ``beside`` is that of one
        that it is served with and shares what a process has once: threads, keys, rates, uploads."""
        settings = pullquote.settings
        if unfinished := pullquote.library.unfinished_copy():
            _log.warning("%s: %s", pullquote.library.place, unfinished)
        timeout = settings.request_timeout
        writer = WorkPool("writer", 1, _JOBS_QUEUE, timeout)
        limiter = RateLimiter(settings.rate_limit) if settings.rate_limit else None
        # Up to half a queue is served in order; beyond that, the newest first.
        models = beside and beside.models
        models = models or WorkPool(
            "models", settings.work_threads, settings.queue, timeout, settings.queue // 2
        )
        records = settings.home / (f"jobs/{name}.sqlite" if name else "jobs.sqlite")
        return cls(
            name=name,
            pullquote=pullquote,
            questions=AsyncPullquote(pullquote, models.run),
            models=models,
            reads=beside.reads if beside else WorkPool("reads", _READERS, _READERS_QUEUE, timeout),
            jobs=Jobs(pullquote, JobRecords(records), writer),
            gate=beside.gate if beside else Gate(KeyRing(settings.home / "keys.json"), limiter),
            metrics=beside.metrics.of(name) if beside else Metrics(name),
            uploads=beside.uploads if beside else Uploads(settings.home / "uploads"),
            suggestions=Suggestions(pullquote, models),
        )

    @property
    def settings(self) -> Settings:
        return self.pullquote.settings

    def warm(self) -> None:
        """Load the models and the indexes, so that the first question does not wait for them."""
        try:
            # Onnxruntime is at full speed only after its first run.
            if self.pullquote.search("Is everything at hand?", top_k=1):
                _ = self.pullquote.reader
        except PullquoteError as exc:
            self.trouble = str(exc)
        self.ready.set()

    def close(self) -> None:
        """Finish the queued work, then close the library."""
        close_states([self])


def report_failed_warming(
    states: Sequence[AppState], warming: asyncio.Future[None] | Future[None]
) -> None:
    """Log what ended the warming of these states, if anything did. Those that it left unready are
    ready from here on, with ``trouble``.

    warming: done, its exception not looked at yet.
    """
    error = None if warming.cancelled() else warming.exception()
    if error is None:
        return
    _log.error("warming up failed", exc_info=error)
    for state in states:
        if not state.ready.is_set():
            state.trouble = "warming up failed; the server's log says why"
            state.ready.set()


def close_states(states: Sequence[AppState]) -> None:
    """Finish the queued work of libraries that are served together, then close them."""
    for state in states:
        state.suggestions.close()
    for state in states:
        state.models.close()
        state.reads.close()
    # All at once: each may take as long as the settings say.
    with ThreadPoolExecutor(len(states)) as pool:
        list(pool.map(lambda state: state.jobs.close(state.settings.shutdown_timeout), states))
    for state in states:
        state.uploads.close()
        state.pullquote.close()


_KEY = "pullquote.state"


def put_state(scope: Scope, state: AppState) -> None:
    """Note the state of the library that a request is for."""
    scope[_KEY] = state


def state_of(connection: HTTPConnection) -> AppState:
    """Return the state of the library that a request is for: the application's, where it has but
    one."""
    state: AppState = connection.scope.get(_KEY) or connection.app.state.pullquote
    return state


State = Annotated[AppState, Depends(state_of)]
