"""A deadline for progress: whoever makes none in time is begun anew, a bounded number of times."""

from __future__ import annotations

from collections.abc import Callable

from index.errors import ClusterError

__all__ = ["Watchdog"]


class Watchdog:
    """Counts how often in a row work had to be begun anew.

    patience: seconds without progress after which work is stuck.
    restarts: how often in a row it may be begun anew.
    clock: in seconds.
    """

    def __init__(self, patience: float, restarts: int, clock: Callable[[], float]) -> None:
        self.patience = patience
        self.restarts = restarts
        self._clock = clock
        self._last = clock()
        self._count = 0

    def progress(self) -> None:
        """Note that something was finished."""
        self._last, self._count = self._clock(), 0

    def is_stuck(self) -> bool:
        """Whether nothing was finished for too long."""
        return self._clock() - self._last >= self.patience

    def restart(self) -> None:
        """Note that work begins anew. ``ClusterError`` when it did so too often."""
        self._count += 1
        if self._count > self.restarts:
            raise ClusterError(
                f"the workers finished nothing for {self.patience:g} seconds, {self._count} times "
                "in a row; what was finished is written, and the same command goes on from there"
            )
        self._last = self._clock()
