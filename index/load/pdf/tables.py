"""Find the tables of a PDF page, and write each row as one line (:mod:`index.load.rows`).

A table with rules is read by them: its cells are what the lines enclose, or its rows what lies
between them. Those without are found by :mod:`index.load.pdf.aligned_tables`.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from index.load.pdf.aligned_tables import without_aligned, without_wrapped
from index.load.pdf.fragments import Fragment
from index.load.pdf.rules import Line, Rules
from index.load.pdf.table_lines import (
    LEAST_ROWS,
    MOST_CHARS,
    MOST_COLUMNS,
    bands_of,
    cell_text,
    in_band,
    rows_in_place,
)
from index.load.rows import Cell

__all__ = ["with_table_rows"]

# Points: how far lines end before each other that meet.
_TOUCH = 3.0
_MOST_ROWS = 200
# How much of an edge has to be drawn to part two cells.
_SHARE_OF_EDGE = 0.6


def with_table_rows(fragments: list[Fragment], rules: Rules) -> list[Fragment]:
    """Return the fragments of a page with those of each table rows_in_place by one a row."""
    parts = [(fragment, _split(fragment)) for fragment in fragments]
    cells = [part for _, pieces in parts for part in pieces]
    for grid in _grids(rules):
        cells = _without_ruled(cells, *grid)
    cells = without_wrapped(without_aligned(_without_banded(cells, rules)))
    rows = [cell for cell in cells if cell.is_row]
    if not rows:
        return fragments
    low_x = {id(cell) for cell in cells}
    for fragment, pieces in parts:
        rest = [part for part in pieces if id(part) in low_x]
        rows += [fragment] if len(rest) == len(pieces) else rest
    return rows


def _split(fragment: Fragment) -> list[Fragment]:
    """Divide a fragment at its wide gaps, which may be those between cells."""
    if not fragment.gaps:
        return [fragment]
    starts = [(0, fragment.left)] + [(at, high_x) for at, _, high_x in fragment.gaps]
    ends = [(at, low_x) for at, low_x, _ in fragment.gaps] + [(len(fragment.text), fragment.right)]
    return [
        Fragment(fragment.text[first:last].strip(), low_x, high_x, fragment.bottom, fragment.top)
        for (first, low_x), (last, high_x) in zip(starts, ends, strict=True)
    ]


# Tables with rules

# The places of the lines down and across, and the lines themselves.
Grid = tuple[list[float], list[float], Rules]


def _grids(rules: Rules) -> Iterator[Grid]:
    """Yield the groups of lines that meet, of two columns and two rows or more."""
    for group in _groups(rules):
        xs = _places([at for at, _, _ in group.down])
        ys = _places([at for at, _, _ in group.across])
        if 3 <= len(xs) <= MOST_COLUMNS and 3 <= len(ys) <= _MOST_ROWS:
            yield xs, ys[::-1], group


def _groups(rules: Rules) -> list[Rules]:
    """Part the lines into those that meet each other."""
    groups: list[tuple[list[float], Rules]] = []
    boxes = [(True, line, (line[1], line[2], line[0], line[0])) for line in rules.across]
    boxes += [(False, line, (line[0], line[0], line[1], line[2])) for line in rules.down]
    for is_across, line, box in boxes:
        near = [group for group in groups if _touch(group[0], box)]
        bounds, whole = list(box), Rules()
        for near_bounds, near_group in near:
            bounds = [min(bounds[0], near_bounds[0]), max(bounds[1], near_bounds[1]),
                      min(bounds[2], near_bounds[2]), max(bounds[3], near_bounds[3])]  # fmt: skip
            whole.across += near_group.across
            whole.down += near_group.down
        (whole.across if is_across else whole.down).append(line)
        groups = [group for group in groups if group not in near] + [(bounds, whole)]
        if len(groups) > _MOST_ROWS:
            # A drawing.
            return []
    return [group for _, group in groups]


def _touch(bounds: Sequence[float], box: tuple[float, float, float, float]) -> bool:
    return (
        bounds[0] - _TOUCH <= box[1]
        and box[0] <= bounds[1] + _TOUCH
        and bounds[2] - _TOUCH <= box[3]
        and box[2] <= bounds[3] + _TOUCH
    )


def _places(values: Sequence[float]) -> list[float]:
    """Return the distinct places, from the lowest, those that nearly agree taken for one."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _TOUCH:
            places.append(value)
    return places


