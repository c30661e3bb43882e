"""Questions as they are typed: lower-cased, without a question mark, with a slip of the finger."""

from __future__ import annotations

import re
from random import Random
from typing import Final

__all__ = ["as_typed", "typo"]

# Neighbours on a QWERTY keyboard.
_NEAR: Final = {
    "a": "qsz", "b": "vgn", "c": "xdv", "d": "sfe", "e": "wrd", "f": "dgr", "g": "fht",
    "h": "gjy", "i": "uok", "j": "hku", "k": "jli", "l": "kop", "m": "njk", "n": "bmh",
    "o": "ipl", "p": "ol", "q": "wa", "r": "etf", "s": "adw", "t": "ryg", "u": "yij",
    "v": "cbf", "w": "qes", "x": "zcs", "y": "tuh", "z": "xa",
}  # fmt: skip
_LONG_WORD: Final = re.compile(r"[A-Za-z]{5,}")


def as_typed(question: str, random: Random, plain: float = 0.15, slip: float = 0.08) -> str:
    """The question, with these chances lower-cased without its mark, and with a typo."""
    if random.random() < plain:
        question = question.lower().rstrip(" ?")
    return typo(question, random) if random.random() < slip else question


def typo(question: str, random: Random) -> str:
    """One slip in one word of five letters or more: swapped, left out, doubled, or its
    neighbour's key. The first letter is spared, as it is by typists."""
    found = list(_LONG_WORD.finditer(question))
    if not found:
        return question
    match = random.choice(found)
    word = match.group()
    i = random.randrange(1, len(word) - 1)
    slip = random.randrange(4)
    if slip == 0:
        changed = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    elif slip == 1:
        changed = word[:i] + word[i + 1 :]
    elif slip == 2:
        changed = word[: i + 1] + word[i:]
    else:
        changed = word[:i] + random.choice(_NEAR[word[i].lower()]) + word[i + 1 :]
    return question[: match.start()] + changed + question[match.end() :]
