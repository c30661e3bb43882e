"""Write tables as lines that can be quoted one by one.

A figure means nothing without its column and its row. So every row becomes a line that begins with
its label and names the heading of each further cell: ``Oslo | 2024: 7.5``. Where the headings
cannot be determined the cells stand as they are, with a dash for an empty one. A wrong label would
make a sentence that no article said, so headings that are not marked as such are used only where
the cells below them are of another kind.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

__all__ = ["EMPTY", "Cell", "is_figure", "row_lines", "table_lines"]

EMPTY = "–"
_MAX_HEADING_CHARS = 80
_MAX_MARKED = 3

_NOTE_MARK = r"(?:\s?(?:[*†‡§]{1,3}|\[\w{1,3}\]|\(?[a-z1-9]\)))?"
_FIGURE = re.compile(
    rf"[(~≈<>≤≥±+−–-]*\s*[$€£¥]?\s*\d[\d.,’'\s]*(?:%|[^\W\d_]{{1,3}}\.?)?\)?{_NOTE_MARK}"
)
# A year, two that belong together, or the part of one: what figures are headed by.
_PERIOD = re.compile(
    r"(?i)(?:(?:Q|H|T|K)[1-4]\W*)?(?:1[5-9]|20|21)\d\d(?:\s?[/–-]\s?\d{2,4})?\W?[ae]?"
    rf"{_NOTE_MARK}"
)
# A few words with a full stop are an abbreviation ("Gate no.").
_SENTENCE = re.compile(r"[!?]$|(?:\S+\s+){2,}\S+\.$|[.!?]\s+[A-ZÀ-Þ]")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text on one line. ``heading``: the table marks it as a heading. ``origin``: the same
    number for all the places that a merged cell covers, and 0 for a cell that covers one."""

    text: str
    heading: bool = False
    origin: int = 0


def row_lines(rows: Sequence[Sequence[str]], headings: int = 0) -> Iterator[str]:
    """Yield the lines of a table of plain cells, of which the first ``headings`` rows are
    headings."""
    cells = [[Cell(text, number < headings) for text in row] for number, row in enumerate(rows)]
    return table_lines(cells)


