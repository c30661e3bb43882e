"""Say of each sentence that nothing backs, in texts that have no other way to mark it, that no
article backs it. The page's copies say the same (``T.unbackedNote``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

__all__ = ["NOTE", "add_notes", "place_with_notes"]

NOTE: Final = " (no article backs this)"


def add_notes(text: str, ends: Iterable[int]) -> str:
    """Add the note to an answer's text at each of the offsets where an unbacked sentence ends."""
    for end in sorted(ends, reverse=True):
        text = text[:end] + NOTE + text[end:]
    return text


def place_with_notes(index: int, ends: Iterable[int]) -> int:
    """Return where what stands at an offset of the answer's text stands when the notes are added,
    unless that is the end of an unbacked sentence."""
    return index + len(NOTE) * sum(end <= index for end in ends)
