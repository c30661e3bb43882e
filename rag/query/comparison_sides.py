"""The two sides of a comparison, each in full: "the battery of A or that of B" has the noun in the
first alone, "A's and B's shares" in the second. English only."""

from __future__ import annotations

import re
from typing import Final

from index.text.patterns import lazy_regex

__all__ = ["OWNER_ALONE", "PREPOSITION", "PREPOSITIONS", "complete_sides", "noun_of"]

PREPOSITIONS: Final = (
    "about|across|after|against|among|at|before|between|by|during|for|from|in|into|of|off|on|over|"
    "per|since|than|through|to|under|until|when|while|with|within"
)
_POINTER_OF: Final = lazy_regex(r"^(?:that|those|the\s+ones?)\s+of\s+(?P<rest>.+)$", re.IGNORECASE)
_POINTER: Final = lazy_regex(r"^(?:that|those|the\s+ones?)\b(?=\s|$)", re.IGNORECASE)
_PRONOUN: Final = lazy_regex(r"\bones?$")
_OWNER: Final = lazy_regex(r"^(?P<owner>.*?(?:['’]s|s['’]))\s+(?P<rest>.+)$")
OWNER_ALONE: Final = lazy_regex(r"(?:['’]s|s['’])$")
_NAMED_OWNER: Final = lazy_regex(r"(?:[A-Z][\w&.-]*\s+)*[A-Z][\w&.-]*(?:['’]s|s['’])(?=\s)")
PREPOSITION: Final = lazy_regex(rf"\s+(?:{PREPOSITIONS})\b", re.IGNORECASE)


def complete_sides(first: str, second: str, noun: str) -> tuple[str, str]:
    """The sides, with what the one has and the other only points to: "A's and B's shares", "the
    battery of A or that of B", "the Russian route or the Caspian one"."""
    if (of := _POINTER_OF.match(first)) and noun and re.match(r"(?:the )?[A-Z]", second):
        # "Which fine was higher, that of A or B?"
        return f"the {noun} of {of['rest']}", f"the {noun} of {second}"
    owner = _OWNER.match(first)
    if named_owner := _NAMED_OWNER.search(first):
        second = re.sub(r"\bits\b", named_owner.group(), second)
    if OWNER_ALONE.search(first) and (second_owner := _OWNER.match(second)):
        return f"{first} {second_owner['rest']}", second
    if OWNER_ALONE.search(second) and owner and not noun:
        return first, f"{second} {owner['rest']}"
    if (
        noun
        and _PRONOUN.search(second)
        and not _POINTER.match(second)
        and not _POINTER.match(first)
    ):
        return f"{first} {noun}", _PRONOUN.sub(noun, second)
    noun = noun or noun_of(first)
    first, second = (
        f"{side} {noun}" if OWNER_ALONE.search(side) else side for side in (first, second)
    )
    first, second = (_POINTER.sub(f"the {noun}", side) for side in (first, second))
    return first, _PRONOUN.sub(noun, second)


def noun_of(side: str) -> str:
    """The noun of a side, a single word."""
    determiner, *words = PREPOSITION.split(side)[0].split()
    noun = determiner
    for at, word in enumerate(words):
        if at and re.fullmatch(r"[a-z]+ed", word):
            break
        noun = word
    return noun