def table_lines(rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    """Yield the lines of a table, one a row; rows and columns without words are left out.

    rows: merged cells are repeated in all the places that they cover. A row of one cell is a title
    of the rows below.
    """
    grid = _grid(rows)
    while grid and _is_title(grid[0]):
        yield grid.pop(0)[0].text
    if _are_cards(grid):
        for figures, labels in zip(grid[::2], grid[1::2], strict=True):
            yield from (f"{f.text} {label.text}" for f, label in zip(figures, labels, strict=True))
        return
    count = _heading_rows(grid)
    names = _names(grid[:count]) if count else []
    if any(names):
        yield " | ".join(name or EMPTY for name in names)
    for row in grid[count:]:
        yield _line(row, names)


def _are_cards(grid: Sequence[Sequence[Cell]]) -> bool:
    """Whether large figures stand above what they count: "74" over "workers"."""
    if not grid or len(grid) % 2 or len(grid[0]) < 2 or any(map(_is_marked, grid)):
        return False
    if any(len(list(_distinct_cells(row))) < len(row) for row in grid):
        return False
    figures = (cell.text for row in grid[::2] for cell in row)
    labels = (cell.text for row in grid[1::2] for cell in row)
    return all(is_figure(text) and not _is_period(text) for text in figures) and all(
        _is_name(text) and not _is_period(text) for text in labels
    )


def _grid(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Make rows of equal length, without empty rows and columns."""
    width = max(map(len, rows), default=0)
    full_rows = [_pad(row, width, number) for number, row in enumerate(rows)]
    columns = [at for at in range(width) if any(row[at].text for row in full_rows)]
    grid = [[row[at] for at in columns] for row in full_rows]
    return [row for row in grid if any(cell.text for cell in row)]


def _pad(row: Sequence[Cell], width: int, number: int) -> list[Cell]:
    """Extend the row to the full width; a row of one cell spans the table."""
    if len(row) == 1:
        return [replace(row[0], origin=-1 - number)] * width
    return [*row, *[Cell("")] * (width - len(row))]


def _is_title(row: Sequence[Cell]) -> bool:
    """Whether one cell spans the whole table."""
    return len(row) > 1 and all(cell.origin and cell.origin == row[0].origin for cell in row)


def _line(row: Sequence[Cell], names: Sequence[str]) -> str:
    if _is_title(row):
        return row[0].text
    (first, _), *rest = _distinct_cells(row)
    texts = [first.text or EMPTY]
    for cell, columns in rest:
        name = ", ".join(
            dict.fromkeys(names[at] for at in columns if at < len(names) and names[at])
        )
        name = name.rstrip(" :")
        if not name or name == cell.text:
            texts.append(cell.text or EMPTY)
        elif cell.text:
            texts.append(f"{name}: {cell.text}")
    return " | ".join(texts)


def _distinct_cells(row: Sequence[Cell]) -> Iterator[tuple[Cell, list[int]]]:
    """Yield each cell of a row once, with the columns that it covers."""
    column = 0
    while column < len(row):
        cell = row[column]
        columns = [column]
        while cell.origin and column + 1 < len(row) and row[column + 1].origin == cell.origin:
            column += 1
            columns.append(column)
        yield cell, columns
        column += 1


def _names(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Return the heading of each column; several rows of headings are joined."""
    texts = [[cell.text for cell in row] for row in rows]
    if len(rows) == 2 and _spans_by_blanks(*texts):
        rows = [_spread(rows[0], rows[1]), rows[1]]
    columns = zip(*rows, strict=True)
    return [
        " ".join(dict.fromkeys(cell.text for cell in column if cell.text)) for column in columns
    ]


def _spread(first: Sequence[Cell], second: Sequence[Cell]) -> list[Cell]:
    """Repeat each heading over the blanks on its right that have headings below them."""
    row: list[Cell] = []
    for cell, below in zip(first, second, strict=True):
        row.append(row[-1] if row and below.text and not cell.text else cell)
    return row


def _spans_by_blanks(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether a row of headings stands over a second one, with blanks where a heading goes on over
    the next column, as formats without merged cells have it.

    The labels' heading has to stand in the first row. So do those of single columns then, and no
    blank is one that nothing stands over.
    """
    below = second[1:]
    if second[0] or not first[0] or not all(map(_is_name, filter(None, below))):
        return False
    over = [at for at, name in enumerate(below, start=1) if name]
    blanks = [at for at in over if not first[at]]
    # Each blank has a heading on its left that has one below it too.
    return bool(blanks) and all(first[at - 1] or at - 1 in blanks for at in blanks) and all(
        at - 1 in over for at in blanks
    )  # fmt: skip


def _heading_rows(grid: Sequence[Sequence[Cell]]) -> int:
    """Count the rows at the top that name the columns below them."""
    if not grid or len(grid[0]) < 2:
        return 0
    heads = list(itertools.takewhile(_is_marked, grid[:_MAX_MARKED]))
    if heads:
        texts = [[cell.text for cell in row] for row in grid]
        if len(heads) == 1 and len(grid) > 2 and _spans_by_blanks(texts[0], texts[1]):
            return 2
        # Where nothing is below them they are rows as any other; a single one is still a heading.
        return len(heads) if len(heads) < len(grid) else 1 if len(grid) == 1 else 0
    if any(cell.heading for row in grid for cell in row):
        # Cells that are marked, but no row of them, are labels of their rows.
        return 0
    return _unmarked_headings([[c.text for c in row] for row in grid if not _is_title(row)])


def _is_marked(row: Sequence[Cell]) -> bool:
    has_names = any(cell.text for cell in row[1:]) and not _is_title(row)
    return has_names and all(cell.heading for cell in row if cell.text)


def _unmarked_headings(rows: Sequence[Sequence[str]]) -> int:
    """Count unmarked heading rows: 1 when the first row can only be headings, 2 when these are
    divided."""
    if len(rows) > 2 and _spans_by_blanks(rows[0], rows[1]) and _are_names(rows[0]):
        return 2
    first, body = rows[0], [row for row in rows[1:] if any(row[1:])]
    heads = [cell for cell in first[1:] if cell]
    if not body or len(heads) < 0.6 * (len(first) - 1):
        return 0
    if not all(map(_is_name, heads)) or (first[0] and not _is_name(first[0])):
        return 0
    columns = [[row[at] for row in body if row[at]] for at in range(1, len(first))]
    if any(_is_period(head) and column and all(map(_is_period, column))
           for head, column in zip(first[1:], columns, strict=True)):  # fmt: skip
        return 0
    if len(first) == 2:
        is_column = not first[0] or (len(columns[0]) == len(body) > 1 and _are_alike(columns[0]))
        return int(is_column and all(map(is_figure, columns[0])))
    above_figures = any(
        head and sum(map(is_figure, column)) > len(column) / 2
        for head, column in zip(first[1:], columns, strict=True)
    )
    labels = [row[0] for row in body]
    # "Minister" over "Ada Brandt" and "Bo Castell": what names a column is said in one word.
    above_names = len(first[0].split()) == 1 and all(len(label.split()) > 1 for label in labels)
    if not above_figures and not above_names and first[0]:
        return 0
    return 2 if _is_divided(first, body) else 1


def _are_alike(figures: Sequence[str]) -> bool:
    """Whether figures are of one kind: labels and their values ("Age | 44", "Born | 1980") are no
    column."""
    units = {re.sub(r"[\d.,’'\s+−–-]", "", figure) for figure in figures}
    return len(units) == 1 and len(set(map(_is_period, figures))) == 1


def _is_divided(first: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether headings that span several columns have headings of their own below them."""
    wide = any(cell == next_cell for cell, next_cell in itertools.pairwise(first[1:]))
    below = body[0][1:]
    return wide and len(body) > 1 and all(below) and all(map(_is_name, below))


def _are_names(row: Sequence[str]) -> bool:
    return all(map(_is_name, filter(None, row)))


def _is_name(cell: str) -> bool:
    """Whether a cell may be a heading: words, no sentence, no figure (a year counts as words)."""
    if len(cell) > _MAX_HEADING_CHARS or _SENTENCE.search(cell):
        return False
    return _is_period(cell) or (not is_figure(cell) and bool(re.search(r"\w|[%€$£#№]", cell)))


def is_figure(cell: str) -> bool:
    """Whether a cell holds a figure, with its unit, and nothing else."""
    return bool(_FIGURE.fullmatch(cell))


def _is_period(cell: str) -> bool:
    return bool(_PERIOD.fullmatch(cell))
