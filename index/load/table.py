"""Tables as lines: each row with its label and, cell by cell, the heading that it stands under.

A row is quoted by itself, so it has to say what its figures are: ``Oslo | 2024: 7.5``. An empty
cell is left out where its neighbours are named by their headings, and is a dash where they are not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index.load.tags import is_within, local_name

__all__ = [
    "EMPTY",
    "Cell",
    "grid_of",
    "is_data_table",
    "lines_of",
    "write_definitions",
    "write_tables",
]

EMPTY = "–"
_MOST_COLUMNS = 60
_MAX_SPAN = 1000
_MAX_CELL_CHARS = 400
_NUMERIC = re.compile(r"[^\w]*[\d.,:/%‰ +−–-]*\d[\d.,:/%‰ +−–-]*(?:\w{0,3}\W*)?")
_CELLS = {"td", "th", "cell"}
_ROWS = {"tr", "row"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text on one line. ``heading``: the table says that it names others. ``origin``:
    the same for all the places that a merged cell covers."""

    text: str
    heading: bool = False
    origin: int = 0


def lines_of(grid: Sequence[Sequence[Cell]]) -> Iterator[str]:
    """The rows of a table as lines, its heading row (if it has one) first.

    ``grid``: rows of equal length, each place that a merged cell covers filled with it.
    """
    grid = _without_empty_columns(grid)
    if not grid:
        return
    count = _heading_rows(grid)
    headings = [_heading(grid[:count], column) for column in range(len(grid[0]))]
    if count:
        yield " | ".join(heading or EMPTY for heading in headings)
    for row in grid[count:]:
        if any(cell.text for cell in row):
            yield _line(row, headings if count else [])


def _line(row: Sequence[Cell], headings: Sequence[str]) -> str:
    parts = list(_distinct_cells(row))
    if len(parts) == 1 or not any(cell.text for cell, _ in parts[1:]):
        return parts[0][0].text or EMPTY
    if not headings:
        return " | ".join(cell.text or EMPTY for cell, _ in parts)
    texts = [parts[0][0].text or EMPTY]
    for cell, columns in parts[1:]:
        names = list(dict.fromkeys(headings[column] for column in columns if headings[column]))
        if cell.text and names:
            texts.append(f"{', '.join(names)}: {cell.text}")
        elif not names:
            texts.append(cell.text or EMPTY)
    return " | ".join(texts)


def _distinct_cells(row: Sequence[Cell]) -> Iterator[tuple[Cell, list[int]]]:
    """Each cell of a row once, with the columns that it covers."""
    column = 0
    while column < len(row):
        cell = row[column]
        columns = [column]
        while cell.origin and column + 1 < len(row) and row[column + 1].origin == cell.origin:
            column += 1
            columns.append(column)
        yield cell, columns
        column += 1


def _heading_rows(grid: Sequence[Sequence[Cell]]) -> int:
    """How many rows at the top name the columns."""
    count = 0
    for row in grid[:3]:
        cells = [cell for cell in row if cell.text]
        # A row of one cell is a title over the table or a part of it.
        if not cells or not all(cell.heading for cell in cells):
            break
        count += 1
    if count >= len(grid) or len(grid[0]) < 2:
        return 0
    if not count and not any(cell.heading for row in grid for cell in row[1:]):
        return int(_looks_headed(grid))
    return count


def _looks_headed(grid: Sequence[Sequence[Cell]]) -> bool:
    """Whether a first row of plain cells can only be a heading: words over columns of figures."""
    first, rest = grid[0], grid[1:]
    if len(rest) < 2 or not all(cell.text for cell in first[1:]):
        return False
    if any(re.search(r"\d", cell.text) for cell in first):
        return False
    figures = [
        all(_NUMERIC.fullmatch(row[column].text) for row in rest if row[column].text)
        and any(row[column].text for row in rest)
        for column in range(1, len(first))
    ]
    return all(figures) and bool(figures)


def _heading(rows: Sequence[Sequence[Cell]], column: int) -> str:
    return " ".join(dict.fromkeys(row[column].text for row in rows if row[column].text))


