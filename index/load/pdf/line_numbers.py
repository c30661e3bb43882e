"""Leave out the numbers that count the lines of a page, beside its text: of transcripts, bills and
manuscripts.

They are told by the lines themselves: the numbers of one column rise by the same step from the top
to the bottom, and between two of them stand as many lines as the step says. A list with as many
lines as items has no lines that go on in the middle of a sentence.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from index.load.pdf.fragments import Fragment, Page

__all__ = ["without_line_numbers"]

Side = Literal["left", "right"]

_STEPS = (1, 2, 5, 10)
# Numbers of a column at least; of one with a step above 2, and on pages behind one that has a
# column at the same place.
_LEAST, _LEAST_WIDE, _LEAST_BEHIND = 5, 3, 1
# What has more numbers than this is no page of prose.
_MOST_NUMBERS = 600
# The share of gaps between numbers that have exactly as many lines as the step says; that of lines
# which begin in the middle of a sentence; characters of the usual line.
_EXACT, _CONTINUATIONS, _LINE = 0.5, 0.25, 30
# In units of a line's size: how far the numbers of a column are apart from side to side, and how
# wide a digit is, and the least space behind it.
_ASIDE, _DIGIT, _SPACE = 2.0, 0.45, 0.25
_BEFORE, _BEHIND = re.compile(r"(\d{1,4})(?: (?=\S)|\Z)"), re.compile(r"(?:(?<=\S) |\A)(\d{1,4})\Z")


@dataclass(frozen=True, slots=True, eq=False)
class _Number:
    """A number at the edge of a fragment, which may be all of it."""

    fragment: Fragment
    value: int
    x: float

    @property
    def is_alone(self) -> bool:
        return self.fragment.text.isdigit()


@dataclass(frozen=True, slots=True)
class _Column:
    side: Side
    step: int
    numbers: list[_Number]


def without_line_numbers(pages: Sequence[Page]) -> list[tuple[str, str]]:
    """Remove the numbers of lines from the fragments of the pages; returns what was left out, with
    the reason."""
    left_out: list[tuple[str, str]] = []
    last: _Column | None = None
    for page in pages:
        column = _column(page.fragments, last)
        if column is None:
            continue
        last = column
        values = [number.value for number in column.numbers]
        left_out.append((f"{values[0]} to {values[-1]}", "line numbers"))
        alone = {id(number.fragment) for number in column.numbers if number.is_alone}
        for number in column.numbers:
            if id(number.fragment) not in alone:
                _remove(number, column.side)
        page.fragments[:] = [line for line in page.fragments if id(line) not in alone]
    return left_out


def _column(fragments: Sequence[Fragment], last: _Column | None) -> _Column | None:
    """Find the column of line numbers of a page. ``last``: that of an earlier page."""
    for side in ("left", "right"):
        numbers = list(_numbers(fragments, side))
        if not 0 < len(numbers) <= _MOST_NUMBERS:
            continue
        heights = _line_heights(fragments)
        for step in _STEPS:
            for chain in _chains(numbers, step):
                column = _Column(side, step, chain)
                if _counts_lines(column, heights, last) and _is_beside_prose(column, fragments):
                    return column
    return None


def _numbers(fragments: Sequence[Fragment], side: Side) -> Iterator[_Number]:
    """Yield the numbers that stand at one side of a fragment, from top to bottom."""
    for fragment in sorted(fragments, key=lambda fragment: -fragment.middle):
        text = fragment.text
        match = _BEFORE.match(text[:6]) if side == "left" else _BEHIND.search(text[-6:])
        if match and not fragment.is_row:
            yield _Number(
                fragment, int(match[1]), fragment.left if side == "left" else fragment.right
            )


def _chains(numbers: Sequence[_Number], step: int) -> Iterator[list[_Number]]:
    """Yield the runs of numbers below each other that rise by a step, the longest of each first
    number."""
    below: dict[int, list[int]] = {}
    for at, number in enumerate(numbers):
        below.setdefault(number.value, []).append(at)
    members: set[int] = set()
    for first in range(len(numbers)):
        if first in members or numbers[first].value % step not in (0, 1 % step):
            continue
        chain, at = [first], first
        while True:
            following = below.get(numbers[at].value + step, [])
            near = (
                place
                for place in following[bisect_right(following, at) :]
                if abs(numbers[place].x - numbers[first].x) < _ASIDE * numbers[first].fragment.size
            )
            place = next(near, None)
            if place is None:
                break
            at = place
            chain.append(at)
        members.update(chain)
        yield [numbers[at] for at in chain]


def _line_heights(fragments: Sequence[Fragment]) -> list[float]:
    """Return the heights of the lines of a page that have words, rising."""
    heights: list[float] = []
    for fragment in sorted(fragments, key=lambda fragment: fragment.middle):
        has_words = any(map(str.isalpha, fragment.text))
        if has_words and (not heights or fragment.middle - heights[-1] > 0.5 * fragment.size):
            heights.append(fragment.middle)
    return heights


def _counts_lines(column: _Column, heights: Sequence[float], last: _Column | None) -> bool:
    """Whether the numbers are those of lines of prose."""
    numbers, step = column.numbers, column.step
    size = numbers[0].fragment.size
    is_behind = (
        last is not None
        and (column.side, step) == (last.side, last.step)
        and abs(numbers[0].x - last.numbers[0].x) < _ASIDE * size
        and numbers[0].value in (1, step, last.numbers[-1].value + step)
    )
    least = _LEAST_BEHIND if is_behind else _LEAST_WIDE if step > 2 else _LEAST
    if len(numbers) < least:
        return False
    tops = [number.fragment.middle + 0.5 * size for number in numbers]
    counts = [
        bisect_left(heights, upper) - bisect_left(heights, lower)
        for upper, lower in itertools.pairwise(tops)
    ]
    if any(count > step for count in counts):
        return False
    return is_behind or sum(count == step for count in counts) >= _EXACT * len(counts)


def _is_beside_prose(column: _Column, fragments: Sequence[Fragment]) -> bool:
    """Whether the numbers stand outside of lines of prose, some of which go on with a sentence."""
    inside = {id(number.fragment) for number in column.numbers if not number.is_alone}
    top, bottom = column.numbers[0].fragment.top, column.numbers[-1].fragment.bottom
    lines = [
        line
        for line in fragments
        if bottom <= line.middle <= top and any(map(str.isalpha, line.text))
    ]
    if not lines:
        return False
    edge = column.numbers[0].fragment.size
    if column.side == "left":
        is_outside = min(line.left for line in lines) > max(n.x for n in column.numbers) - edge
    else:
        is_outside = max(line.right for line in lines) < min(n.x for n in column.numbers) + edge
    texts = [_rest(line.text, column.side) if id(line) in inside else line.text for line in lines]
    continuations = sum(text[:1].islower() for text in texts)
    is_prose = continuations >= _CONTINUATIONS * len(texts) and median(map(len, texts)) >= _LINE
    return is_outside and (is_prose or len(lines) < _LEAST)


def _rest(text: str, side: Side) -> str:
    """Return a line without the number at its edge."""
    if side == "left":
        return _BEFORE.sub("", text, count=1)
    return f"{text[:-6]}{_BEHIND.sub('', text[-6:])}"


def _remove(number: _Number, side: Side) -> None:
    """Remove the number from the line in which it is."""
    line = number.fragment
    digits = len(str(number.value))
    gap = next((gap for gap in line.gaps if gap[0] == digits + 1), None)
    line.text = _rest(line.text, side)
    if side == "right":
        line.right -= (_DIGIT * digits + _SPACE) * line.size
        line.gaps = [gap for gap in line.gaps if gap[0] <= len(line.text)]
        return
    line.left = gap[2] if gap else line.left + (_DIGIT * digits + _SPACE) * line.size
    line.gaps = [(at - digits - 1, low, high) for at, low, high in line.gaps if at > digits + 1]
