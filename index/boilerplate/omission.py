"""A line that was left out of an article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["LEFT_OUT", "Omission"]

# The line number of what a loader left out: it never was a line of the text.
LEFT_OUT: Final = -1


@dataclass(frozen=True, slots=True)
class Omission:
    """A line that was left out: its number in the original text (from 0, or ``LEFT_OUT``), its
    words, and the rule that matched (``scored`` for the classifier) or the part of the page."""

    line: int
    text: str
    reason: str
