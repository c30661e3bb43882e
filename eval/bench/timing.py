"""Time one piece of work.

Where a machine does other work too, wall time says more about that than about the work. So searches
are measured in processor time of the thread that searches, and what uses several threads in that of
the process; waiting, for a disk say, is in neither.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

__all__ = ["Clock", "stopwatch"]

T = TypeVar("T")
Clock = Callable[[], float]


def stopwatch(work: Callable[[], T], clock: Clock = time.perf_counter) -> tuple[float, T]:
    """Return the seconds that the work takes by a clock, and what it returns."""
    began = clock()
    result = work()
    return clock() - began, result
