"""Comparisons that name both sides together, or one beside the other.

"How do A and B differ in price?", "How does A compare with B?", "How did the count change between
May and the trial?", "What did A cost, compared with B?", "How many saw A, and how many B?". English
only.
"""

from __future__ import annotations

import re
from typing import Final

from rag.query.comparatives import AUXILIARIES, PREPOSITIONS
from rag.query.comparison_sides import (
    agree,
    complete_sides,
    coordinate,
    fill,
    is_plural,
    is_side,
)
from rag.query.comparison_times import at_time, counterpart, is_time, time_phrase

__all__ = ["ask_about_pairs"]

_PHRASE: Final = rf"(?:{PREPOSITIONS}|as)"
_QUESTION: Final = r"(?:what|how|when|where|who|which|why)"
_COMPARE_BOTH: Final = re.compile(
    r"^how\s+(?P<aux>do|did|will)\s+(?P<pair>.+?\s+and\s+.+?)\s+(?:compare|differ)"
    r"(?:\s+(?P<by>in|over|about|on)\s+(?:terms\s+of\s+)?(?P<what>.+))?$",
    re.IGNORECASE,
)
_COMPARE: Final = re.compile(
    r"^how\s+(?P<aux>do|does|did|will)\s+(?P<first>.+?)\s+(?:compare\s+(?:in\s+(?P<by>(?-i:[a-z]+))\s+)?"
    r"(?:to|with)|differ\s+from)\s+"
    r"(?P<second>.+?)(?:\s+in\s+(?P<what>(?-i:(?:its|their|the\s+number)\s.+|[a-z]+(?:\s+[a-z]+)?)))?$",
    re.IGNORECASE,
)
_BOTH_SIDES: Final = re.compile(
    rf"^(?P<wh>{_QUESTION}\b(?:\s+[a-z]+)*?)\s+(?P<aux>{AUXILIARIES})\s+"
    r"(?P<pair>.+?\s+and\s+.+?)\s+(?:each|both)\s+(?!other\b)(?P<rest>.+)$",
    re.IGNORECASE,
)
# Closed: the verbs of change.
_CHANGES: Final = (
    "chang(?:e|ed)|ris(?:e|en)|rose|fall(?:en)?|gr[eo]w[n]?|shr[iu]nk|drop(?:ped)?|(?:in|de)creased?|"
    "declined?|developp?(?:ed)?|moved?|differ(?:ed)?|var(?:y|ied)|go(?:ne)?|come|climb(?:ed)?|"
    "narrow(?:ed)?|widen(?:ed)?|raised?|lowered|cut|reduced?|improved?|worsen(?:ed)?"
)
_CHANGE: Final = re.compile(
    r"^(?:(?:by\s+)?how\s+(?:(?:much|far)\s+)?)?(?P<aux>did|has|have|does|do|was|were)\s+"
    rf"(?P<topic>(?!(?:it|there|they)\b)(?:(?!\bmore\b).)+?)\s+(?P<verb>{_CHANGES})(?:\s+(?:up|down|apart|forward\s+or\s+back))?\s+"
    r"(?:between\s+(?P<pair>.+\s+and\s+.+)|from\s+(?P<first>.+?)\s+to\s+(?P<second>.+))$",
    re.IGNORECASE,
)
_BEFORE_AND_AFTER: Final = re.compile(
    r"^(?P<start>.+?)\s+before\s+and\s+after(?P<rest>\s+.+)$", re.IGNORECASE
)
_BESIDE: Final = re.compile(
    rf"^(?P<first>(?!who\b|which\b){_QUESTION}\s.+?)(?<!\bbe)(?<!\bbeen)(?<!\bare)(?<!\bwere)(?<!\bis)"
    rf"(?<!\bwas)(?<!\band),?\s+(?:(?:as\s+)?compared\s+(?:with|to)|as\s+(?:opposed\s+to|against)"
    r"|in\s+comparison\s+(?:with|to)|versus|vs)\s+(?P<second>.+)$",
    re.IGNORECASE,
)
# "How many killed A, and how many B": the second question lacks what it shares with the first.
_GAP: Final = re.compile(
    rf"^(?P<first>(?P<wh>how\s+many|how\s+much|what|how\s+[a-z]+|when|where)\b.+?),?\s+and\s+"
    rf"(?:(?P=wh)(?:\s+(?P<noun>[a-z]+))?\s+)(?P<second>{_PHRASE}\s+[^,]+|now|before|then)$",
    re.IGNORECASE,
)
_LAST_PHRASE: Final = re.compile(
    rf"\b(?!(?:of|for|about)\b)(?:{PREPOSITIONS})\s+(?:(?!\b(?:{PREPOSITIONS})\b)[^,])+$",
    re.IGNORECASE,
)
_TWICE: Final = re.compile(
    rf"^(?P<start>(?:[Ww]hat|[Hh]ow)\s.+?)\s+(?P<first>(?P<preposition>{_PHRASE})\s+(?:(?!\band\b)[^,])+?)\s+and\s+"
    rf"(?P<second>(?P=preposition)\s+(?!(?:how|what|which)\b)(?:(?:the|its|their)\s+)?[^\s,]+(?:\s+[A-Z]\S*)*)(?P<rest>.*)$"
)
_SHORT: Final = re.compile(r"^(?P<first>.+?)\s+(?:versus|vs\.?)\s+(?P<second>\S+(?:\s+[A-Z]\S+)*)$")
# Not just any: a date, or one told from the time of the other.
_KNOWN_TIME: Final = re.compile(r"\d|previous|last|before|earlier|ago|[A-Z]")
_APART: Final = re.compile(
    r"^how\s+far\s+apart\s+(?P<be>are|were)\s+(?P<pair>(?:(?!\btheir\b).)+\s+and\s+(?:(?!\btheir\b).)+)$",
    re.IGNORECASE,
)
_NO_THING: Final = re.compile(r"^(?:before|after|now|today|normal|usual|ever)\b", re.IGNORECASE)
_NAME: Final = r"[A-Z][\w’'&.-]*(?:\s+[A-Z][\w’'&.-]*)*"
_SUBJECT: Final = re.compile(
    rf"^(?P<start>(?i:{_QUESTION})\b(?:\s+[a-z]+)*?\s+(?:{AUXILIARIES})\s+)(?P<side>{_NAME})(?=\s[a-z])"
)
_PLACE: Final = re.compile(rf"(?<=\s(?:in|at)\s){_NAME}")
_GERUND: Final = re.compile(
    r"^(?:the\s+way\b|[a-z]+ing\b|what\b|how\b|their\b|the\b)", re.IGNORECASE
)
_BE_OF: Final = {"do": "are", "does": "is", "did": "was", "will": "will be"}


