"""Find tables without rules on a PDF page.

Columns of prose look the same, so one counts only where a column of figures shows that it is a
table, or where all columns have their gaps at the same heights.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from index.load.pdf.fragments import Fragment
from index.load.pdf.table_lines import (
    LEAST_ROWS,
    MOST_COLUMNS,
    bands_of,
    by_height,
    cell_text,
    in_band,
    rows_in_place,
)
from index.load.rows import Cell, is_figure

__all__ = ["without_aligned", "without_wrapped"]

# Characters of the longest cell and of the usual one, each on a line; and of one on several lines.
_LONGEST, _USUAL, _LONGEST_OF_LINES = 60, 24, 120
# Marks of items are no column.
_ITEM_CHARS = 3
# Distance from row to row, in units of the characters' size.
_MOST_STEP = 3.2
# Rows at the top, whose cells may stand over several columns.
_HEADS = 2
_SHARE_OF_FIGURES = 0.6
# How much of the width of the lines above a line by itself fills at most.
_SHARE_OF_WIDTH = 0.75
# How many of a column's cells go on with the sentence of the one above, if it is prose.
_SHARE_OF_PROSE = 0.3
# From line to line within a cell and between rows, in units of the smallest distance.
_ROW_STEP = 1.25


def without_aligned(fragments: list[Fragment]) -> list[Fragment]:
    """Write the rows of tables with a line for each row and a column of figures."""
    for rows in list(_runs_of_rows(fragments)):
        columns = _columns(rows)
        if columns and (cells := _cells(rows, columns)) and _has_figures(cells):
            table = [fragment for row in rows for fragment in row]
            fragments = rows_in_place(fragments, table, cells, rows)
    return fragments


def _runs_of_rows(fragments: Sequence[Fragment]) -> Iterator[list[list[Fragment]]]:
    """Yield the runs of lines, close to each other, of two fragments or more."""
    run: list[list[Fragment]] = []
    for line in by_height(fragments):
        near = not run or run[-1][0].middle - line[0].middle <= _MOST_STEP * line[0].size
        if len(line) > 1 and near:
            run.append(line)
            continue
        if len(run) >= LEAST_ROWS:
            yield run
        run = [line] if len(line) > 1 else []
    if len(run) >= LEAST_ROWS:
        yield run


def without_wrapped(fragments: list[Fragment]) -> list[Fragment]:
    """Write the rows of tables whose cells have several lines, told by the gaps between rows."""
    for block in list(_blocks(fragments)):
        rows = _groups_of_lines(block)
        while rows and len(bands_of(rows[0])) < 2:
            del rows[0]
        while rows and len(bands_of(rows[-1])) < 2:
            del rows[-1]
        columns = bands_of([fragment for row in rows for fragment in row])
        has_lines = any(len(by_height(row)) > 1 for row in rows)
        if len(rows) < LEAST_ROWS or len(columns) < 2 or not has_lines:
            continue
        parts = [[in_band(row, band) for band in columns] for row in rows]
        if any(sum(map(bool, row)) < 2 for row in parts):
            continue
        cells = [[Cell(cell_text(part)) for part in row] for row in parts]
        if _are_columns_of_prose(cells):
            continue
        labels = [row[0].text for row in cells]
        is_list = all(len(label) <= _ITEM_CHARS for label in labels)
        if not is_list and max(len(c.text) for row in cells for c in row) <= _LONGEST_OF_LINES:
            table = [fragment for row in rows for fragment in row]
            fragments = rows_in_place(fragments, table, cells, rows)
    return fragments


def _are_columns_of_prose(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether sentences go on from cell to cell in each column, as in lines of prose that stand
    beside each other."""
    return all(
        _SHARE_OF_PROSE * (len(column) - 1)
        <= sum(
            after.text[:1].islower() and not before.text.endswith((".", "!", "?"))
            for before, after in itertools.pairwise(column)
        )
        for column in zip(*rows, strict=True)
    )


def _blocks(fragments: Sequence[Fragment]) -> Iterator[list[list[Fragment]]]:
    """Yield the runs of lines that are divided, or that fill a part of the width of those."""
    block: list[list[Fragment]] = []
    for line in by_height(fragments):
        width = max(fragment.right - fragment.left for fragment in line)
        edges = [fragment for row in block for fragment in row if len(row) > 1]
        whole = max((f.right for f in edges), default=0.0) - min(
            (f.left for f in edges), default=0.0
        )
        if len(line) > 1 or (edges and width < _SHARE_OF_WIDTH * whole):
            block.append(line)
            continue
        if len(block) > LEAST_ROWS:
            yield block
        block = []
    if len(block) > LEAST_ROWS:
        yield block


def _groups_of_lines(lines: Sequence[list[Fragment]]) -> list[list[Fragment]]:
    """Part lines where the distance between them is larger than the smallest."""
    steps = [upper[0].middle - lower[0].middle for upper, lower in itertools.pairwise(lines)]
    tight = min(steps)
    rows = [list(lines[0])]
    for step, line in zip(steps, lines[1:], strict=True):
        if step > _ROW_STEP * tight:
            rows.append(list(line))
        else:
            rows[-1] += line
    return rows


def _columns(rows: Sequence[Sequence[Fragment]]) -> list[tuple[float, float]]:
    """Return the edges of the columns; empty where the lines are no table."""
    cells = [fragment for row in rows for fragment in row]
    if max(len(cell.text) for cell in cells) > _LONGEST:
        return []
    if median(len(cell.text) for cell in cells) > _USUAL:
        return []
    columns = bands_of([fragment for row in rows[1:] for fragment in row])
    return columns if 2 <= len(columns) <= MOST_COLUMNS else []


def _cells(
    rows: Sequence[Sequence[Fragment]], columns: Sequence[tuple[float, float]]
) -> list[list[Cell]]:
    """Return the rows of cells; empty where one stands in two columns."""
    result: list[list[Cell]] = []
    for number, row in enumerate(rows):
        line = [Cell("")] * len(columns)
        for place, fragment in enumerate(row, start=1):
            over = _over(fragment, columns)
            if len(over) > 1 and number >= _HEADS:
                return []
            origin = number * MOST_COLUMNS + place if len(over) > 1 else 0
            for at in over:
                text = f"{line[at].text} {fragment.text}".strip()
                line[at] = Cell(text, False, origin)
        result.append(line)
    return result


def _has_figures(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether a column, but the first, has figures below its heading."""
    figures = Counter(
        at for line in rows[1:] for at, cell in enumerate(line) if at and is_figure(cell.text)
    )
    contents = Counter(at for line in rows[1:] for at, cell in enumerate(line) if cell.text)
    return any(
        count >= LEAST_ROWS - 1 and count >= _SHARE_OF_FIGURES * contents[at]
        for at, count in figures.items()
    )


def _over(fragment: Fragment, columns: Sequence[tuple[float, float]]) -> list[int]:
    """Return the columns over which a fragment stands, or the nearest one."""
    over = [
        at
        for at, (low_x, high_x) in enumerate(columns)
        if fragment.left < high_x and low_x < fragment.right
    ]
    middle = (fragment.left + fragment.right) / 2
    nearest = min(range(len(columns)), key=lambda at: abs(sum(columns[at]) / 2 - middle))
    return over or [nearest]
