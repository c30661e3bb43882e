"""Raised characters: powers, endings of ordinals, and the marks of notes, which join no number.

A note's mark that stands behind a number would be read as its last digit: 14 with note 3 is not
143. It is left out, as its place says nothing to whoever reads a sentence by itself.
"""

from __future__ import annotations

import re

__all__ = ["subscript_text", "superscript_text"]

_TEN = re.compile(r"(?:^|[^\d.,])10$")
_UNIT = re.compile(r"(?<![^\W\d_])(?:[kcdm]?m|ft|yd|mi|in)$")
# Letters that stand for numbers. "a" and "I" are words.
_LETTER = re.compile(r"(?<![^\W_])[b-zERV]$")
_MARKS = re.compile(r"[\[(]?[\d*†‡§¶#,;–\-\s]+[\])]?")
_EXPONENT = re.compile(r"[+−–-]?\d{1,3}|[nkxyzt]")


def superscript_text(before: str, characters: str) -> str:
    """Write raised characters after the text ``before`` them: ``^6`` for a power, an ordinal's
    ending as it is, nothing for the mark of a note."""
    mark = characters.strip()
    if not mark:
        return characters
    gap = " " if characters[-1].isspace() else ""
    if _EXPONENT.fullmatch(mark) and _is_power(before, mark):
        return f"^{re.sub('[−–]', '-', mark)}{gap}"
    if _MARKS.fullmatch(mark):
        return gap
    if len(mark.rstrip(")")) == 1 and mark[0].isalpha():
        return f"{mark if _is_ending(before, mark) else ''}{gap}"
    if len(mark) > 4 or " " in mark:
        return f" {mark} "
    return f"{mark}{gap}"


def subscript_text(before: str, characters: str) -> str:
    """Write lowered characters: as they are (CO2), but set off from a digit (10_2)."""
    joins = characters[:1].isdigit() and before[-1:].isdigit()
    return f"_{characters}" if joins else characters


def _is_power(before: str, exponent: str) -> bool:
    if exponent[0] in "+−–-":
        return bool(re.search(r"[^\W_]$", before))
    if exponent.isalpha():
        return before[-1:].isdigit()
    if _TEN.search(before) or _LETTER.search(before):
        return True
    return exponent in ("2", "3") and bool(_UNIT.search(before))


def _is_ending(before: str, letter: str) -> bool:
    """Whether one raised letter is the end of a word or an ordinal (2e, 1o, Mᵉ), and no note."""
    if before[-1:].isdigit():
        return letter in "eoaº"
    return not re.search(r"[^\W\d_]{3}$|\W$", before)
