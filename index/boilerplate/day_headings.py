"""Tell the days that head the parts of a text, as in a timeline, from the one that dates it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence

from index.text.dates import days_in

__all__ = ["day_headings"]

_MOST_CHARS = 40


def day_headings(
    lines: Sequence[str], first: int, last: int, is_said: Callable[[str], bool]
) -> list[int]:
    """Return which lines are days that head the parts of a text; none unless it has several.

    first, last: the lines of its first and last paragraph.
    is_said: whether a line is a sentence.

    Each is a day alone, above a sentence; the second below one too, in the same form. One above the
    text that nothing of the kind follows is when the text appeared.
    """
    if first < 1 or not any(map(_is_day, lines[:first])):
        return []
    headings = [
        i for i, (line, below) in enumerate(itertools.pairwise(lines))
        if _is_day(line) and is_said(below)
    ]  # fmt: skip
    headings = [i for i in headings if i == headings[0] or is_said(lines[i - 1])]
    headings = [i for i in headings if _form(lines[i]) == _form(lines[headings[0]])]
    # Below the text they may be those of other texts.
    is_several = len({lines[i] for i in headings if i < last}) > 1
    return headings if is_several and headings[0] < first else []


def _is_day(line: str) -> bool:
    if len(line) > _MOST_CHARS:
        return False
    days = days_in(line)
    return len(days) == 1 and not re.search(r"\w", line[: days[0][0]] + line[days[0][1] :])


def _form(line: str) -> str:
    return re.sub(r"\d+", "1", re.sub(r"[^\W\d_]+", "a", line))
