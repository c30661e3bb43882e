"""Tell the figures of pages from those of sentences, in lines that pages have in the same place."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

__all__ = ["digits_aside", "ends_as_sentence", "is_running"]

# What is longer counts no pages.
_MOST_DIGITS = 6
_LEAST_CHARS, _END = 30, re.compile(r"[.!?][”\"’)»]*\Z")


def digits_aside(line: str) -> str:
    """Return a line with a sign in the place of its figures, to hold it against others."""
    return re.sub(r"\d+", "#", line.strip().casefold())


def ends_as_sentence(line: str) -> bool:
    """Whether a line is long enough for a sentence, and ends as one."""
    return len(line) >= _LEAST_CHARS and bool(_END.search(line.rstrip()))


def is_running(lines: Sequence[tuple[int, str]]) -> bool:
    """Whether lines that are equal, digits aside, are one line that runs through the pages.

    lines: each with the number of its page, rising.

    Each of its figures is the same everywhere, or rises as the pages do from most lines to the next
    (a chapter may count anew).
    """
    rows = [re.findall(r"\d+", line) for _, line in lines]
    steps = [after - before for (before, _), (after, _) in itertools.pairwise(lines)]
    return all(_is_constant_or_counts(figures, steps) for figures in zip(*rows, strict=True))


def _is_constant_or_counts(figures: Sequence[str], steps: Sequence[int]) -> bool:
    if len(set(figures)) == 1:
        return True
    if max(map(len, figures)) > _MOST_DIGITS:
        return False
    rises = [int(after) - int(before) for before, after in itertools.pairwise(figures)]
    return 2 * sum(map(int.__eq__, rises, steps)) > len(rises)
