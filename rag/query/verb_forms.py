"""Forms of verbs that questions are made of: auxiliaries, and the base of a finite form.

English only."""

from __future__ import annotations

import re
from typing import Final

from rag.query.word_list import common_words

__all__ = ["BE", "DO", "HAVE", "MODAL", "PAST", "base_of_past", "base_of_present"]

BE: Final = ("is", "are", "was", "were")
MODAL: Final = ("will", "would", "can", "could", "should", "may", "might", "must")
DO: Final = ("do", "does", "did")
HAVE: Final = ("has", "have", "had")
# Irregular pasts, and regular ones that are common.
PAST: Final = {
    "grew": "grow", "had": "have", "sold": "sell", "made": "make", "paid": "pay", "won": "win",
    "lost": "lose", "spent": "spend", "earned": "earn", "rose": "rise", "fell": "fall",
    "built": "build", "got": "get", "took": "take", "found": "find", "saw": "see", "drew": "draw",
    "gave": "give", "did": "do", "left": "leave", "held": "hold", "kept": "keep",
    "brought": "bring",
    "came": "come", "went": "go", "ran": "run", "led": "lead", "put": "put", "set": "set",
    "raised": "raise", "killed": "kill", "used": "use", "employed": "employ",
    "produced": "produce",
    "carried": "carry", "scored": "score", "received": "receive", "offered": "offer",
    "opened": "open", "lasted": "last", "needed": "need", "closed": "close", "caused": "cause",
    "cut": "cut", "hit": "hit", "hurt": "hurt", "sent": "send", "bought": "buy", "drove": "drive",
    "struck": "strike", "wrote": "write", "met": "meet", "shut": "shut", "caught": "catch",
}  # fmt: skip
# "Dies" is of "die".
_SHORTEST_IN_Y: Final = 4


def base_of_present(verb: str) -> str:
    """The base of a verb in the third person: "carries", "reaches", "sells"."""
    if verb.endswith("ies") and len(verb) > _SHORTEST_IN_Y:
        return f"{verb[:-3]}y"
    return verb[:-2] if re.search(r"(?:ss|x|zz|ch|sh|o)es$", verb) else verb[:-1]


def base_of_past(verb: str) -> str:
    """The base of a regular past: "formed", "planned", "died"."""
    stem = verb[:-2]
    if stem.endswith("i"):
        return f"{stem[:-1]}y" if len(stem) > _SHORTEST_IN_Y - 2 else f"{stem}e"
    is_doubled = stem[-1:] == stem[-2:-1] and stem[-1:] in "bdgmnprt"
    forms = (stem, f"{stem}e", *([stem[:-1]] if is_doubled else []))
    # Of "move" and "mov" one is a word, of "form" and "forme" too.
    return next((form for form in forms if form in common_words()), stem)
