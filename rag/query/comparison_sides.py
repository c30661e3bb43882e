"""The sides of a comparison as phrases that can be understood alone.

A side that only points to the other ("that of B", "the one in May", "what was asked for") gets the
noun of the other, and two sides that share words ("the March and the June count") get them both.
English only.
"""

from __future__ import annotations

import re
from typing import Final

from rag.query.comparatives import PAST, PREPOSITIONS

__all__ = [
    "NAMED_SIDE",
    "agree",
    "capitalise",
    "complete_sides",
    "coordinate",
    "fill",
    "is_plural",
    "is_side",
    "noun_of",
    "points",
]

_DETERMINER: Final = r"(?:the|an?|that\s+of|those\s+of)"
# A name with its article, or an article and a noun.
NAMED_SIDE: Final = (
    rf"(?:{_DETERMINER}\s+)*[A-Z][\w’'&.-]*(?:\s+(?:[A-Z&][\w’'&.-]*|\d+\b|of(?=\s+(?:the\s+)?[A-Z])"
    rf"|the(?=\s+[A-Z])))*|{_DETERMINER}\s+[a-z-]+"
)
_POINTER: Final = re.compile(
    rf"^(?:that|those|the\s+ones?|one(?=\s+(?:that|who|{PREPOSITIONS})))\b(?=\s|$)", re.I
)
_FREE_RELATIVE: Final = re.compile(r"^what\s+(?=\S)", re.IGNORECASE)
_PRONOUN: Final = re.compile(r"\bones?$")
_OWNER: Final = re.compile(r"^(?P<owner>.*?(?:['’]s|s['’]))\s+(?P<rest>.+)$")
_OWNER_ALONE: Final = re.compile(r"(?:['’]s|s['’])$")
_PREPOSITION: Final = re.compile(rf"\s+(?:{PREPOSITIONS}|that|who|which)\b", re.IGNORECASE)
_NAMED_OWNER: Final = re.compile(r"(?:[A-Z][\w&.-]*\s+)*[A-Z][\w&.-]*(?:['’]s|s['’])(?=\s)")
# No thing of its own: a time, a norm, a clause, a participle.
_NO_SIDE: Final = re.compile(
    rf"^(?:(?:{PREPOSITIONS})\b|(?:how|what|whether|if|it|he|she|they|normal|usual|ever|now|today|"
    r"forecast|thought|expected|average|half)\b|\d|one$|(?-i:(?:[a-z]+ly\s+|first\s+)*[a-z]+(?:ed|en|wn)$)|"
    r"(?:an?|the)\s+(?:year|quarter|month|week|day|first|second|other)\b)"
    r"|^(?!what\b)(?:.*?)\b(?<!that )(?<!who )(?:had|has|have|was|were|is|are|would|will)\b",
    re.IGNORECASE,
)
# A subject with its verb, which is no thing: "Ada Lovell lost cattle", "its costs went up", "the
# law demands". The verbs at its end are closed: those of what is wished, asked for or allowed.
_FINITE: Final = re.compile(
    rf"\b[A-Z][\w-]*\s+(?:{'|'.join(PAST)})\b|\b(?:went|came|grew|rose|fell|did|saw|took|gave|began)\b"
    r"|\s(?:say|allow|demand|require|want|need|expect|ask|pay|permit|recommend|prescribe|like|get)s?$"
    r"|\s[a-z]+ed$"
)
_RELATIVE: Final = re.compile(
    r"\b(?:who|whose|whom|that|which|when|where|he|she|they|it)\b", re.IGNORECASE
)
# Closed: participles that stand behind their noun and do not end in -ed.
_PARTICIPLE: Final = re.compile(
    r"[a-z]+ed|given|taken|made|paid|sold|built|held|kept|sent|found|lost|won|spent|brought|shown|known|"
    r"drawn|written|chosen|broken|stolen"
)
_TAIL: Final = re.compile(rf"^(?P<head>.*\s(?:{PREPOSITIONS})\s)(?P<tail>\S.*)$")
_LAST_NAME: Final = re.compile(r"(?:[A-Z][\w’'&.-]*\s+)*[A-Z][\w’'&.-]*$")


def is_side(phrase: str) -> bool:
    """Whether a phrase may be a thing that is compared: no time, no norm and no clause."""
    if _POINTER.match(phrase):
        return True
    is_clause = _FINITE.search(phrase) and not _RELATIVE.search(phrase)
    return bool(phrase) and not is_clause and not _NO_SIDE.search(phrase)


def points(phrase: str) -> bool:
    """Whether a phrase points to the noun of another: "that of B", "what was asked for"."""
    return bool(_POINTER.match(phrase) or _FREE_RELATIVE.match(phrase))


def capitalise(question: str) -> str:
    """A question with single spaces and a capital at its beginning."""
    return question[0].upper() + " ".join(question[1:].split())


def is_plural(side: str) -> bool:
    """Whether the noun of a side is a plural, by its form."""
    return bool(re.fullmatch(r"[a-z-]{2,}(?<!s)s|people|men|women|children", noun_of(side)))


def fill(template: str, side: str) -> str:
    """Put a side in the place ``{}`` of a question, whose verb follows its number."""
    return agree(template, side).replace("{}", side)