def _without_empty_columns(grid: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    if not grid:
        return []
    columns = [column for column in range(len(grid[0])) if any(row[column].text for row in grid)]
    rows = [[row[column] for column in columns] for row in grid]
    return [row for row in rows if row and any(cell.text for cell in row)]


def grid_of(table: Any, text: Callable[[Any], str]) -> list[list[Cell]]:
    """The grid of an HTML table, merged cells spread over the places that they cover.

    ``text``: the text of a cell, on one line. Tables inside cells are part of the cell.
    """
    rows: list[dict[int, Cell]] = []
    below: dict[int, tuple[Cell, int]] = {}
    for number, element in enumerate(_rows(table)):
        row = {column: cell for column, (cell, rows_left) in below.items() if rows_left > 0}
        below = {
            column: (cell, rows_left - 1)
            for column, (cell, rows_left) in below.items()
            if rows_left > 1
        }
        column = 0
        for place, node in enumerate(node for node in element if local_name(node) in _CELLS):
            while column in row:
                column += 1
            cell = Cell(text(node), _is_heading(node), number * _MOST_COLUMNS + place + 1)
            for _ in range(_span(node, "colspan")):
                if column >= _MOST_COLUMNS or column in row:
                    break
                row[column] = cell
                if (down := _span(node, "rowspan") - 1) > 0:
                    below[column] = (cell, down)
                column += 1
        rows.append(row)
    width = max((max(row, default=-1) + 1 for row in rows), default=0)
    return [[row.get(column, Cell("")) for column in range(width)] for row in rows if row]


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        name = local_name(child)
        if name in _ROWS:
            yield child
        elif name in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if local_name(row) in _ROWS)


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return min(int(value), _MAX_SPAN) if value.isdecimal() and int(value) > 0 else 1


def _is_heading(cell: Any) -> bool:
    if local_name(cell) == "th" or cell.get("role") in ("head", "columnheader"):
        return True
    if is_within(cell, {"thead"}):
        return True
    only = list(cell)
    bold = len(only) == 1 and local_name(only[0]) in ("b", "strong")
    return bold and not (cell.text or "").strip() and not (only[0].tail or "").strip()


def is_data_table(table: Any) -> bool:
    """Whether a table holds data: rows of short cells, and not the page's own layout."""
    if table.get("role") in ("presentation", "none"):
        return False
    rows = list(_rows(table))
    cells = [node for row in rows for node in row if local_name(node) in _CELLS]
    if len(rows) < 2 or len(cells) < 4 or max(len(row) for row in rows) < 2:
        return False
    if any(local_name(node) in ("table", "form", "article") for node in table.iterdescendants()):
        return False
    texts = [" ".join("".join(cell.itertext()).split()) for cell in cells]
    if any(len(text) > _MAX_CELL_CHARS for text in texts):
        return False
    link_chars = sum(len("".join(link.itertext())) for link in table.iterdescendants("{*}a"))
    return link_chars <= 0.7 * max(1, sum(map(len, texts)))


def write_tables(root: Any) -> None:
    """Put a paragraph a row in the place of each table of data under ``root``, so that nothing
    that reads the tree has to know tables."""
    for table in list(root.iter("table")):
        if table.getparent() is None or not is_data_table(table):
            continue
        captions = [_cell_text(child) for child in table if local_name(child) == "caption"]
        rows = [*filter(None, captions), *lines_of(grid_of(table, _cell_text))]
        around = table.getparent()
        if local_name(around) == "figure":
            around.tag = "div"
        tail = table.tail
        table.clear()
        table.tag, table.tail = "div", tail
        for row in rows:
            paragraph = table.makeelement("p")
            paragraph.text = row
            table.append(paragraph)


def write_definitions(root: Any) -> None:
    """Put a paragraph ``TERM: MEANING`` in the place of each short pair of a definition list."""
    for group in list(root.iter("dl")):
        pairs = list(_pairs(group))
        if not pairs or any(len(meaning) > _MAX_CELL_CHARS for _, meaning in pairs):
            continue
        tail = group.tail
        group.clear()
        group.tag, group.tail = "div", tail
        for term, meaning in pairs:
            paragraph = group.makeelement("p")
            paragraph.text = f"{term.rstrip(':')}: {meaning}"
            group.append(paragraph)


def _pairs(group: Any) -> Iterator[tuple[str, str]]:
    term, meanings = "", []
    for item in group.iter("dt", "dd"):
        if local_name(item) == "dd":
            meanings.append(_cell_text(item))
            continue
        if term and meanings:
            yield term, "; ".join(filter(None, meanings))
        term, meanings = _cell_text(item), []
    if term and meanings:
        yield term, "; ".join(filter(None, meanings))


def _cell_text(cell: Any) -> str:
    """The text of a cell on one line, a space between its blocks."""
    parts: list[str] = []
    for node in cell.iter():
        name = local_name(node)
        if name in ("script", "style"):
            continue
        if name in ("br", "p", "div", "li", "ul", "ol"):
            parts.append(" ")
        parts.append(node.text or "" if name else "")
        if node is not cell:
            parts.append(node.tail or "")
    return " ".join("".join(parts).split())
