"""Alternatives within a comparison: "Is milk dearer in Kelm or in Varnes?" asks how dear it is in
Kelm, and in Varnes.

The two sides are phrases of one clause ("in 2023 or in 2024", "in the first or the second
quarter"), and not the things compared, which :mod:`rag.query.comparison` finds. One of them may
leave out what both share: the preposition, the noun, or all that stands before it ("a day ticket in
Kelm or in Varnes"). Two names are asked about one by one, too, where nothing is compared ("Did Weir
or Lind win?"). English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from index.text.patterns import lazy_regex

__all__ = ["Alternatives", "complete_phrase", "find_alternatives", "find_choice"]

_PREPOSITION: Final = r"(?:at|by|for|from|in|on|to|under|with|before|after|during)"
_ORDINAL: Final = (
    r"(?:first|second|third|fourth|fifth|last|next|previous|old|new|north|south|east|west|"
    r"northern|southern|eastern|western|upper|lower|left|right)"
)
_NAME: Final = r"(?:the )?[A-Z][\w’'&.-]*(?: (?:[A-Z&][\w’'&.-]*|\d+|of(?= [A-Z])))*"
_YEAR: Final = r"(?:1[5-9]|20)\d\d"
_THING: Final = rf"(?:{_YEAR}|{_NAME}|(?:the|an?) [a-z][\w-]*(?: [\w’'-]+)?|[a-z][\w-]*)"
_AUXILIARY: Final = (
    r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might)"
)
# "... in Kelm or in Varnes", "... in Kelm than in Varnes".
_AT_END: Final = lazy_regex(
    rf"^(?P<clause>(?i:{_AUXILIARY}) .+?) (?P<one>{_PREPOSITION}) (?P<first>{_THING}),? "
    rf"(?:or|(?P<than>than)) (?:(?P<two>{_PREPOSITION}) )?(?P<second>{_THING})$"
)
# "Where is milk cheaper, in Kelm or in Varnes?", "In which quarter ...".
_IN_FRONT: Final = lazy_regex(
    rf"^(?i:(?P<where>where|when)|(?P<which>{_PREPOSITION}) which (?P<kind>[a-z]+)) "
    rf"(?P<clause>(?i:{_AUXILIARY}) .+?)\s*[,:–—]\s*(?:(?P<one>{_PREPOSITION}) )?"
    rf"(?P<first>{_THING}),? or (?:(?P<two>{_PREPOSITION}) )?(?P<second>{_THING})$"
)
_CHOICE: Final = lazy_regex(
    # "Is Arvel or Bodmer the owner?" is answered whole.
    rf"^(?P<clause>(?i:(?!(?:is|are|was|were) ){_AUXILIARY}|(?:is|was) it)) "
    rf"(?P<first>{_NAME}) or (?P<second>{_NAME}) (?P<rest>[a-z].+)$"
)
_ALIKE: Final = tuple(map(lazy_regex, (rf"{_YEAR}$", rf"{_NAME}$", rf"(?:the )?{_ORDINAL}\b")))
_WITHOUT_NOUN: Final = lazy_regex(rf"(?P<side>(?:the )?{_ORDINAL})$")
_WITH_NOUN: Final = lazy_regex(rf"(?:the )?{_ORDINAL} (?P<noun>[a-z]+)$")
_INDEFINITE: Final = lazy_regex(r"^an? [a-z]")
_GENITIVE: Final = ("'s", "’s", "s'", "s’")
_LAST_PHRASE: Final = lazy_regex(rf"^(?P<head>.*) {_PREPOSITION} (?P<name>{_NAME})$")


@dataclass(frozen=True, slots=True)
class Alternatives:
    """A clause that begins with its auxiliary, without the two phrases between which it asks to
    choose: "Is milk dearer", "in Kelm", "in Varnes". ``rest``: what stands behind these."""

    clause: str
    first: str
    second: str
    rest: str = ""


def find_alternatives(text: str) -> Alternatives | None:
    """Find the alternatives of a clause.

    text: a question without its question mark.
    """
    if match := _IN_FRONT.match(text):
        where = (match["where"] or "").lower()
        preposition = match["one"] or match["which"] or (where and "in")
        return _alternatives(match, preposition.lower(), match["kind"] or "")
    match = _AT_END.match(text)
    if match is None or (match["than"] and not match["two"]):
        return None
    return _alternatives(match, match["one"])


def find_choice(text: str) -> Alternatives | None:
    """Find two names between which a question asks to choose without comparing them: "Did Weir or
    Lind win the race?", "Was it Weir or Lind who won?".

    text: a question without its question mark.
    """
    match = _CHOICE.match(text)
    # "Did A or B or C go?" has three, and in "Did Attila or Attila's heir go?" the second goes on
    # behind the name.
    if match is None or re.search(r"\bor\b", match["rest"]) or match["second"].endswith(_GENITIVE):
        return None
    return Alternatives(match["clause"], match["first"], match["second"], match["rest"])


def _alternatives(match: re.Match[str], preposition: str, kind: str = "") -> Alternatives | None:
    first, second = _with_noun(match["first"], match["second"], kind)
    is_repeated = bool(match["two"]) and match["two"].lower() == preposition
    is_different = bool(match["two"]) and not is_repeated
    are_alike = any(form.match(first) and form.match(second) for form in _ALIKE)
    if is_different or not (is_repeated or are_alike):
        return None
    return Alternatives(match["clause"], f"{preposition} {first}", f"{preposition} {second}")


def _with_noun(first: str, second: str, kind: str) -> tuple[str, str]:
    """Add the noun that a side leaves out: "the first or the second quarter"."""
    sides = first, second
    nouns = (match["noun"] for side in sides if (match := _WITH_NOUN.match(side)))
    noun = next(nouns, kind)
    article = "the " if any(side.startswith("the ") for side in sides) else ""

    def complete() -> Iterator[str]:
        for side in sides:
            whole = f"{side} {noun}" if noun and _WITHOUT_NOUN.match(side) else side
            is_bare = bool(_ALIKE[-1].match(whole)) and not whole.startswith("the ")
            yield f"{article}{whole}" if is_bare else whole

    one, two = complete()
    return one, two


def complete_phrase(first: str, second: str) -> str:
    """The second of two things, with what only the first says of both: "a day ticket in Kelm" and
    "in Varnes", or "a day ticket in Kelm" and "Varnes".

    The second as it is where it is a thing of its own.
    """
    preposition = re.match(rf"(?P<word>{_PREPOSITION}) \S", second)
    if preposition:
        head, found, _ = first.rpartition(f" {preposition['word']} ")
        return f"{head} {second}" if found else second
    phrase = _LAST_PHRASE.match(first)
    if phrase and _INDEFINITE.match(first) and re.fullmatch(_NAME, second):
        # No tower of Pisa is meant, which could be compared with Big Ben, but any.
        return f"{first[: phrase.start('name')]}{second}"
    return second
