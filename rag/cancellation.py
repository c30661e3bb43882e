"""Stop the work on a question that nobody waits for any more.

A thread cannot be stopped from outside, so what takes long checks between its steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["Cancellation", "cancellable", "check_cancellation"]


class Cancellation(BaseException):
    """Ends work that is no longer wanted. Not an ``Exception``: no boundary that maps errors should
    take it for a failure."""


def _never() -> bool:
    return False


_is_unwanted: ContextVar[Callable[[], bool]] = ContextVar("is_unwanted", default=_never)


@contextmanager
def cancellable(is_unwanted: Callable[[], bool]) -> Iterator[None]:
    """Have the block end with ``Cancellation`` once it ``is_unwanted``, at its next step that
    checks."""
    token = _is_unwanted.set(is_unwanted)
    try:
        yield
    finally:
        _is_unwanted.reset(token)


def check_cancellation() -> None:
    """``Cancellation`` in a :func:`cancellable` block that is unwanted by now."""
    if _is_unwanted.get()():
        raise Cancellation
