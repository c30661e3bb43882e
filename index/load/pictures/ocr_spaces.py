"""Put back the spaces that a recogniser of characters left out: where the line has a gap as wide as
those between its other words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from index.text.scripts import unspaced_letters

__all__ = ["DrawnLine", "with_spaces"]

# Shares of a line's height: what is left out at its edges, and the ink that makes a column inked.
_EDGE, _LEAST_INK = 0.12, 0.05
# How far from the paper's grey, as a share of the darkest, is ink.
_DARK = 0.4
# A gap that is as wide as this share of the usual one between words is a space.
_WORD_GAP = 0.75
_LEAST_GAPS = 3
# Characters: what is left out stands further from other spaces.
_NEAR = 2
_OPENING = "“„«‘("


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A recognised line in a picture.

    ``box``: its four corners in pixels, from the upper left one clockwise. ``centres``: about where
    the middle of each character is that is no space; empty where that is not known.
    """

    text: str
    confidence: float
    box: Sequence[Sequence[float]]
    centres: Sequence[float] = ()


def with_spaces(lines: Sequence[DrawnLine], grey: Any) -> list[str]:
    """Return the texts of the lines with the spaces that they have in the picture.

    grey: the picture's brightness, ``uint8 [height, width]``.
    """
    gaps = [_gaps(line, grey) for line in lines]
    # A share of the line's height: words of one text stand about as far from each other.
    shares = [
        gap / _height(line)
        for line, line_gaps in zip(lines, gaps, strict=True)
        for gap, is_space in line_gaps
        if is_space and gap
    ]
    usual = median(shares) if len(shares) >= _LEAST_GAPS else 0.0
    return [
        _spaced(line, line_gaps, usual * _height(line))
        for line, line_gaps in zip(lines, gaps, strict=True)
    ]


def _height(line: DrawnLine) -> float:
    upper, lower = line.box[0], line.box[3]
    return max(1.0, float(lower[1]) - float(upper[1]))


def _gaps(line: DrawnLine, grey: Any) -> list[tuple[float, bool]]:
    """Return the widest gap in pixels after each character but the last, spaces aside, and whether
    a space stands there already."""
    characters = line.text.replace(" ", "")
    if len(line.centres) != len(characters) or len(characters) < 2 or unspaced_letters(line.text):
        return []
    runs = list(_blank_runs(line, grey))
    has_space: list[bool] = []
    for char in line.text.strip():
        if char == " ":
            has_space[-1] = True
        else:
            has_space.append(False)
    return [
        (
            max(
                (end - start for start, end in runs if left < (start + end) / 2 < right), default=0
            ),
            is_space,
        )
        for left, right, is_space in zip(line.centres, line.centres[1:], has_space, strict=False)
    ]


def _blank_runs(line: DrawnLine, grey: Any) -> Iterator[tuple[float, float]]:
    """Yield the runs of columns without ink in the line, which may be somewhat aslant."""
    import numpy as np

    (left, top), (right, right_top), _, (_, bottom) = line.box
    height = max(1.0, float(bottom) - float(top))
    columns = np.arange(max(0, int(left)), min(grey.shape[1], int(right)))
    depths = np.arange(int(height * _EDGE), int(height * (1 - _EDGE)) + 1)
    if len(columns) < 2:
        return
    slope = (float(right_top) - float(top)) / max(1.0, float(right) - float(left))
    rows = (float(top) + slope * (columns - float(left)))[:, None] + depths[None, :]
    rows = np.clip(rows.astype(int), 0, grey.shape[0] - 1)
    strip = grey[rows, columns[:, None]].astype(int)
    contrast = np.abs(strip - np.median(strip))
    ink = (contrast > _DARK * contrast.max()).sum(axis=1) > _LEAST_INK * len(depths)
    start: float | None = None
    for column, is_inked in zip(columns, ink, strict=True):
        if is_inked and start is not None:
            yield start, float(column)
            start = None
        elif not is_inked and start is None:
            start = float(column)


def _spaced(line: DrawnLine, gaps: Sequence[tuple[float, bool]], usual: float) -> str:
    known_gaps = [gap for gap, is_space in gaps if is_space and gap]
    limit = _WORD_GAP * (min(known_gaps) if len(known_gaps) >= _LEAST_GAPS else usual)
    if not limit or not gaps:
        return line.text
    characters = line.text.replace(" ", "")
    spaces = [at for at, (_, is_space) in enumerate(gaps) if is_space]
    text = [characters[0]]
    for at, (gap, is_space) in enumerate(gaps):
        before, char = characters[at], characters[at + 1]
        # The middles are about right, so a gap near a space is rather that space's.
        is_alone = all(abs(at - space) > _NEAR for space in spaces)
        is_word = (char.isalnum() or char in _OPENING) and not (before.isdigit() and char.isdigit())
        is_left_out = gap >= limit and is_alone and is_word
        text.append(f" {char}" if is_space or is_left_out else char)
    return "".join(text)
