"""What the ways to find a PDF page's tables have in common: lines, columns, and rows in place of
what was on the page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.load.pdf.fragments import Fragment
from index.load.rows import Cell, table_lines

__all__ = ["LEAST_ROWS", "MOST_CHARS", "MOST_COLUMNS", "bands_of", "by_height", "cell_text",
           "in_band", "rows_in_place"]  # fmt: skip

MOST_COLUMNS, MOST_CHARS = 40, 400
LEAST_ROWS = 3
# Between columns, in units of the characters' size.
_LEAST_GAP = 0.6


def cell_text(parts: Sequence[Fragment]) -> str:
    """Join the lines of a cell."""
    text = ""
    last: Fragment | None = None
    for part in sorted(parts, key=lambda fragment: (-round(fragment.middle), fragment.left)):
        has_hyphen = last is not None and re.search(r"[^\W\d_]\u00ad$", text)
        text = f"{text[:-1]}{part.text}" if has_hyphen else f"{text} {part.text}"
        last = part
    return text.strip()


def rows_in_place(
    fragments: Sequence[Fragment],
    table: Sequence[Fragment],
    rows: Sequence[Sequence[Cell]],
    parts: Sequence[Sequence[Fragment]],
) -> list[Fragment]:
    """Replace a table's fragments by one for each of its lines.

    parts: the fragments of each row.
    """
    filled_rows = [(row, part) for row, part in zip(rows, parts, strict=True) if part]
    lines = list(table_lines([row for row, _ in filled_rows]))
    # Rows of headings are written as one line.
    spare = len(filled_rows) - len(lines)
    places = (
        [filled_rows[0][1], *(part for _, part in filled_rows[1 + spare :])] if filled_rows else []
    )
    if spare < 0 or len(lines) < 2:
        return list(fragments)
    identities = {id(fragment) for fragment in table}
    low_x = min(fragment.left for fragment in table)
    high_x = max(fragment.right for fragment in table)
    result = [fragment for fragment in fragments if id(fragment) not in identities]
    for line, part in zip(lines, places, strict=True):
        first = max(part, key=lambda fragment: fragment.top)
        result.append(Fragment(line, low_x, high_x, first.bottom, first.top, 1, is_row=True))
    return result


def by_height(fragments: Sequence[Fragment]) -> list[list[Fragment]]:
    """Return the fragments by lines, from the top, each from the low_x."""
    lines: list[list[Fragment]] = []
    for fragment in sorted(fragments, key=lambda fragment: -fragment.middle):
        if fragment.is_row:
            continue
        if lines and lines[-1][0].bottom < fragment.middle < lines[-1][0].top:
            lines[-1].append(fragment)
        else:
            lines.append([fragment])
    return [sorted(line, key=lambda fragment: fragment.left) for line in lines]


def bands_of(fragments: Sequence[Fragment]) -> list[tuple[float, float]]:
    """Return the columns that a gap parts from each other."""
    bands: list[tuple[float, float]] = []
    for fragment in sorted(fragments, key=lambda fragment: fragment.left):
        if bands and fragment.left - bands[-1][1] < _LEAST_GAP * fragment.size:
            bands[-1] = bands[-1][0], max(bands[-1][1], fragment.right)
        else:
            bands.append((fragment.left, fragment.right))
    return bands


def in_band(fragments: Sequence[Fragment], band: tuple[float, float]) -> list[Fragment]:
    """Return those that begin in a column."""
    return [fragment for fragment in fragments if band[0] <= fragment.left <= band[1]]
