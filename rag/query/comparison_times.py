"""Times in comparisons, and which phrase of a question another one stands against. English only."""

from __future__ import annotations

import re
from typing import Final

from rag.query.comparatives import PREPOSITIONS

__all__ = ["at_time", "counterpart", "is_time", "time_phrase"]

_MONTH: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_WEEKDAY: Final = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_PERIOD: Final = (
    r"(?:years?|quarters?|months?|weeks?|days?|nights?|summers?|winters?|springs?|autumns?|seasons?|"
    r"weekends?|decades?|halves|half|mornings?|evenings?|elections?|times?|terms?)"
)
_DATE: Final = (
    rf"(?:(?:early|mid|late|the\s+end\s+of|the\s+start\s+of)[-\s]+)?(?:\d{{1,2}}\s+)?"
    rf"(?:{_MONTH}(?:\s+\d{{1,2}}\b)?(?:,?\s+\d{{4}})?|(?:the\s+)?(?:1[0-9]|20)\d\ds?"
    rf"|(?:the\s+)?(?:summer|autumn|spring|winter|Christmas|Easter)(?:\s+(?:of\s+)?\d{{4}})?|{_WEEKDAY})"
)
_COUNT: Final = r"(?:\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|some|several|many)"
# A time without a preposition: "a year earlier", "last year", "now".
_BARE: Final = (
    rf"(?:now|today|the\s+{_PERIOD}\s+before|at\s+present|at\s+first|before(?!\s+\w)|beforehand|previously|last\s+{_PERIOD}|this\s+{_PERIOD}"
    rf"|{_COUNT}\s+{_PERIOD}\s+(?:ago|earlier|before|later|previously))"
)
_WITH_PREPOSITION: Final = (
    rf"(?:since|in|on|by|at|during|until|before|after|for)\s+(?:{_DATE}"
    rf"|(?:(?:the|its|their|his|her|that|an?)\s+)?(?-i:(?!(?:the|last|this)\b)[a-z-]+\s+){{0,2}}?{_PERIOD}"
    rf"(?:\s+(?:of|before|after|earlier|later|ago)(?:\s+{_DATE})?)?)"
)
_TIME: Final = re.compile(rf"\b(?:{_WITH_PREPOSITION}|{_BARE})(?![\w-])", re.IGNORECASE)
_DATES: Final = re.compile(rf"\b{_DATE}(?![\w-])", re.IGNORECASE)
_IN: Final = re.compile(
    rf"(?:early\s+|mid-?\s*|late\s+)?(?:{_MONTH}(?!\s+\d{{1,2}}\b)|\d{{4}})"
    r"|(?:the\s+|its\s+)?(?:[a-z-]+\s+)?(?:year|quarter|month|week|season|decade|half|summer|winter)\b",
    re.IGNORECASE,
)
_ON: Final = re.compile(rf"{_WEEKDAY}\b|\d|{_MONTH}\s+\d", re.IGNORECASE)
# The prepositions of what happens at a time: "in the referendum", "before the pandemic".
_OF_EVENTS: Final = frozenset(("in", "at", "on", "during", "before", "after", "since"))
_NOT_NOUN: Final = rf"(?:(?!of\b)(?:{PREPOSITIONS}|than|or|and|as))\b"


def is_time(phrase: str) -> bool:
    """Whether a phrase begins with a time, with or without a preposition, and is little more."""
    match = _TIME.match(phrase) or _DATES.fullmatch(phrase)
    return match is not None and len(phrase[match.end() :].split()) <= 4


def time_phrase(text: str) -> str:
    """The last time in a text as it is written; empty where there is none."""
    matches = list(_TIME.finditer(text))
    return matches[-1].group() if matches else ""


def at_time(phrase: str) -> str:
    """A time or an event with the preposition that it takes: "in 2024", "at the trial"."""
    if _TIME.match(phrase):
        return phrase
    if _IN.match(phrase):
        return f"in {phrase}"
    return f"on {phrase}" if _ON.match(phrase) else f"at {phrase}"


def counterpart(text: str, side: str) -> tuple[int, int] | None:
    """Find the phrase of a text that another phrase stands against: the last with the same
    preposition, for a time or an event the last time; ``None`` where there is none."""
    preposition = side.split()[0].lower()
    if _DATES.fullmatch(side) and (dates := list(_DATES.finditer(text))):
        return dates[-1].span()
    times = list(_TIME.finditer(text))
    if is_time(side):
        matches = times or _phrases(text, "after|under|during")
    elif re.fullmatch(rf"(?:{PREPOSITIONS}|as)", preposition):
        matches = _phrases(text, preposition) or (times if preposition in _OF_EVENTS else [])
    else:
        matches = []
    return matches[-1].span() if matches else None


def _phrases(text: str, prepositions: str) -> list[re.Match[str]]:
    pattern = rf"\b(?:{prepositions})\s+(?!{_NOT_NOUN})[^\s,]+(?:\s+(?!{_NOT_NOUN})[^\s,]+)*"
    return list(re.finditer(pattern, text, re.IGNORECASE))
