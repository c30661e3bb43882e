"""Tables as lines that can be quoted one by one.

A figure means nothing without its column and its row. So every row is a line of its own that begins
with its label and names the heading of each further cell: ``Oslo | 2024: 7.5``. Where no headings
can be told the cells stand as they are, and an empty one keeps its place as a dash.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

__all__ = ["row_lines"]

EMPTY = "–"
_MAX_HEADING_CHARS = 80

_FIGURE = re.compile(r"[(~≈<>≤≥±+−–-]*\s*[$€£¥]?\s*\d[\d.,’'\s]*(?:%|[^\W\d_]{1,3}\.?)?\)?")
# A year, two that belong together, or the part of one: what figures are headed by.
_PERIOD = re.compile(
    r"(?i)(?:(?:Q|H|T|K)[1-4]\W*)?(?:1[5-9]|20|21)\d\d(?:\s?[/–-]\s?\d{2,4})?\W?[ae]?"
)
_SENTENCE = re.compile(r"[.!?]$|[.!?]\s+[A-ZÀ-Þ]")


def row_lines(rows: Sequence[Sequence[str]], headings: int | None = None) -> Iterator[str]:
    """The lines of a table, one a row; rows without any words are left out.

    ``rows``: the text of each cell, on one line, what is merged repeated in all that it covers. A
    row of a single cell goes across the table. ``headings``: how many rows at the top are headings;
    ``None``: none or the first, as its cells and those below look.
    """
    grid = [list(row) for row in rows if any(row)]
    count = _heading_rows(grid) if headings is None else min(headings, len(grid))
    names = _names([row for row in grid[:count] if len(row) > 1])
    if names:
        yield _plain(names)
    else:
        count = 0
    for row in grid[count:]:
        yield _label_cells(row, names) if names and len(row) > 1 else _plain(row)


def _plain(row: Sequence[str]) -> str:
    return " | ".join(cell or EMPTY for cell in row)


def _label_cells(row: Sequence[str], names: Sequence[str]) -> str:
    cells = [row[0] or EMPTY]
    for at, cell in enumerate(row[1:], start=1):
        name = names[at].rstrip(" :") if at < len(names) else ""
        if not name or name == cell:
            cells.append(cell or EMPTY)
        elif cell:
            cells.append(f"{name}: {cell}")
    return " | ".join(cells)


def _names(rows: Sequence[Sequence[str]]) -> list[str]:
    """The heading of each column: of several rows of headings the words of all of them."""
    width = max((len(row) for row in rows), default=0)
    columns = ([row[at] for row in rows if at < len(row)] for at in range(width))
    return [" ".join(dict.fromkeys(filter(None, column))) for column in columns]


def _heading_rows(rows: Sequence[Sequence[str]]) -> int:
    """1 when the first row is one of headings, 2 when they are divided. Two columns may as well be
    names and what belongs to them, so there the column below has to be of another kind."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return 0
    first = rows[0]
    body = [row for row in rows[1:] if len(row) > 1]
    heads = [cell for cell in first[1:] if cell]
    if (
        not body
        or len(heads) < 0.6 * (len(first) - 1)
        or not all(map(_is_name, [first[0], *heads]))
    ):
        return 0
    above_figures = False
    for at in range(1, len(first)):
        column = [row[at] for row in body if at < len(row) and row[at]]
        periods = sum(bool(_PERIOD.fullmatch(cell)) for cell in column)
        if first[at] and _PERIOD.fullmatch(first[at]) and column and periods == len(column):
            return 0
        figures = sum(bool(_FIGURE.fullmatch(cell)) for cell in column)
        above_figures |= bool(first[at]) and figures > len(column) / 2
    if not above_figures and len(first) == 2:
        return 0
    return 2 if _is_divided(first, body) else 1


def _is_divided(first: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether headings that go over several columns have headings of their own below them."""
    wide = any(cell == next_cell for cell, next_cell in itertools.pairwise(first[1:]))
    below = body[0][1:]
    return wide and len(body) > 1 and all(below) and all(map(_is_name, below))


def _is_name(cell: str) -> bool:
    """Whether a cell may be a heading: short, no sentence, no figure (a year is none)."""
    if len(cell) > _MAX_HEADING_CHARS or _SENTENCE.search(cell):
        return False
    return bool(_PERIOD.fullmatch(cell)) or not _FIGURE.fullmatch(cell)
