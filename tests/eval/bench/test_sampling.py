"""Where a thread spends its time."""

from __future__ import annotations

import sys
import time
from types import FrameType, FunctionType

from eval.bench.sampling import part_of, sampling
from index.text.sentences import sentences


def here() -> FrameType:
    return sys._getframe()


def frame_of(module: str) -> FrameType:
    """The frame of a function of a module of that name."""
    frame: FrameType = FunctionType(here.__code__, {"__name__": module, "sys": sys})()
    return frame


def test_a_part_is_the_beginning_of_a_modules_name() -> None:
    frame = frame_of("index.text.sentences")
    assert part_of(frame, ("index",), 2) == "index.text"
    assert part_of(frame, ("index",), 1) == "index"
    assert part_of(frame, ("rag",), 2) == "the rest"
    assert part_of(None, ("index",), 2) == "the rest"


def test_the_part_at_work_is_seen_most() -> None:
    text = "The clerk counted the votes. Nobody was there to see it. " * 200
    with sampling(("index",), seconds=0.001) as counts:
        ends = time.monotonic() + 60
        while counts["index.text"] < 20 and time.monotonic() < ends:
            sentences(text)
    assert counts.most_common(1)[0][0] == "index.text"
    before = counts.total()
    time.sleep(0.02)
    assert counts.total() == before
