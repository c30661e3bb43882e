"""Time as fetching uses it, so that tests need not wait."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Clock", "Deadline", "SystemClock"]


class Clock(Protocol):
    """Seconds: ``monotonic`` to measure with, ``time`` since 1970, ``sleep`` to wait."""

    def monotonic(self) -> float: ...

    def time(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's clock."""

    def monotonic(self) -> float:
        return time.monotonic()

    def time(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment by which a download has to be complete."""

    clock: Clock
    seconds: float
    end: float

    @classmethod
    def after(cls, seconds: float, clock: Clock) -> Deadline:
        return cls(clock, seconds, clock.monotonic() + seconds)

    def remaining(self, most: float | None = None) -> float:
        """The seconds that are left, at most ``most``. ``TimeoutError`` when there are none."""
        left = self.end - self.clock.monotonic()
        if left <= 0:
            raise TimeoutError(f"not there within {self.seconds:g} seconds")
        return left if most is None else min(left, most)