def _without_ruled(
    fragments: list[Fragment], xs: list[float], ys: list[float], rules: Rules
) -> list[Fragment]:
    """Write the rows of one table; unchanged where its cells hold no table."""
    inside = [
        fragment
        for fragment in fragments
        if xs[0] < (fragment.left + fragment.right) / 2 < xs[-1]
        and ys[-1] < fragment.middle < ys[0]
    ]
    cells: dict[tuple[int, int], list[Fragment]] = {}
    origins = _origins(xs, ys, rules)
    for fragment in inside:
        row = len(ys) - 1 - bisect_left(ys[::-1], fragment.middle)
        column = bisect_left(xs, (fragment.left + fragment.right) / 2) - 1
        cells.setdefault(origins[row, column], []).append(fragment)
    texts = {origin: cell_text(parts) for origin, parts in cells.items()}
    if len(texts) < 3 or any(len(text) > MOST_CHARS for text in texts.values()):
        return fragments
    width = len(xs) - 1
    rows: list[list[Cell]] = []
    parts: list[list[Fragment]] = []
    for row in range(len(ys) - 1):
        places = [origins[row, column] for column in range(width)]
        rows.append([Cell(texts.get(at, ""), False, at[0] * width + at[1] + 1) for at in places])
        parts.append([fragment for at in places for fragment in cells.get(at, ())])
    return rows_in_place(fragments, inside, rows, parts)


def _origins(
    xs: list[float], ys: list[float], rules: Rules
) -> dict[tuple[int, int], tuple[int, int]]:
    """Map each row and column to the first one of the cell that covers it."""
    origins: dict[tuple[int, int], tuple[int, int]] = {}
    for row, (top, bottom) in enumerate(itertools.pairwise(ys)):
        for column, (low_x, high_x) in enumerate(itertools.pairwise(xs)):
            here = row, column
            if column and not _is_drawn(rules.down, low_x, bottom, top):
                origins[here] = origins[row, column - 1]
            elif row and not _is_drawn(rules.across, top, low_x, high_x):
                origins[here] = origins[row - 1, column]
            else:
                origins[here] = here
    return origins


def _is_drawn(lines: Sequence[Line], place: float, start: float, end: float) -> bool:
    """Whether lines at a place cover most of the way from start to end."""
    coverage = sum(
        max(0.0, min(end, last) - max(start, first))
        for at, first, last in lines
        if abs(at - place) <= _TOUCH
    )
    return coverage >= _SHARE_OF_EDGE * (end - start)


# Tables with rules between rows alone, or rows on coloured ground


def _without_banded(fragments: list[Fragment], rules: Rules) -> list[Fragment]:
    """Write the rows of tables that lines, one below the other, part from each other."""
    for low_x, high_x, heights in _ladders(rules):
        rows: list[list[Fragment]] = [[] for _ in heights[1:]]
        for fragment in fragments:
            if low_x <= (fragment.left + fragment.right) / 2 <= high_x and not fragment.is_row:
                at = len(heights) - 1 - bisect_left(heights[::-1], fragment.middle)
                if 0 <= at < len(rows) and heights[-1] < fragment.middle < heights[0]:
                    rows[at].append(fragment)
        rows = [row for row in rows if row]
        if len(rows) < LEAST_ROWS or any(len(row) < 2 for row in rows):
            continue
        columns = bands_of([fragment for row in rows[1:] for fragment in row])
        if not 2 <= len(columns) <= MOST_COLUMNS:
            continue
        cells = [[Cell(cell_text(in_band(row, band))) for band in columns] for row in rows]
        chars = sum(len(fragment.text) for row in rows for fragment in row)
        whole = sum(len(cell.text.replace(" ", "")) for row in cells for cell in row)
        is_whole = whole >= chars - sum(f.text.count(" ") for row in rows for f in row)
        if is_whole and max(len(cell.text) for row in cells for cell in row) <= MOST_CHARS:
            table = [fragment for row in rows for fragment in row]
            fragments = rows_in_place(fragments, table, cells, rows)
    return fragments


def _ladders(rules: Rules) -> Iterator[tuple[float, float, list[float]]]:
    """Yield left and right edge and heights, from the top, of lines that are as wide as each
    other."""
    ladders: dict[tuple[int, int], list[Line]] = {}
    for line in rules.across:
        ladders.setdefault((round(line[1] / _TOUCH), round(line[2] / _TOUCH)), []).append(line)
    for lines in ladders.values():
        heights = _places([at for at, _, _ in lines])[::-1]
        if LEAST_ROWS < len(heights) <= _MOST_ROWS:
            yield lines[0][1], lines[0][2], heights
