"""Who may use a server, and how often: its keys and its limit of the rate."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Request
from fastapi.security.utils import get_authorization_scheme_param

from api.guard.keys import Key, KeyRing
from api.guard.limits import RateLimiter
from api.problem import Problem

__all__ = ["Gate"]


@dataclass(frozen=True, slots=True)
class Gate:
    """The keys of a server, and its limit for each caller, if it has one."""

    keys: KeyRing
    limiter: RateLimiter | None

    def admit(self, request: Request) -> Key | None:
        """Count a request, and return the key of its sender; ``None`` where none is needed.
        ``Problem``: 401 without a known key, 429 beyond the rate limit."""
        key = self._key(request) if self.keys.is_required else None
        if self.limiter:
            self.limiter.take(_caller(request, key))
        return key

    def charge(self, request: Request, questions: int) -> None:
        """Count the questions of an admitted request that has several: as many requests as there
        are, of which the first is counted already."""
        if self.limiter:
            key = self._key(request) if self.keys.is_required else None
            self.limiter.charge(_caller(request, key), questions - 1)

    def _key(self, request: Request) -> Key:
        scheme, secret = get_authorization_scheme_param(request.headers.get("authorization"))
        key = self.keys.find(secret) if scheme.lower() == "bearer" and secret else None
        if key is None:
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "an API key is needed: send it as Authorization: Bearer KEY",
                headers={"WWW-Authenticate": "Bearer"},
            )
        return key


def _caller(request: Request, key: Key | None) -> str:
    """Name whom a rate is of: a key, or an address where none is needed."""
    if key:
        return key.id
    return request.client.host if request.client else ""
