"""Select the sentences for the second look: the best ones with their neighbours, as one short text.

The first look scores every sentence of every passage. The second is slow and reads little: runs of
neighbouring sentences around the best ones, up to a number of tokens. Neighbours are included
because the sentence that repeats a question's words often stands next to its answer.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

__all__ = ["Candidate", "Run", "choose_runs"]

# What names a text.
Id = TypeVar("Id", bound=Hashable)

# Sentences taken along on each side of one that is chosen.
_NEIGHBOURS: Final = 1


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Id]):
    """A sentence that could be read: its text, its number there, its size in tokens, and the first
    look's score of it (any scale, larger is better)."""

    text: Id
    number: int
    tokens: int
    score: float


@dataclass(frozen=True, slots=True)
class Run(Generic[Id]):
    """Sentences ``first`` to ``last`` (inclusive) of a text, which follow each other there."""

    text: Id
    first: int
    last: int


def choose_runs(
    candidates: Sequence[Candidate[Id]], budget: int, overhead: int = 0
) -> list[Run[Id]]:
    """Choose runs of sentences around the best candidates that fit into ``budget`` tokens.

    candidates: every sentence of every text, each once.
    budget: tokens that all runs may have together. The best sentence is taken whatever its size.
    overhead: tokens that each text costs besides its sentences (its title).

    Returns the runs by text, texts in the order of their best sentence, runs as they stand there.
    """
    sizes = {(c.text, c.number): c.tokens for c in candidates}
    choices: dict[Id, set[int]] = {}
    remaining = budget
    for best in sorted(candidates, key=lambda c: -c.score):
        around = range(best.number - _NEIGHBOURS, best.number + _NEIGHBOURS + 1)
        for numbers in (around, (best.number,)):
            run_numbers = choices.get(best.text, set())
            fresh = [n for n in numbers if (best.text, n) in sizes and n not in run_numbers]
            cost = sum(sizes[best.text, n] for n in fresh) + (0 if run_numbers else overhead)
            if cost <= remaining or (not choices and numbers == (best.number,)):
                if fresh:
                    choices.setdefault(best.text, set()).update(fresh)
                    remaining -= cost
                break
    return [run for text, numbers in choices.items() for run in _runs(text, sorted(numbers))]


def _runs(text: Id, numbers: Sequence[int]) -> list[Run[Id]]:
    runs: list[Run[Id]] = []
    for number in numbers:
        if runs and number == runs[-1].last + 1:
            runs[-1] = Run(text, runs[-1].first, number)
        else:
            runs.append(Run(text, number, number))
    return runs
