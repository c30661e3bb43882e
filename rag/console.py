"""The console of every command: it escapes control characters, and wraps no text that goes into a
pipe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Console, ConsoleDimensions, ConsoleOptions, RenderableType
from rich.segment import Segment

from index.text.patterns import lazy_regex

__all__ = ["SafeConsole", "without_controls"]

# All that a terminal may take for an order; line ends and tabs are none.
_CONTROL: Final = lazy_regex("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Columns of what is no terminal: whoever reads it breaks lines for themselves.
_PIPE_COLUMNS: Final = 1_000_000


def without_controls(text: str) -> str:
    """Replace each character that could control a terminal by ``�``."""
    return _CONTROL.sub("\ufffd", text)


class SafeConsole(Console):
    """A console that shows control characters of a text as ``�``.

    A title or a file name with an escape sequence in it could clear the screen, or write to the
    clipboard. Text that goes into a pipe or a file is not wrapped.
    """

    @property
    def width(self) -> int:
        """The number of columns; outside a terminal, more than any line has."""
        return super().width if self.is_terminal else _PIPE_COLUMNS

    @width.setter
    def width(self, width: int) -> None:
        self._width = width

    @property
    def size(self) -> ConsoleDimensions:
        """The numbers of columns and lines."""
        size = super().size
        return size if self.is_terminal else ConsoleDimensions(_PIPE_COLUMNS, size.height)

    @size.setter
    def size(self, size: tuple[int, int]) -> None:
        self._width, self._height = size

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        """Render to segments; those with which rich itself controls the terminal stay as they
        are."""
        for segment in super().render(renderable, options):
            if segment.control or not _CONTROL.search(segment.text):
                yield segment
            else:
                yield Segment(without_controls(segment.text), segment.style)
