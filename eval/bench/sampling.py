"""Say in which part of the code a thread spends its time, by looking at it again and again.

A profiler that counts calls makes code of many small functions look slower than it is; a look every
few milliseconds costs nearly nothing. Native code counts for the Python function that called it.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

__all__ = ["part_of", "sampling"]

_SECONDS = 0.005
_REST = "the rest"


@contextmanager
def sampling(
    packages: Sequence[str], depth: int = 2, seconds: float = _SECONDS
) -> Iterator[Counter[str]]:
    """Count the looks at the calling thread, by part, until the block ends.

    packages: the top-level packages whose modules are told apart.
    depth: how much of a module's dotted name is its part: with 2 ``index.text``.
    seconds: between two looks.
    """
    counts: Counter[str] = Counter()
    thread, stop = threading.get_ident(), threading.Event()

    def look() -> None:
        while not stop.wait(seconds):
            counts[part_of(sys._current_frames().get(thread), packages, depth)] += 1

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield counts
    finally:
        stop.set()
        watcher.join()


def part_of(frame: FrameType | None, packages: Sequence[str], depth: int) -> str:
    """Name the part that the innermost frame of these packages belongs to."""
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name.partition(".")[0] in packages:
            return ".".join(name.split(".")[:depth])
        frame = frame.f_back
    return _REST
