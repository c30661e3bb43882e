"""Keep garbage collection from stopping a server for long.

Python's collector looks at every object that may be part of a cycle, now and then at all of them,
and nothing else runs meanwhile: 0.1 s of the processor for what a server has imported, and as much
again once it has added an article. What lives through such a collection goes on living, so it is
not looked at again.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

__all__ = ["FreezeSurvivors"]

_OLDEST: Final = 2
# Of the processor: a tenth of a process that has imported everything, about 12,000 objects.
_LONG_SECONDS: Final = 0.01


class FreezeSurvivors:
    """A callback of the collector: what survives a collection of everything that took long is left
    out of later ones.

    It is freed as ever when nothing refers to it; only cycles among it, which were in use at that
    moment, would stay. So few things are frozen, and only where the process has grown.

    clock: seconds of processor time that the calling thread has had; how long a thread waits for
        the processor says nothing about the collection.
    """

    def __init__(self, clock: Callable[[], float] = time.thread_time) -> None:
        self._clock = clock
        self._start = 0.0

    def __call__(self, phase: str, info: Mapping[str, Any]) -> None:
        """Look at the beginning and the end of a collection (``gc.callbacks``)."""
        if info["generation"] != _OLDEST:
            return
        if phase == "start":
            self._start = self._clock()
        elif self._clock() - self._start >= _LONG_SECONDS:
            gc.freeze()
