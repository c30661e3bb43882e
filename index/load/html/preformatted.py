"""Preformatted text of a page, whose line breaks are the author's."""

from __future__ import annotations

from typing import Any

from index.load.html.tags import is_within
from index.load.plain.text_tables import write_text_tables

__all__ = ["write_preformatted"]


def write_preformatted(root: Any) -> tuple[list[str], list[str]]:
    """Replace each ``<pre>`` under ``root`` by paragraphs with line breaks; returns the rows of
    tables in them, and all other lines."""
    rows: list[str] = []
    code: list[str] = []
    for element in list(root.iter("pre")):
        if element.getparent() is None or is_within(element, {"pre"}):
            continue
        for break_ in element.iter("br"):
            break_.text = "\n"
        text = "".join(element.itertext()).strip("\n")
        if next(element.iter("code", "samp", "kbd"), None) is None:
            text, table = write_text_tables(text)
            rows += table
        tail = element.tail
        element.clear()
        element.tag, element.tail = "div", tail
        for block in filter(str.strip, text.split("\n\n")):
            paragraph = element.makeelement("p")
            lines = [line for line in block.split("\n") if line.strip()]
            _write_lines(paragraph, lines)
            code += lines
            element.append(paragraph)
    row_lines = frozenset(rows)
    return rows, [line for line in code if line not in row_lines]


def _write_lines(paragraph: Any, lines: list[str]) -> None:
    paragraph.text = lines[0]
    for line in lines[1:]:
        break_ = paragraph.makeelement("br")
        break_.tail = line
        paragraph.append(break_)
