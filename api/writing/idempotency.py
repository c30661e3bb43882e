"""Idempotency keys: a request that is sent again is not executed again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Self

from fastapi import Header, Request
from fastapi.concurrency import run_in_threadpool

from api.guard.keys import Key
from api.problem import invalid

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


@dataclass(frozen=True, slots=True)
class Claim:
    """The idempotency key of a request, and the digest of its content. Each API key has idempotency
    keys of its own: two clients may name their requests alike."""

    key: str
    digest: str

    @classmethod
    async def of(
        cls, request: Request, name: str | None, describe: Callable[[], bytes]
    ) -> Self | None:
        """Return the claim of a request; ``None`` where it has no key. ``describe`` returns its
        content, or what stands for it, and is called in a thread."""
        if name is None:
            return None
        sender: Key | None = request.state.key
        digest = await run_in_threadpool(lambda: hashlib.sha256(describe()).hexdigest())
        # No header has a line break in it.
        return cls(f"{sender.id}\n{name}" if sender else name, digest)

    def check(self, digest: str) -> None:
        """``Problem`` (422) where the content sent under this key before had another digest."""
        if digest != self.digest:
            raise invalid("this key was sent with other content before", "header.idempotency-key")
