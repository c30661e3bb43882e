"""Read tables of plain text that are drawn with plus signs, bars and dashes, as Pandoc and
reStructuredText have them: rules part all rows, a cell may have several lines, and may stand over
several rows or columns."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from index.load.rows import Cell

__all__ = ["grid_cells"]

_RULES = frozenset("-=:")
_DRAWING = frozenset("-=:+| ")
_MOST_COLUMNS, _MOST_LINES = 30, 2_000
Place = tuple[int, int]


def grid_cells(lines: Sequence[str]) -> list[list[Cell]]:
    """Return the rows of cells of a grid, merged ones in all the places that they cover.

    Empty where the lines are no grid, or one in which a rule may stand below the headings alone, as
    databases draw it.
    """
    lines = [line.strip() for line in lines[: _MOST_LINES + 1]]
    if len(lines) > _MOST_LINES or len(set(map(len, lines))) > 1:
        return []
    edges = _edges(lines)
    columns = list(itertools.pairwise(edges))
    rules = [at for at, line in enumerate(lines) if any(_is_rule(line, edge) for edge in columns)]
    if not 1 < len(columns) <= _MOST_COLUMNS or rules[:1] != [0] or rules[-1] != len(lines) - 1:
        return []
    head = next((at for at in rules[1:-1] if "=" in lines[at]), 0)
    if len(rules) < 4 and not head:
        return []
    bands = [(start, end) for start, end in itertools.pairwise(rules) if end > start + 1]
    cells: dict[Place, Cell] = {}
    for number, places in enumerate(_merged(lines, columns, bands), start=1):
        rows, at = [row for row, _ in places], [column for _, column in places]
        first, last = bands[min(rows)][0] + 1, bands[max(rows)][1]
        left, right = columns[min(at)][0] + 1, columns[max(at)][1]
        pieces = (line[left:right] for line in lines[first:last])
        text = " ".join(piece.strip() for piece in pieces if not set(piece) <= _DRAWING)
        cell = Cell(
            text.replace("\\|", "|").strip(),
            heading=bands[max(rows)][1] <= head,
            origin=number if len(places) > 1 else 0,
        )
        cells |= dict.fromkeys(places, cell)
    return [[cells[row, at] for at in range(len(columns))] for row in range(len(bands))]


def _edges(lines: Sequence[str]) -> list[int]:
    """Return where columns begin and end: at plus signs between dashes and bars."""
    edges: set[int] = set()
    for above, line, below in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        for at, char in enumerate(line):
            if char == "+" and at not in edges:
                beside = line[max(0, at - 1) : at] + line[at + 1 : at + 2]
                around = above[at : at + 1] + below[at : at + 1]
                if set(beside) & _RULES and set(around) & set("|+"):
                    edges.add(at)
    return sorted(edges)


def _is_rule(line: str, column: Place) -> bool:
    inside = line[column[0] + 1 : column[1]]
    return bool(inside) and set(inside) <= _RULES


def _merged(
    lines: Sequence[str], columns: Sequence[Place], bands: Sequence[Place]
) -> Iterator[list[Place]]:
    """Yield the places of each cell, as numbers of row and column."""
    waiting = set(itertools.product(range(len(bands)), range(len(columns))))
    for place in sorted(waiting):
        if place not in waiting:
            continue
        row, column = place
        wide, high = column, row
        while wide + 1 < len(columns) and _goes_right(lines, bands[row], columns[wide][1]):
            wide += 1
        while high + 1 < len(bands) and not _is_rule(lines[bands[high][1]], columns[column]):
            high += 1
        cell = set(itertools.product(range(row, high + 1), range(column, wide + 1))) & waiting
        waiting -= cell
        yield sorted(cell)


def _goes_right(lines: Sequence[str], band: Place, edge: int) -> bool:
    """Whether no bar stands at the edge of a column in any line of a row."""
    return all(line[edge] not in "|+" for line in lines[band[0] + 1 : band[1]])
