"""Complete a follow-up that is no more than a phrase: "In dollars?", "Since when?", "Over how many
years?".

Alone such a phrase is near to nothing, or to anything. It is asked with the question before it:
"How much will Alibaba invest, in dollars?", and where it asks by itself in place of what that one
asked: "Since when will Alibaba invest?". Among 7,924 questions that were asked by
themselves (squad2, clapnq, nq_open_oracle) none is taken for one. English only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from index.text.patterns import lazy_regex
from rag.query.small_talk import find_small_talk
from rag.question import Turn

__all__ = ["complete_fragment"]

_AMOUNT: Final = r"how\s+(?:long|often|far|soon|much|many(?:\s+[a-z]+)?)"
_PHRASE: Final = lazy_regex(
    r"\W*(?P<and>(?:and|but|so|or|ok|okay)\W+)?"
    r"(?!(?:of course|for (?:sure|example|instance)|to be \w+|in (?:fact|short|other words)"
    r"|by the way|at (?:all|least|last)|on the contrary)\W*$)(?P<phrase>"
    r"(?:over|since|until|till|by|for|in|at|with|to|from|per|on|of|after|before|within|under|about|"
    r"through)\s+(?:(?:how\s+(?:many|much|long)|what|which|whom|when|where|the|an?|each|every)\s+)?"
    r"[a-z]*(?:\s+[a-z]+)?"
    rf"|(?:when|where|who|whom|which\s+[a-z]+|{_AMOUNT})(?:\s+(?:exactly|then|else))?|what\s+else)\W*",
    re.IGNORECASE,
)
# "In Norway", "at the Orla bridge".
_NAMED_PLACE: Final = lazy_regex(
    r"\b(?P<preposition>(?i:in|at|for|to|from|on|with|by|under|of)) "
    r"(?P<name>(?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*| [a-z]+$)?)$"
)
_LONGEST_QUESTION: Final = 300
_ASKS: Final = lazy_regex(r"\b(?:how|what|which|when|where|who|whom)\b", re.IGNORECASE)
# What was asked and is no subject, or nothing where it is to be confirmed; then the clause.
_CLAUSE: Final = lazy_regex(
    r"(?:(?:how|when|where|why|whom)\b(?:\s+\S+){0,3}?\s+|(?:what|which)\b(?:\s+\S+){0,3}?\s+"
    r"(?=(?:do|does|did)\b))?"
    r"(?P<clause>(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might)"
    r"\s.+)",
    re.IGNORECASE,
)


def complete_fragment(question: str, history: Sequence[Turn]) -> str | None:
    """Ask a phrase with the last whole question of the user.

    question: as it was typed.
    history: the earlier turns, oldest first.

    Returns ``None`` where the question is more than a phrase, or there is none before it.
    """
    match = _PHRASE.fullmatch(question)
    if match is None:
        return None
    for turn in reversed(history):
        if turn.role != "user" or _PHRASE.fullmatch(turn.content) or find_small_talk(turn.content):
            continue
        whole = " ".join(turn.content.split()).rstrip(" ?!.…")
        if not whole or len(whole) > _LONGEST_QUESTION:
            return None
        phrase = match["phrase"].strip()
        if match["and"] and (place := _in_place_of(whole, phrase)):
            return place
        wh, _, behind = phrase.lower().partition(" ")
        if behind == "else" and whole.lower().startswith(f"{wh} "):
            # "Who criticised the plan?", "Who else?"
            return f"{phrase[0].upper()}{phrase[1:]}{whole[len(wh) :]}?"
        clause = _CLAUSE.fullmatch(whole) if _ASKS.search(phrase) else None
        if clause:
            rest = clause["clause"]
            return f"{phrase[0].upper()}{phrase[1:]} {rest[0].lower()}{rest[1:]}?"
        return f"{whole}, {phrase[0].lower()}{phrase[1:]}?"
    return None


def _in_place_of(whole: str, phrase: str) -> str | None:
    """Put a name in place of that behind the same preposition at the end of the question before:
    "How high is the tax in Sweden?", "And in Norway?"; ``None`` where either has none."""
    new, old = _NAMED_PLACE.fullmatch(phrase), _NAMED_PLACE.search(whole)
    if not new or not old or new["preposition"].lower() != old["preposition"].lower():
        return None
    return f"{whole[: old.start()]}{old['preposition']} {new['name']}?"