def ask_about_pairs(text: str) -> tuple[str, ...]:
    """Ask for each of two things that a question compares; none where it compares none.

    text: the question, without its mark.
    """
    forms = (
        _difference, _comparison, _of_both, _between, _around, _beside, _ellipsis, _repetition,
    )  # fmt: skip
    return next((questions for form in forms if (questions := form(text))), ())


def _difference(text: str) -> tuple[str, ...]:
    """How do A and B differ, or compare."""
    if match := _APART.match(text):
        return _for_pair(
            "What was {}?" if match["be"].lower() == "were" else "What is {}?", match["pair"]
        )
    match = _COMPARE_BOTH.match(text)
    if not match:
        return ()
    do, aspect = ("did" if match["aux"].lower() == "did" else "does"), match["what"]
    if not aspect:
        template = _be(match["aux"])
    elif match["by"].lower() == "in" and aspect.startswith("the "):
        template = f"{_be(match['aux'])[:-1]} in {aspect}?"
    elif match["by"].lower() == "in" and not _GERUND.match(aspect):
        template = f"What {aspect} {do} {{}} have?"
    else:
        template = f"What {do} {{}} say about {aspect}?"
    return _for_pair(template, match["pair"])


def _comparison(text: str) -> tuple[str, ...]:
    """How does A compare with B, or differ from it."""
    match = _COMPARE.match(text)
    if not match:
        return ()
    first, second, aspect = match["first"], match["second"], match["by"] or match["what"]
    template = _be(match["aux"])
    if aspect and (
        is_time(f"in {aspect}") or re.match(r"what\s|(?:that|those|the\s+ones?)$", second)
    ):
        second = f"{second} in {aspect}"
    elif aspect:
        do = "did" if match["aux"].lower() == "did" else "does"
        noun = re.sub(r"^(?:its|their|the)\s+", "", aspect)
        template = f"What {noun} {do} {{}} have?"
    time = second if is_time(second) else at_time(second)
    dates = counterpart(first, second) if is_time(second) else None
    if dates:
        return _for_forms(template, first, _put(first, dates, second))
    if is_time(time):
        if place := counterpart(first, time):
            return _for_forms(template, first, _put(first, place, time))
        if _NO_THING.match(time) or not _KNOWN_TIME.search(time):
            return ()
        return _for_forms(template, first, f"{first} {at_time(time)}")
    if re.match(rf"{_PHRASE}\s", second) and (place := counterpart(first, second)):
        return _for_forms(template, first, _put(first, place, second))
    return _for_sides(template, first, second)


def _of_both(text: str) -> tuple[str, ...]:
    """What do A and B each do."""
    match = _BOTH_SIDES.match(text)
    if not match:
        return ()
    aux = "does" if match["aux"].lower() == "do" else match["aux"]
    rest = re.sub(r"\btheir\b", "the", match["rest"])
    return _for_pair(f"{match['wh']} {aux} {{}} {rest}?", match["pair"])


