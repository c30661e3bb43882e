"""Extract the text of a tree of elements, block by block.

Understands HTML's element names and those of trafilatura's own tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from index.load.html.table import grid_of, is_data_table
from index.load.rows import table_lines

__all__ = ["BLOCKS", "OWN_MARK", "SILENT", "blocks", "one_line", "own_text"]

# Of an item whose mark is written.
OWN_MARK = re.compile(r"(?:[-–—•*·▪]|\(?(?:\d{1,3}|[a-zA-Z])[.)])\s")

_ITEMS = {"item", "li"}
_ROWS = {"row", "tr"}
_VERBATIM = {"code", "pre"}
BLOCKS = _ITEMS | _ROWS | {
    *("p", "head", "list", "quote", "table", "div", "body", "blockquote", "ul", "ol", "dl", "dt"),
    *("dd", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer", "main"),
    *("aside", "figure", "figcaption", "tbody", "thead", "tfoot", "caption", "address", "hr"),
    *("pre", "center", "details", "summary", "hgroup", "form", "fieldset"),
}  # fmt: skip
_BREAKS = {"lb", "br"}
SILENT = {
    *("graphic", "script", "style", "title", "template", "noscript", "svg", "math", "nav"),
    *("img", "audio", "video", "object", "iframe", "button", "select", "input", "rt", "rp"),
}


def blocks(element: Any) -> Iterator[str]:
    """Yield paragraphs, headings, list items (with ``- ``) and table rows (cells separated by `` |
    ``)."""
    tag = _tag(element)
    if tag in _VERBATIM and (tag == "pre" or "\n" in (element.text or "")):
        yield "".join(element.itertext()).strip("\n")
        return
    if tag == "table":
        yield from _table(element)
        return
    if tag in _ROWS:
        yield from _row(element)
        return
    texts = _inside(element)
    if tag in _ITEMS and (first := next(texts, "")):
        yield first if OWN_MARK.match(first) else f"- {first}"
    yield from texts


def one_line(text: str) -> str:
    """Collapse white space to single spaces."""
    return " ".join(text.split())


def _table(element: Any) -> Iterator[str]:
    if not is_data_table(element):
        yield from _inside(element)
        return
    for caption in element.iterchildren("{*}caption"):
        yield from _inside(caption)
    yield from table_lines(grid_of(element, lambda cell: one_line(" ".join(_inside(cell)))))


def _row(element: Any) -> Iterator[str]:
    """Yield the cells of a table that lays out a page; joined where each is one line."""
    cells = [list(_inside(cell)) for cell in element if _tag(cell)]
    if all(len(cell) < 2 for cell in cells):
        yield " | ".join(one_line(line) for cell in cells for line in cell)
        return
    for cell in cells:
        yield from cell


def _inside(element: Any) -> Iterator[str]:
    line = _flow(element.text)
    for child in element:
        tag = _tag(child)
        if tag in BLOCKS or (tag == "code" and "\n" in (child.text or "")):
            yield from _lines(line)
            yield from filter(None, blocks(child))
            line = ""
        elif tag in _BREAKS:
            line += "\n"
        elif tag and (tag not in SILENT):
            line += _inline(child)
        line += _flow(child.tail)
    yield from _lines(line)


def _inline(element: Any) -> str:
    # Blocks may stand inside inline elements: <a><p>..</p></a>.
    if _holds_block(element):
        return "\n".join(_inside(element))
    line = _flow(element.text)
    for child in element:
        tag = _tag(child)
        line += "\n" if tag in _BREAKS else "" if tag in SILENT or not tag else _inline(child)
        line += _flow(child.tail)
    return line


def own_text(element: Any) -> str:
    """Return the text of a block without that of the blocks inside it, in lines."""
    line = _flow(element.text)
    for child in element:
        tag = _tag(child)
        if tag in _BREAKS or tag in BLOCKS:
            line += "\n"
        elif tag and tag not in SILENT:
            line += own_text(child) if _holds_block(child) else _inline(child)
        line += _flow(child.tail)
    return next(_lines(line), "")


def _holds_block(element: Any) -> bool:
    return any(_tag(descendant) in BLOCKS for descendant in element.iterdescendants())


def _tag(element: Any) -> str:
    # Comments and processing instructions have a function for a tag.
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _flow(text: str | None) -> str:
    # The mark-up's own line breaks are spaces; only <br> breaks a line.
    return re.sub(r"\s+", " ", text or "")


def _lines(text: str) -> Iterator[str]:
    lines = (one_line(line) for line in text.split("\n"))
    if joined_text := "\n".join(filter(None, lines)):
        yield joined_text
