"""What a target of fuzzing is, and the inputs made for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

from tests.api.fuzz.mutation import mutate

__all__ = ["Family", "Target", "inputs_of"]

# How many inputs Hypothesis draws at a time, and how many are made of these and of the seeds before
# it draws again: it takes a hundred times as long for one.
_DRAWN, _MUTATED = 10, 150
# How many inputs are kept to make others of.
_KEPT = 300


@dataclass(frozen=True)
class Target:
    """A check, which raises when something is wrong with what becomes of an input, and where inputs
    come from.

    seeds: inputs as they should be.
    pieces: what means something in them.
    drawn: inputs from nothing, where seeds are not all.
    loose: whether parts of an input may be of any type.
    """

    name: str
    check: Callable[[Any], None]
    seeds: Sequence[Any] = ()
    pieces: Sequence[str] = ()
    drawn: st.SearchStrategy[Any] | None = None
    loose: bool = False


@dataclass(frozen=True)
class Family:
    """Targets that are made with a folder of their own, and how many cases each has in a turn."""

    open: Callable[[Path], AbstractContextManager[Sequence[Target]]]
    cases: int


def inputs_of(target: Target, random: Random) -> Iterator[Any]:
    """Inputs without end: the seeds, some that Hypothesis draws, many that are made of both."""
    kept = list(target.seeds)
    yield from kept
    for turn in count():
        if target.drawn is not None and (not turn or random.random() < 0.5):
            drawn = _draw(target.drawn, random.getrandbits(32))
            kept = [*target.seeds, *kept[len(target.seeds) :][-_KEPT:], *drawn]
            yield from drawn
        for _ in range(_MUTATED if turn else _MUTATED // 5):
            made = mutate(random.choice(kept), kept, target.pieces, random, target.loose)
            yield made
            # What has been changed is changed further.
            if random.random() < 0.02 and len(repr(made)) < 5_000:
                kept.append(made)


def _draw(strategy: st.SearchStrategy[Any], number: int) -> list[Any]:
    drawn: list[Any] = []

    @seed(number)
    @settings(
        max_examples=_DRAWN,
        deadline=None,
        database=None,
        verbosity=Verbosity.quiet,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(value: Any) -> None:
        drawn.append(value)

    draw()
    return drawn
