"""Retry failed requests: which ones, and how long to wait before."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential_jitter,
)

from index.fetch.clock import Clock

__all__ = ["MAX_WAIT", "Transient", "retry_after", "retrying"]

# Seconds. Whoever asks for more patience than this is asked another time.
MAX_WAIT = 60.0

_backoff = wait_exponential_jitter(initial=1.0, max=20.0, jitter=1.0)


class Transient(Exception):
    """A failure that may pass: in ``after`` seconds, where the server said so."""

    def __init__(self, reason: str, status: int | None = None, after: float | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.after = after


def retrying(attempts: int, clock: Clock) -> Retrying:
    """Try up to ``attempts`` times while a call fails with ``Transient``; the last failure is
    raised."""
    return Retrying(
        retry=retry_if_exception_type(Transient),
        stop=stop_after_attempt(attempts),
        wait=_wait,
        sleep=clock.sleep,
        reraise=True,
    )


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    after = error.after if isinstance(error, Transient) else None
    return max(after or 0.0, _backoff(state))


def retry_after(value: str | None, clock: Clock) -> float | None:
    """Parse a ``Retry-After`` header (a number, or a date) into seconds; ``None`` for none."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value.strip()[:9])
    try:
        moment = parsedate_to_datetime(value).timestamp()
    except (ValueError, OverflowError):
        return None
    return max(0.0, moment - clock.time())
