"""The state of the application, and the dependency that gives it to the routes."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Annotated, Self

from fastapi import Depends, Request

from api.job_records import JobRecords
from api.jobs import Jobs
from api.keys import KeyRing
from api.limits import RateLimiter
from api.metrics import Metrics
from api.pool import WorkPool
from api.suggestions import Suggestions
from api.uploads import Uploads
from index.errors import PullquoteError
from rag import AsyncPullquote, Pullquote, Settings

__all__ = ["AppState", "State"]

# Reading articles and counts needs no model and must not wait behind questions.
_READERS, _READERS_QUEUE, _JOBS_QUEUE = 2, 256, 32


@dataclass(slots=True)
class AppState:
    """Everything that outlives a request.

    ``models`` is the pool in which ``questions`` answers questions; ``reads`` the pool for reading
    the store, without a model. ``ready`` is set once the models are loaded or have failed to load;
    ``trouble`` is then the reason of the failure.
    """

    pullquote: Pullquote
    questions: AsyncPullquote
    models: WorkPool
    reads: WorkPool
    jobs: Jobs
    keys: KeyRing
    limiter: RateLimiter | None
    metrics: Metrics
    uploads: Uploads
    suggestions: Suggestions
    ready: threading.Event = field(default_factory=threading.Event)
    trouble: str | None = None

    @classmethod
    def of(cls, pullquote: Pullquote) -> Self:
        """Make the state that serves this library, under its settings."""
        settings = pullquote.settings
        timeout = settings.request_timeout
        writer = WorkPool("writer", 1, _JOBS_QUEUE, timeout)
        # Up to half a queue is served in order; beyond that, the newest first.
        models = WorkPool(
            "models", settings.work_threads, settings.queue, timeout, settings.queue // 2
        )
        return cls(
            pullquote=pullquote,
            questions=AsyncPullquote(pullquote, models.run),
            models=models,
            reads=WorkPool("reads", _READERS, _READERS_QUEUE, timeout),
            jobs=Jobs(pullquote, JobRecords(settings.home / "jobs.sqlite"), writer),
            keys=KeyRing(settings.home / "keys.json"),
            limiter=RateLimiter(settings.rate_limit) if settings.rate_limit else None,
            metrics=Metrics(),
            uploads=Uploads(settings.home / "uploads"),
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
        self.suggestions.close()
        self.models.close()
        self.reads.close()
        self.jobs.close(self.settings.shutdown_timeout)
        self.uploads.close()
        self.pullquote.close()


def _state(request: Request) -> AppState:
    state: AppState = request.app.state.pullquote
    return state


State = Annotated[AppState, Depends(_state)]