def _between(text: str) -> tuple[str, ...]:
    """How did a thing change between two times."""
    match = _CHANGE.match(text)
    if not match:
        return ()
    times = coordinate(match["pair"]) if match["pair"] else (match["first"], match["second"])
    if (
        match["verb"].lower().startswith("differ")
        and times
        and not any(map(is_time, map(at_time, times)))
    ):
        be = "is" if match["aux"].lower() in ("do", "does") else "was"
        return tuple(f"What {be} {match['topic']} among {side}?" for side in times)
    if any(re.match(r"one\b|the\s+(?:next|other)$", time) for time in times):
        return ()
    if not any(is_time(at_time(time)) for time in times) or _NO_THING.match(match["topic"]):
        return ()
    times = complete_sides(*times)
    be = "were" if is_plural(match["topic"]) else "was"
    return tuple(f"What {be} {match['topic']} {at_time(time)}?" for time in times)


def _around(text: str) -> tuple[str, ...]:
    """What was a thing before and after an event."""
    match = _BEFORE_AND_AFTER.match(text)
    if not match:
        return ()
    return tuple(f"{match['start']} {word}{match['rest']}?" for word in ("before", "after"))


def _beside(text: str) -> tuple[str, ...]:
    """What is A, compared with B."""
    match = _BESIDE.match(text) or _SHORT.match(text)
    if not match or _NO_THING.match(match["second"]):
        return ()
    first, second = match["first"].rstrip(" ,"), match["second"]
    if second.startswith("what "):
        is_norm = re.match(r"what\s+is\s+(?:normal|usual)$", second)
        be = "" if re.match(rf"what\s+(?:{AUXILIARIES})\b", second) else "is it that "
        return () if is_norm else (f"{first}?", f"What {be}{second[5:]}?")
    phrase = second if re.match(rf"{_PHRASE}\s", second) else at_time(second)
    if (is_time(phrase) or phrase == second) and (place := counterpart(first, phrase)):
        return f"{first}?", f"{_put(first, place, phrase)}?"
    if not is_side(second) or re.match(r"(?:its|their|his|her)\b", second):
        return ()
    if places := list(_PLACE.finditer(first)):
        return f"{first}?", f"{_put(first, places[-1].span(), second)}?"
    subject = _SUBJECT.match(first)
    if not subject or not re.search(r"[A-Z]|\bof\b", second):
        return ()
    lead, opposite = complete_sides(subject["side"], second)
    template = f"{subject['start']}{{}}{first[subject.end() :]}?"
    return fill(template, lead), fill(template, opposite)


def _ellipsis(text: str) -> tuple[str, ...]:
    """How many for A, and how many for B."""
    match = _GAP.match(text)
    if not match:
        return ()
    first, second = match["first"].rstrip(" ,"), match["second"].strip()
    place = counterpart(first, second)
    if second.split()[1:2] == ["how"]:
        return ()
    if is_time(second) and (clause := re.search(r"\bwhen\s.+$", first)):
        place = clause.span()
    if place is None and (last := _LAST_PHRASE.search(first)) and not is_time(second):
        place = last.span()
    if place is None:
        return (f"{first}?", f"{first} {second}?") if is_time(second) else ()
    return f"{first}?", f"{_put(first, place, second)}?"


def _repetition(text: str) -> tuple[str, ...]:
    """What was a thing in A and in B."""
    match = _TWICE.match(text)
    if (
        not match
        or match["preposition"] in ("of", "for", "to")
        or (time_phrase(match["first"]) and not time_phrase(match["second"]))
    ):
        return ()
    return tuple(f"{match['start']} {match[side]}{match['rest']}?" for side in ("first", "second"))


def _be(auxiliary: str) -> str:
    be = _BE_OF[auxiliary.lower()]
    return "What will {} be?" if be == "will be" else f"What {'is' if be == 'are' else be} {{}}?"


def _put(text: str, place: tuple[int, int], phrase: str) -> str:
    return f"{text[: place[0]]}{phrase}{text[place[1] :]}"


def _for_pair(template: str, pair: str) -> tuple[str, ...]:
    sides = coordinate(pair)
    return _for_sides(template, *sides) if sides else ()


def _for_forms(template: str, first: str, second: str) -> tuple[str, ...]:
    """The questions for two forms of one side."""
    template = agree(template, first)
    return template.replace("{}", first), template.replace("{}", second)


def _for_sides(template: str, first: str, second: str) -> tuple[str, ...]:
    lead, opposite = complete_sides(first, second)
    if not is_side(lead) or not is_side(opposite):
        return ()
    return fill(template, lead), fill(template, opposite)
