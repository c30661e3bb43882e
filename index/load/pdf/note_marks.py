"""Leave out the raised marks of notes that a file has behind all else, and not in their lines."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from index.load.pdf.fragments import Fragment
from index.load.superscripts import superscript_text

__all__ = ["without_marks_apart"]

_MARK = re.compile(r"[\[(]?(?:\d{1,3}(?:[,;–-] ?\d{1,3})*|[a-z]|[*†‡§¶]{1,3})[\])]?")
# In units of the line's size: how small a mark is at most, how far above the line's foot it begins
# at least, how far above its top its middle is at most, and how far behind its end it stands.
_SMALL, _RISE, _ABOVE, _BEHIND = 0.93, 0.2, 0.25, 0.6
# Characters around the place of a mark, which is told by its share of the line's length.
_AROUND = 4


def without_marks_apart(fragments: list[Fragment]) -> list[Fragment]:
    """Return the fragments without those that are the mark of a note above a line of words. What
    may be a power or the ending of a number stays."""
    marks = [fragment for fragment in fragments if _MARK.fullmatch(fragment.text)]
    lines = sorted(
        (fragment for fragment in fragments if not _MARK.fullmatch(fragment.text)),
        key=lambda fragment: fragment.middle,
    )
    if not marks or not lines:
        return fragments
    heights = [line.middle for line in lines]
    most = max(line.size for line in lines)
    notes: set[int] = set()
    for mark in marks:
        first = bisect_left(heights, mark.bottom - most)
        if _is_note(mark, lines[first : bisect_right(heights, mark.top)]):
            notes.add(id(mark))
    return [fragment for fragment in fragments if id(fragment) not in notes]


def _is_note(mark: Fragment, lines: Sequence[Fragment]) -> bool:
    """Whether a mark stands above one of the lines, as no power or ending of a number does."""
    for line in lines:
        is_raised = mark.bottom - line.bottom > _RISE * line.size
        is_near = is_raised and mark.middle < line.top + _ABOVE * line.size
        is_within = line.left < mark.left < line.right + _BEHIND * line.size
        if is_near and is_within and mark.size < _SMALL * line.size and line is not mark:
            width = max(line.right - line.left, 0.1)
            place = round(len(line.text) * (mark.left - line.left) / width)
            return not any(
                superscript_text(line.text[:end], mark.text)
                for end in range(max(1, place - _AROUND), place + _AROUND + 1)
                if line.text[end - 1 : end].strip() and not line.text[end : end + 1].isalnum()
            )
    return False
