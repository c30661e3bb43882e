"""Formatting of characters in a Word document: hidden, struck out, raised or lowered.

The formatting is stated by a run of characters itself, by the style of the run or of its paragraph,
or by a style that one of these is based on. The nearest statement counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Self

__all__ = ["Look", "Looks", "W", "is_bold", "is_large"]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = {"0", "false", "off", "none"}
_BASES = 20
_TINY = 2
# Half points: larger than people write what is no heading.
_LARGE = 28
# Letters that nobody tells from the paper.
_WHITE = re.compile(r"f[a-f]f[a-f]f[a-f]")


@dataclass(frozen=True, slots=True)
class Look:
    """The formatting of characters. ``height``: 1 for raised
    characters, -1 for lowered. ``on_colour``: there is, or may be, a colour behind them."""

    is_hidden: bool = False
    is_struck: bool = False
    height: int = 0
    is_tiny: bool = False
    is_white: bool = False
    on_colour: bool = False

    @property
    def absence(self) -> str:
        """Why nobody reads the characters; empty for those that somebody does."""
        if self.is_struck:
            return "struck out"
        is_on_paper = self.is_white and not self.on_colour
        return "hidden" if self.is_hidden or self.is_tiny or is_on_paper else ""

    def with_properties(self, properties: Any) -> Self:
        """Apply the properties of a ``w:rPr`` element; ``None`` changes nothing."""
        look = self
        for element in properties if properties is not None else ():
            value = str(element.get(f"{W}val", "")).lower()
            match element.tag.removeprefix(W):
                case "vanish":
                    look = replace(look, is_hidden=value not in _OFF)
                case "sz" if value.isdecimal():
                    # Half points: nobody reads what is smaller than two of them.
                    look = replace(look, is_tiny=int(value) <= _TINY)
                case "color":
                    look = replace(look, is_white=bool(_WHITE.fullmatch(value)))
                case "highlight":
                    look = replace(look, on_colour=value not in (*_OFF, "white"))
                case "shd":
                    look = look.over(element)
                case "strike" | "dstrike":
                    look = replace(look, is_struck=value not in _OFF)
                case "position" if value.lstrip("-").isdecimal():
                    look = replace(look, height=(int(value) > 0) - (int(value) < 0))
                case "vertAlign":
                    look = replace(look, height={"superscript": 1, "subscript": -1}.get(value, 0))
        return look

    def over(self, shading: Any) -> Self:
        """Return the formatting on the ground of a ``w:shd`` element; ``None`` changes nothing."""
        fill = "auto" if shading is None else str(shading.get(f"{W}fill", "auto")).lower()
        return self if fill == "auto" or _WHITE.fullmatch(fill) else replace(self, on_colour=True)


class Looks:
    """The formatting that a document's styles give. ``styles``: the root of ``styles.xml``."""

    def __init__(self, styles: Any) -> None:
        elements = () if styles is None else styles.iter(f"{W}style")
        self._styles = {str(element.get(f"{W}styleId")): element for element in elements}

    def of(self, element: Any, look: Look | None = None) -> Look:
        """Return the formatting of a paragraph (``w:p``), or of a run (``w:r``) in a paragraph
        formatted as ``look``.

        Character properties of a paragraph itself format only its mark, so there the style counts.
        """
        kind = "p" if element.tag == f"{W}p" else "r"
        style = element.find(f"{W}{kind}Pr/{W}{kind}Style")
        look = look or Look()
        for properties in self._chain("" if style is None else str(style.get(f"{W}val"))):
            look = look.with_properties(properties)
        if kind == "p":
            look = look.over(element.find(f"{W}pPr/{W}shd"))
        return look if kind == "p" else look.with_properties(element.find(f"{W}rPr"))

    def _chain(self, name: str) -> list[Any]:
        """List the properties of a style and of those that it is based on, the most general
        first."""
        chain: list[Any] = []
        while (style := self._styles.get(name)) is not None and len(chain) < _BASES:
            chain.append(style.find(f"{W}rPr"))
            base = style.find(f"{W}basedOn")
            name = "" if base is None else str(base.get(f"{W}val"))
        return chain[::-1]


def is_bold(element: Any) -> bool:
    """Whether all words of a cell or a paragraph say themselves that they are bold, as in
    headings."""
    marks = [run.find(f"{W}rPr/{W}b") for run in _written_runs(element)]
    return bool(marks) and all(
        mark is not None and mark.get(f"{W}val") not in ("0", "false", "off") for mark in marks
    )


def is_large(element: Any) -> bool:
    """Whether all words of a paragraph say themselves that they are as large as a heading."""
    marks = [run.find(f"{W}rPr/{W}sz") for run in _written_runs(element)]
    sizes = ["" if mark is None else str(mark.get(f"{W}val")) for mark in marks]
    return bool(sizes) and all(size.isdecimal() and int(size) >= _LARGE for size in sizes)


def _written_runs(element: Any) -> list[Any]:
    return [run for run in element.iter(f"{W}r") if "".join(run.itertext()).strip()]
