"""Runs of characters on the pages of a PDF, with their places."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.load.pdf.rules import Rules

__all__ = ["Fragment", "Initial", "Page"]


@dataclass(frozen=True, slots=True)
class Initial:
    """A large letter with which a text begins: its box, and where the text beside it begins."""

    left: float
    right: float
    bottom: float
    top: float
    text_left: float

    @property
    def size(self) -> float:
        return self.top - self.bottom


@dataclass(slots=True)
class Fragment:
    """A run of characters on one line; the box is in points, upwards from the page's bottom.

    ``cells``: of how many runs, with wide gaps between them, it was joined. ``is_row``: it is a row
    of a table, and so a paragraph. ``gaps``: the wide gaps in it: of the character behind each, its
    number, and from where to where the gap is. ``initial``: the large letter that it begins with,
    if that was read with it.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    cells: int = 1
    is_row: bool = False
    gaps: list[tuple[int, float, float]] = field(default_factory=list)
    initial: Initial | None = None

    @property
    def size(self) -> float:
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class Page:
    """A page's size in points and its fragments, in the file's order; and the words that
    nobody sees, beside the page and on it, and those that a line strikes out. ``rules``: the lines
    drawn on it."""

    width: float
    height: float
    fragments: list[Fragment]
    outside: str = ""
    invisible: str = ""
    struck: str = ""
    rules: Rules = field(default_factory=Rules)
