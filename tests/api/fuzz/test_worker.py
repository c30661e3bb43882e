"""An input that ends the process that checks it is named, and the others are checked all the
same."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.api.fuzz.target import Family, Target
from tests.api.fuzz.worker import Count, Find, Turn, supervise


def _crash(text: str) -> None:
    if "!" in text:
        os.kill(os.getpid(), signal.SIGKILL)


def _refuse(text: str) -> None:
    assert "!" not in text


@contextmanager
def _targets(home: Path) -> Iterator[list[Target]]:
    yield [
        Target("crashing", _crash, ("all is well!",)),
        Target("refusing", _refuse, ("all is well!",)),
        Target("sound", lambda _: None, ("all is well!",)),
    ]


def test_what_ends_a_process_is_named() -> None:
    reports = list(supervise(Turn(Family(_targets, 40), "seed")))
    finds = {each.target: each for each in reports if isinstance(each, Find)}
    assert set(finds) == {"crashing", "refusing"}
    assert finds["crashing"].fatal
    assert finds["crashing"].value == "all is well!"
    assert finds["refusing"].value == "!"
    counts = Counter[str]()
    for each in reports:
        if isinstance(each, Count):
            counts[each.target] += each.cases
    assert counts == {"refusing": 40, "sound": 40}
