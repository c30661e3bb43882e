"""Idempotency keys: a request that is sent again is not executed again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated

from fastapi import Header, Request
from fastapi.concurrency import run_in_threadpool

from api.guard.keys import Key
from api.problem import invalid
from api.writing.job_records import Job
from api.writing.jobs import Jobs

__all__ = ["Claim", "IdempotencyKey"]

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        description="A name of your own for this request, so that it can be sent again without "
        "being done again. It is known for a week.",
    ),
]


class Claim:
    """The idempotency key of a request, if it has one, and the job recorded under it. Each API key
    has idempotency keys of its own: two clients may name their requests alike."""

    def __init__(self, jobs: Jobs, request: Request, name: str | None) -> None:
        self._jobs = jobs
        sender: Key | None = request.state.key
        # No header has a line break in it.
        self._key = f"{sender.id}\n{name}" if sender and name else name
        self._digest = ""

    async def earlier(self, describe: Callable[[], bytes]) -> Job | None:
        """Return the job that is recorded under the key already, unless it failed. ``Problem``
        (422) when that was for other content, which ``describe`` returns, or what stands for it;
        it is called in a thread, and only where there is a key."""
        if self._key is None:
            return None
        self._digest = await run_in_threadpool(lambda: hashlib.sha256(describe()).hexdigest())
        claim = self._jobs.claim_of(self._key)
        if claim is None:
            return None
        job, digest = claim
        if digest != self._digest:
            raise invalid("this key was sent with other content before", "header.idempotency-key")
        return job

    def take(self, job_id: str) -> None:
        """Record this job under the key."""
        if self._key is not None:
            self._jobs.claim(self._key, self._digest, job_id)
