"""Count the items of a Word document's lists: the file has rules of counting, no numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from index.load.docx.formatting import W

__all__ = ["BULLET", "Lists"]

BULLET = "-"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
          (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_FORMATS = ("decimal", "decimalZero", "lowerLetter", "upperLetter", "lowerRoman", "upperRoman")
# No list that is read goes on for longer in letters or Roman numerals.
_MOST = 3_999
# A file may state any number and any pattern; what is longer is none.
_MOST_DIGITS, _MOST_PATTERN = 9, 60
_BASES = 20


@dataclass(frozen=True, slots=True)
class _Level:
    """How the items of a depth are numbered: ``pattern`` is ``%1.%2`` or the like."""

    start: int
    kind: str
    pattern: str
    style: str


@dataclass
class _Kind:
    """Lists that are counted together. ``counts``: by depth, from 0."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


class Lists:
    """Gives each item of a document's lists its mark.

    ``numbering`` and ``styles``: the roots of ``numbering.xml`` and ``styles.xml``, if any. Marks
    are counted as they are asked for, once each, so paragraphs have to come in their order.
    """

    def __init__(self, numbering: Any = None, styles: Any = None) -> None:
        kinds = {
            _value(node, "abstractNumId"): _Kind(dict(_levels(node)))
            for node in _all(numbering, "abstractNum")
        }
        self._lists: dict[str, tuple[_Kind, dict[int, int]]] = {}
        for node in _all(numbering, "num"):
            kind = kinds.get(_value(node.find(f"{W}abstractNumId")))
            if kind is not None:
                self._lists[_value(node, "numId")] = kind, dict(_restarts(node))
        self._styles = {_value(node, "styleId"): node for node in _all(styles, "style")}
        self._marks: dict[Any, str] = {}

    def mark(self, paragraph: Any) -> str:
        """Return what stands before an item: ``2.``, ``b)`` or a dash; empty for other
        paragraphs."""
        if paragraph not in self._marks:
            self._marks[paragraph] = self._count(paragraph)
        return self._marks[paragraph]

    def _count(self, paragraph: Any) -> str:
        number, depth, style = self._place(paragraph.find(f"{W}pPr"))
        if not number and paragraph.find(f"{W}pPr/{W}numPr") is not None:
            return BULLET
        if not number or number == "0":
            return ""
        if number not in self._lists:
            return BULLET
        kind, restarts = self._lists[number]
        if depth is None:
            depth = next((n for n, level in kind.levels.items() if level.style == style), 0)
        if (level := kind.levels.get(depth)) is None:
            return BULLET
        counts = kind.counts
        start = restarts.pop(depth, None)
        before = counts.get(depth, level.start - 1) if start is None else start - 1
        kind.counts = {n: count for n, count in counts.items() if n < depth} | {depth: before + 1}
        if level.kind not in _FORMATS:
            # An item's further paragraphs are items without a sign, as Pandoc writes them.
            return BULLET if level.kind == "none" or level.pattern.strip() else ""
        return re.sub(r"%([1-9])", lambda match: _number(kind, int(match[1]) - 1), level.pattern)

    def _place(self, properties: Any) -> tuple[str, int | None, str]:
        """Return the number of the list that a paragraph or its style belongs to, its depth if it
        is stated, and the style that does."""
        depth: int | None = None
        style, base = "", "" if properties is None else _value(properties.find(f"{W}pStyle"))
        for _ in range(_BASES):
            place = None if properties is None else properties.find(f"{W}numPr")
            if place is not None:
                level = _value(place.find(f"{W}ilvl"))
                depth = _whole_number(level) if depth is None else depth
                if number := _value(place.find(f"{W}numId")):
                    return number, depth, style
            if (node := self._styles.get(base)) is None:
                break
            style, base = base, _value(node.find(f"{W}basedOn"))
            properties = node.find(f"{W}pPr")
        return "", None, ""


def _number(kind: _Kind, depth: int) -> str:
    if (level := kind.levels.get(depth)) is None:
        return ""
    count = kind.counts.get(depth, level.start)
    match level.kind:
        case "lowerLetter" | "upperLetter" if 0 < count <= _MOST:
            text = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        case "lowerRoman" | "upperRoman" if 0 < count <= _MOST:
            text = _roman(count)
        case "decimalZero":
            text = f"{count:02}"
        case _:
            text = str(count)
    return text.upper() if level.kind.startswith("upper") else text


def _roman(count: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (count // value)
        count %= value
    return text


def _levels(node: Any) -> Iterator[tuple[int, _Level]]:
    for level in _all(node, "lvl"):
        depth = _whole_number(_value(level, "ilvl"))
        start = _whole_number(_value(level.find(f"{W}start")))
        pattern = _value(level.find(f"{W}lvlText"))
        if depth is not None:
            yield (
                depth,
                _Level(
                    1 if start is None else start,
                    _value(level.find(f"{W}numFmt")) or "decimal",
                    pattern if len(pattern) <= _MOST_PATTERN else "",
                    _value(level.find(f"{W}pStyle")),
                ),
            )


def _restarts(node: Any) -> Iterator[tuple[int, int]]:
    for override in _all(node, "lvlOverride"):
        depth = _whole_number(_value(override, "ilvl"))
        start = _whole_number(_value(override.find(f"{W}startOverride")))
        if depth is not None and start is not None:
            yield depth, start


def _whole_number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else None


def _all(root: Any, name: str) -> list[Any]:
    return [] if root is None else root.findall(f"{W}{name}")


def _value(element: Any, name: str = "val") -> str:
    return "" if element is None else str(element.get(f"{W}{name}", ""))
