"""Make boxes of the tables that lay out a page or a mail, so that what stands in them keeps its
place: extraction puts the cells of tables behind all else, or leaves them out."""

from __future__ import annotations

from typing import Any

from index.load.html.blocks import BLOCKS
from index.load.html.table import is_data_table
from index.load.html.tags import local_name, set_name
from index.load.rows import is_figure

__all__ = ["layout_tables", "unwrap_tables"]

_PARTS = {"table", "thead", "tbody", "tfoot", "tr", "td", "th"}
_TABLES = ("table", "{*}table")
# Words below a large figure.
_MOST_LABEL_WORDS = 12


def layout_tables(root: Any) -> list[Any]:
    """Return the tables that hold other tables or a single row, or that say they are none."""
    tables = []
    for table in root.iter(*_TABLES):
        rows = [row for row in table.iter("tr", "{*}tr") if _table_of(row) is table]
        is_nest = next(table.iterdescendants(*_TABLES), None) is not None
        is_none = table.get("role") in ("presentation", "none")
        if (is_nest or is_none or len(rows) == 1) and not is_data_table(table):
            tables.append(table)
    return tables


def unwrap_tables(tables: list[Any]) -> None:
    """Rename the parts of these tables to boxes. A figure above the words that say what it counts
    is a paragraph with them."""
    for table in reversed(tables):
        if table.getparent() is None or local_name(table) != "table":
            continue
        parts = [
            node for node in table.iter()
            if local_name(node) in _PARTS and (node is table or _table_of(node) is table)
        ]  # fmt: skip
        cells = [node for node in parts if local_name(node) in ("td", "th")]
        for node in parts:
            set_name(node, "div")
        for cell in cells:
            _join_lines(cell)
        if len(cells) == 2 and cells[0].getparent() is not cells[1].getparent():
            _join_cells(*cells)
        for box in table.iter("div", "{*}div"):
            if _text(box) and not any(local_name(node) in BLOCKS for node in box.iterdescendants()):
                set_name(box, "p")


def _table_of(node: Any) -> Any:
    """Return the table around a part of one."""
    return next((around for around in node.iterancestors() if local_name(around) == "table"), None)


def _join_lines(cell: Any) -> None:
    """Put a figure and the words in the line below it, within a cell, in one line."""
    breaks = list(cell.iter("br", "{*}br"))
    if len(breaks) != 1 or not breaks[0].tail:
        return
    words = breaks[0].tail
    whole = _text(cell)
    if _counts(whole.removesuffix(" ".join(words.split())).strip(), words):
        set_name(breaks[0], "span")
        breaks[0].tail = f" {words.lstrip()}"


def _join_cells(first: Any, second: Any) -> None:
    """Put a figure and the words in the cell below it in one paragraph."""
    figure, words = _text(first), _text(second)
    if _counts(figure, words):
        for cell in (first, second):
            tail = cell.tail
            cell.clear()
            cell.tail = tail
        set_name(first, "p")
        first.text = f"{figure} {words}"


def _counts(figure: str, words: str) -> bool:
    """Whether words go on behind a figure: what there are so many of."""
    is_short = 0 < len(words.split()) <= _MOST_LABEL_WORDS
    return is_figure(figure) and is_short and words.strip()[:1].islower()


def _text(element: Any) -> str:
    return " ".join(element.xpath("string()").split())
