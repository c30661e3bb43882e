"""Find the tables of a page that hold data, and their cells; :mod:`index.load.rows` makes lines of
them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from index.load.html.tags import is_within, local_name, set_name, tag_like
from index.load.rows import Cell, table_lines
from index.text.scripts import reads_as_sentence

__all__ = ["definition_line", "grid_of", "is_data_table", "write_definitions",
           "write_tables"]  # fmt: skip

_MOST_COLUMNS = 60
_MAX_SPAN = 1000
_MAX_CELL_CHARS = 400
_LEAST_LINKS = 3
_CELLS = {"td", "th", "cell"}
_ROWS = {"tr", "row"}
_SECTIONS = {"thead", "tbody", "tfoot"}
_CELL_BLOCKS = {"br", "p", "div", "ul", "ol"}
# In the place of the ends of items and of other blocks while a cell is put together.
_ITEM, _BLOCK = "\ue000", "\ue001"
_EDGES = re.compile(rf"\A[\s{_ITEM}{_BLOCK}]+|[\s{_ITEM}{_BLOCK}]+\Z")
_ENDS = re.compile(rf"\s*[{_ITEM}{_BLOCK}][\s{_ITEM}{_BLOCK}]*")
# Elements of any name that are parts of a table by their role.
_ROLES = {
    "table": "table", "grid": "table", "treegrid": "table", "rowgroup": "tbody", "row": "tr",
    "columnheader": "th", "rowheader": "th", "cell": "td", "gridcell": "td",
}  # fmt: skip


def grid_of(table: Any, text: Callable[[Any], str]) -> list[list[Cell]]:
    """Return the grid of an HTML table, with merged cells repeated in the places that they cover.

    text: returns the text of a cell, on one line. Tables inside cells are part of the cell.
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
    return [[row.get(at, Cell("")) for at in range(max(row) + 1)] for row in rows if row]


def _rows(table: Any) -> Iterator[Any]:
    """Yield the rows of a table; the rows of ``tfoot`` last, wherever they are written."""
    parts = [child for child in table if local_name(child) in (*_ROWS, *_SECTIONS)]
    for child in sorted(parts, key=lambda part: local_name(part) == "tfoot"):
        if local_name(child) in _ROWS:
            yield child
        else:
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
    """Whether a table holds data (rows of short cells) and is not the page's layout."""
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


def _lays_out_page(table: Any) -> bool:
    """Whether a table without headings has a cell of paragraphs and one that is a menu: the columns
    of an old page."""
    if next(table.iter("th", "{*}th", "caption"), None) is not None:
        return False
    cells = [[node for node in row if local_name(node) in _CELLS] for row in _rows(table)]
    has_menu = any(_count_links(cell) >= _LEAST_LINKS for line in cells for cell in line)
    paragraphs = (cell.iter("p", "{*}p") for line in cells for cell in line)
    return has_menu and any(
        sum(reads_as_sentence(" ".join("".join(p.itertext()).split())) for p in cell) >= 2
        for cell in paragraphs
    )


def _write_columns(table: Any) -> None:
    """Turn the parts of a table that lays out a page into boxes, and its menus into menus."""
    for row in list(_rows(table)):
        for cell in row:
            is_menu = local_name(cell) in _CELLS and _count_links(cell) >= _LEAST_LINKS
            set_name(cell, "nav" if is_menu else "div")
        set_name(row, "div")
    for part in table:
        if local_name(part) in _SECTIONS:
            set_name(part, "div")
    set_name(table, "div")


def _count_links(cell: Any) -> int:
    """Count the links of a cell that has nothing else; 0 for any other."""
    links = list(cell.iter("a", "{*}a"))
    texts = ("".join("".join(node.itertext()).split()) for node in (cell, *links))
    whole, *linked = map(len, texts)
    return len(links) if whole == sum(linked) else 0


