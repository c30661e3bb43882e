"""Leave out the numbers that count the lines of a text, as transcripts and drafts have them.

They are told as those of a PDF (:mod:`index.load.pdf.line_numbers`): they rise by the same step,
with as many lines between two of them as the step says, and the lines are those of prose, of which
some go on in the middle of a sentence.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from statistics import median

__all__ = ["without_line_numbers"]

_STEPS = (1, 2, 5, 10)
_LINE_NUMBER = re.compile(r"[ \t]*(\d{1,4})(?:[ \t]+|\Z)")
# Numbers at least, and with a step above 2.
_LEAST, _LEAST_WIDE = 5, 3
# The share of gaps that have exactly as many lines as the step says; that of lines which begin in
# the middle of a sentence; characters of the usual line.
_EXACT, _CONTINUATIONS, _LINE = 0.5, 0.25, 30


def without_line_numbers(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the text without the numbers of its lines, and ``(numbers, reason)`` of these."""
    # A page may begin behind its sign.
    lines = re.split(r"([\n\f])", text)
    places = [at for at in range(0, len(lines), 2) if lines[at].strip()]
    numbers = [
        (rank, int(match[1]))
        for rank, at in enumerate(places)
        if (match := _LINE_NUMBER.match(lines[at]))
    ]
    if len(numbers) < _LEAST_WIDE:
        return text, ()
    left_out: list[tuple[str, str]] = []
    words = [lines[at] for at in places]
    for step in _STEPS:
        for chain in _chains(numbers, step):
            ranks = {rank: None for rank, _ in chain}
            # Else the lines of many chains that overlap would be read again with each.
            if not _counts_lines(list(ranks), step):
                continue
            first, last = chain[0][0], chain[-1][0]
            rest = [
                _LINE_NUMBER.sub("", line, count=1) if rank in ranks else line.strip()
                for rank, line in enumerate(words[first : last + 1], start=first)
            ]
            if not _is_prose(rest):
                continue
            for rank, line in enumerate(rest, start=first):
                lines[places[rank]] = line
            left_out.append((f"{chain[0][1]} to {chain[-1][1]}", "line numbers"))
        if left_out:
            break
    return "".join(lines) if left_out else text, tuple(left_out)


def _chains(numbers: Sequence[tuple[int, int]], step: int) -> Iterator[list[tuple[int, int]]]:
    """Yield the runs of numbers, each with its line, that rise by a step."""
    chains: dict[int, list[tuple[int, int]]] = {}
    for rank, value in numbers:
        if value % step not in (0, 1 % step):
            continue
        chain = chains.pop(value - step, [])
        chain.append((rank, value))
        if rival := chains.get(value):
            yield rival
        chains[value] = chain
    yield from chains.values()


def _counts_lines(ranks: Sequence[int], step: int) -> bool:
    if len(ranks) < (_LEAST_WIDE if step > 2 else _LEAST):
        return False
    gaps = [after - before for before, after in itertools.pairwise(ranks)]
    return max(gaps) <= step and sum(gap == step for gap in gaps) >= _EXACT * len(gaps)


def _is_prose(lines: Sequence[str]) -> bool:
    words = [line for line in lines if line]
    if not words:
        return False
    continuations = sum(line[:1].islower() for line in words)
    # The items of a list may all be in lower case.
    is_prose = _CONTINUATIONS * len(words) <= continuations < len(words)
    return is_prose and median(map(len, words)) >= _LINE