def agree(template: str, side: str) -> str:
    """Bring the verb before the place ``{}`` of a question into the number of a side."""
    if is_plural(side):
        for verb, plural in (("does", "do"), ("is", "are"), ("was", "were"), ("has", "have")):
            template = template.replace(f" {verb} {{}}", f" {plural} {{}}")
            template = re.sub(rf"^{verb} {{}}", f"{plural} {{}}", template, flags=re.IGNORECASE)
    return template


def complete_sides(first: str, second: str, noun: str = "") -> tuple[str, str]:
    """The sides, with what the one has and the other only points to: "A's and B's shares", "the
    battery of A or that of B", "the Russian route or the Caspian one", "the rent that A asks or
    what is usual".

    noun: of what kind both are, where the question says so ("which strike").
    """
    first, second = first.strip(" ,"), second.strip(" ,")
    if _POINTER.match(first) and not noun:
        return first, second
    owner = _OWNER.match(first)
    if named_owner := _NAMED_OWNER.search(first):
        second = re.sub(r"\bits\b", named_owner.group(), second)
    if _OWNER_ALONE.search(first) and (second_owner := _OWNER.match(second)):
        return f"{first} {second_owner['rest']}", second
    if _OWNER_ALONE.search(second) and owner and not noun:
        return first, f"{second} {owner['rest']}"
    is_pointer = bool(_POINTER.match(first) or _POINTER.match(second))
    if noun and _PRONOUN.search(second) and not is_pointer:
        return f"{first} {noun}", _PRONOUN.sub(noun, second)
    noun = noun or noun_of(first)
    first, second = (
        f"{side} {noun}" if _OWNER_ALONE.search(side) else side for side in (first, second)
    )
    first, second = (_POINTER.sub(f"the {noun}", side) for side in (first, second))
    second = _FREE_RELATIVE.sub(f"the {noun} that ", second)
    if is_plural(noun):
        second = re.sub(rf"^the {re.escape(noun)} that is\b", f"the {noun} that are", second)
    return first, _PRONOUN.sub(noun, second)


def noun_of(side: str) -> str:
    """The noun of a side, a single word."""
    determiner, *words = _PREPOSITION.split(side)[0].split() or [""]
    noun = determiner
    for at, word in enumerate(words):
        if at and _PARTICIPLE.fullmatch(word):
            break
        noun = word
    return noun


def coordinate(phrase: str) -> tuple[str, ...]:
    """Take the two things of "A and B" apart, each with the words that they share; none where there
    are not two."""
    parts = re.split(r"\s+and\s+", phrase)
    if len(parts) != 2:
        return ()
    first, second = parts
    lead, opposite = first.split(), second.split()
    if _OWNER_ALONE.search(first) and (owner := _OWNER.match(second)):
        return f"{first} {owner['rest']}", second
    if lead[-1][0].isdigit() and opposite[0][0].isdigit():
        before, after = " ".join(lead[:-1]), " ".join(opposite[1:])
        return f"{first} {after}".strip(), f"{before} {second}".strip()
    if re.match(rf"(?:{PREPOSITIONS})\b", opposite[0]):
        before, preposition, _ = first.rpartition(f" {opposite[0]} ")
        return (first, f"{before} {second}") if preposition else ()
    if _shares_noun(lead, opposite):
        return f"{first} {' '.join(opposite[len(lead) :])}", second
    tail = _TAIL.match(first)
    name = re.match(NAMED_SIDE, second)
    if tail and name and _is_alike(tail["tail"], name.group(), second):
        rest = second[name.end() :]
        if _OWNER_ALONE.search(name.group()):
            rest = re.sub(r"^\s+\S+", "", rest)  # What the second owns is no word of both.
        return f"{first}{rest}", f"{tail['head']}{second}"
    last = _LAST_NAME.search(first)
    if last and last.start() and name and _is_name(name.group()) and not second.startswith("the "):
        rest, before = second[name.end() :], first[: last.start()]
        if rest and not re.match(rf"\s+(?:{PREPOSITIONS})\b", rest):
            return f"{first}{rest}", f"{before}{second}"
    return first, second


def _shares_noun(lead: list[str], opposite: list[str]) -> bool:
    """Whether the first is an adjective whose noun follows the second: "the usual and the maximum
    ban", "early and late August"."""
    if len(opposite) <= len(lead) or re.match(rf"(?:{PREPOSITIONS})$", opposite[len(lead)]):
        return False
    if len(lead) == 1:
        return opposite[0].islower() and lead[0].islower() and opposite[1][0].isupper()
    return (
        len(lead) == 2
        and lead[0].lower() == opposite[0].lower() == "the"
        and lead[1].islower() == opposite[1].islower()
        and not is_plural(" ".join(lead))
        and opposite[2].islower()
    )


def _is_alike(lead: str, opposite: str, phrase: str) -> bool:
    """Whether both are names, or both "the" and a noun with which their phrase ends."""
    if _is_name(lead) or _is_name(opposite):
        return _is_name(lead) and _is_name(opposite)
    return lead.startswith("the ") and opposite.startswith("the ") and opposite == phrase


def _is_name(phrase: str) -> bool:
    return bool(re.match(r"(?:the\s+)?(?:[A-Z]|\d)", phrase))