def write_tables(root: Any) -> list[str]:
    """Replace each data table under ``root`` by a paragraph for each row, so that nothing that
    reads the tree has to handle tables; returns the rows that were written."""
    _name_by_role(root)
    lines: list[str] = []
    for table in list(root.iter("{*}table", "table")):
        if table.getparent() is None or not is_data_table(table):
            continue
        if _lays_out_page(table):
            _write_columns(table)
            continue
        captions = [_cell_text(child) for child in table if local_name(child) == "caption"]
        rows = list(table_lines(grid_of(table, _cell_text)))
        around = table.getparent()
        if local_name(around) == "figure":
            set_name(around, "div")
        tail = table.tail
        table.clear()
        set_name(table, "div")
        table.tail = tail
        for row in [*filter(None, captions), *rows]:
            paragraph = table.makeelement(tag_like(table, "p"))
            paragraph.text = row
            table.append(paragraph)
        lines += rows
    return lines


def _name_by_role(root: Any) -> None:
    """Rename elements that are parts of a table by their role to the element of that part."""
    for table in [node for node in root.iter() if _ROLES.get(_role(node)) == "table"]:
        if local_name(table) == "table":
            continue
        set_name(table, "table")
        for node in table.iterdescendants():
            if (name := _ROLES.get(_role(node), "table")) != "table":
                set_name(node, name)


def _role(element: Any) -> str:
    return (element.get("role") or "").lower() if local_name(element) else ""


def write_definitions(root: Any) -> None:
    """Replace each short pair of a definition list by a paragraph ``TERM: MEANING``."""
    for group in list(root.iter("{*}dl", "dl")):
        pairs = list(_pairs(group))
        if not pairs or any(len(meaning) > _MAX_CELL_CHARS for _, meaning in pairs):
            continue
        tail = group.tail
        group.clear()
        group.tag, group.tail = tag_like(group, "div"), tail
        for term, meaning in pairs:
            paragraph = group.makeelement(tag_like(group, "p"))
            paragraph.text = definition_line(term, meaning)
            group.append(paragraph)


def definition_line(term: str, meaning: str) -> str:
    """Write a term and its meaning on one line; what is empty is left out."""
    if not term or not meaning:
        return term or meaning
    return f"{term} {meaning}" if term[-1] in "?!.…？！" else f"{term.rstrip(': ')}: {meaning}"


def _pairs(group: Any) -> Iterator[tuple[str, str]]:
    """Yield the terms and their meanings; those without the other too."""
    terms: list[str] = []
    meanings: list[str] = []
    for item in group.iter("{*}dt", "{*}dd", "dt", "dd"):
        if local_name(item) == "dt":
            if meanings:
                yield ", ".join(terms), "; ".join(meanings)
                terms, meanings = [], []
            terms += filter(None, [_cell_text(item)])
        else:
            meanings += filter(None, [_cell_text(item)])
    if terms or meanings:
        yield ", ".join(terms), "; ".join(meanings)


def _cell_text(cell: Any) -> str:
    """Return the text of a cell on one line: a space between its blocks, but a semicolon between
    items and between figures. A picture counts by its alternative text, where a cell has nothing
    else."""
    text = _EDGES.sub("", "".join(_pieces(cell)))
    text = _ENDS.sub(lambda match: "; " if _ITEM in match[0] else _BLOCK, text)
    text = re.sub(rf"(?<=\d){_BLOCK}(?=[$€£¥+−-]?\d)", "; ", text)
    if text := " ".join(text.replace(_BLOCK, " ").split()):
        return text
    pictures = (image.get("alt") or "" for image in cell.iter("{*}img", "img"))
    return " ".join(" ".join(pictures).split())


def _pieces(node: Any) -> Iterator[str]:
    """Yield the characters of a cell, with marks where items and other blocks begin and end."""
    name = local_name(node)
    if name and name not in ("script", "style"):
        mark = _ITEM if name == "li" else _BLOCK if name in _CELL_BLOCKS else ""
        yield f"{mark}{node.text or ''}"
        for child in node:
            yield from _pieces(child)
            yield child.tail or ""
        yield mark
