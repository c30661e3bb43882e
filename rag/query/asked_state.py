"""Determine which state of a developing story a question asks for.

"Now", "still", "latest", and no time expression at all: the newest. "At first", "originally": the
first. "Before the census": the one before the newest. "In March": that of the period named, by the
question's time expressions (:mod:`rag.query.time_expressions`). English only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from index.text.patterns import lazy_regex
from rag.query.periods import add_months
from rag.query.time_expressions import TimeWord
from rag.query.verb_forms import IRREGULAR

__all__ = [
    "AskedState",
    "PeriodQuestion",
    "ask_within_period",
    "find_asked_state",
    "without_state_words",
]

# "Was first appointed", "first offered", but not "the first elected mayor".
_FIRST_DONE: Final = (
    r"(?<!\bthe )(?<!['’]s )first(?=\s+(?:[a-z]+(?:ed|ught|[eo]wn|[aeiou][td]en)|"
    r"said|told|set|put|made|found|given|meant)\b)"
)
_DID_FIRST: Final = r"did\b[^?,]*(?<!\bthe )(?<!['’]s )\bfirst\s+[a-z]+"
# "What was its original price?", and not "who sang the original song", "the original Greek".
_ASKS_ORIGINAL: Final = lazy_regex(
    r"^(?:and |so |but )?(?:what|who|how [a-z]+|which [a-z]+) (?:was|were) "
    r"(?:the|its|his|her|their|(?:[\w-]+ ){0,3}[\w-]+(?:['’]s|s['’]))"
    r"(?P<original>\s+(?:original|initial))(?!\s+public)\b",
    re.IGNORECASE,
)
_BEFORE_NEWEST: Final = lazy_regex(
    r"\b(?:before|until) the (?:latest|newest|last|most recent)\b", re.IGNORECASE
)
_AT_PRESENT: Final = (
    r"(?:still|currently|presently|nowadays|these days|latest|newest|most recent|so far|to date"
    r"|at (?:present|the moment(?! (?:of|when|that)\b))|as (?:things|it|matters) stands?)"
)
_NEWEST: Final = lazy_regex(rf"\b(?:now|today|{_AT_PRESENT})\b", re.IGNORECASE)
_FIRST: Final = lazy_regex(
    rf"\b(?:at first|{_FIRST_DONE}|{_DID_FIRST}|"
    r"originally|initially|in the beginning|to begin with)\b",
    re.IGNORECASE,
)
# "Before Marchetti", "before the latest cut": of a state that another has followed. "Before the
# doors opened", "before joining the bank" and "two days before" are times of the fact, and of
# "Before what ...?" that is asked.
_BEFORE_STATE: Final = (
    r"(?<!days )(?<!weeks )(?<!months )(?<!years )(?<!hours )(?<!day )(?<!week )(?<!month )"
    r"(?<!year )(?<!from )(?<!than )(?<!night )"
    # A name may begin with it: "Before Sunset".
    r"(?:(?-i:before)|^before)(?!\s+(?:what|which|how|i|you|he|she|it|we|they|who|[a-z]+ing)\b|[^?,]*\d)"
    r"(?![^?,]*\b(?:is|are|was|were|has|had|have|did|do|will|would|became|began|broke|came|fell|got|hit|"
    r"left|lost|made|met|ran|rose|sold|struck|took|went|won|"
    r"(?<!\bthe )(?<!\ba )[a-z]{2,}ed)\b)"
)
# "The previous chair", "was it previously called"; not "previous reviewers", "a previously unknown
# work", "who was formerly a singer".
_PREVIOUS_STATE: Final = (
    r"(?:(?:(?<=\bthe )|(?<=\bits )|(?<=\bhis )|(?<=\bher )|(?<=\btheir )|(?<=['’]s ))"
    r"previous(?=\s+[a-z-]*[a-rt-z]\b)"
    r"|(?<!\ba )(?<!\ban )(?<!\bof )(?<!\bthe )(?<!\bwho was )(?<!\bthat was )(?<!\bwhich was )"
    r"(?<!\bwho had )(?<!\bhad )"
    r"(?:previously|formerly))"
)
_PREVIOUS: Final = lazy_regex(rf"\b(?:{_BEFORE_STATE}|{_PREVIOUS_STATE})\b", re.IGNORECASE)
_BEFORE: Final = lazy_regex(rf"\s*\b(?:{_BEFORE_STATE}\b[^?,]*|{_PREVIOUS_STATE})", re.IGNORECASE)
# "Did it come out before the war?" is answered by both times, and by neither state.
_YES_NO: Final = lazy_regex(
    r"^(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could)\b", re.IGNORECASE
)
# What is to come was told before it: "What will the fare be in April?".
_FUTURE: Final = lazy_regex(r"\b(?:will|shall|going to|scheduled|planned|due)\b", re.IGNORECASE)
_PAST: Final = lazy_regex(
    r"\b(?:was|were|did|had|used to)\b"
    rf"|^(?:who|which [a-z]+) (?:{'|'.join(IRREGULAR)}|[a-z]{{2,}}ed)\b",
    re.IGNORECASE,
)
# Said of the asking rather than of the thing: no article says "at first" of what it reports.
_STATE_WORDS: Final = lazy_regex(
    rf"\s*\b(?:(?:(?:right|as of|by|until|up to) )?now|{_AT_PRESENT}"
    r"|at first|originally|initially|in the beginning|"
    rf"to begin with|{_FIRST_DONE})\b",
    re.IGNORECASE,
)
_WORD_FIRST: Final = lazy_regex(
    r"(?P<did>\bdid\b[^?,]*)(?<!\bthe )(?<!['’]s )(?<!\bat )\bfirst\s+(?=[a-z])", re.IGNORECASE
)
# "Was 2023 hotter than 2016?", "more than in May": times of the fact, both of them.
_COMPARES: Final = lazy_regex(
    r"\b(?:than|compared (?:to|with)|vs\.?|versus)\s+(?:(?:it|they|he|she) (?:did|was|were|had) )?"
    r"(?:(?:in|at|on|during)\s+)?(?:(?:19|20)\d\d|last|the year|"
    r"(?:jan|feb|mar|apr|may|june|july|aug|sep|oct|nov|dec|spring|summer|autumn|winter)[a-z]*)\b",
    re.IGNORECASE,
)
_YEAR: Final = lazy_regex(r"\b(?:19|20)\d\d\b")
_YEARS_BACK: Final = 3
# Longer times are more often those of the fact than those of its telling.
_SHORT_PERIOD: Final = timedelta(days=92)

Kind = Literal["newest", "first", "previous", "period"]


@dataclass(frozen=True, slots=True)
class AskedState:
    """The state asked for. Of ``period`` the days: ``None`` is no bound; ``any_year`` where the
    question names a month without its year. ``is_newest_named`` where it has a word for the newest
    ("now", "latest")."""

    kind: Kind = "newest"
    first: date | None = None
    last: date | None = None
    any_year: bool = False
    is_newest_named: bool = False

    @property
    def is_explicit(self) -> bool:
        """Whether the question has words for the state: "now", "at first", "before", a time."""
        return self.kind != "newest" or self.is_newest_named

    def choose(self, days: Sequence[date]) -> date | None:
        """Choose among the days of the articles that answer; ``None`` where none is in or before
        the period asked for."""
        ordered = sorted(set(days))
        match self.kind:
            case "first":
                return ordered[0]
            case "previous":
                return ordered[-2:][0]
            case "newest":
                return ordered[-1]
        for years in range(_YEARS_BACK + 1 if self.any_year else 1):
            first, last = _years_back(self.first, years), _years_back(self.last, years)
            inside = [day for day in ordered if (first or date.min) <= day <= (last or date.max)]
            if inside:
                return inside[-1]
        before = [day for day in ordered if self.last and day <= self.last]
        return before[-1] if before else None


def find_asked_state(question: str, time_words: Sequence[TimeWord]) -> AskedState:
    """Find which state of a story a question asks for.

    question: standalone.
    time_words: its time expressions.
    """
    if _BEFORE_NEWEST.search(question) and _PAST.search(question):
        return AskedState("previous")
    if _NEWEST.search(question):
        return AskedState("newest", is_newest_named=True)
    if _FIRST.search(question) or _ASKS_ORIGINAL.match(question):
        return AskedState("first")
    for word in time_words:
        if word.effect == "newest":
            return AskedState("newest", is_newest_named=True)
        first, last = word.published_from, word.published_to
        # "In 2026, ..." of what is to come says nothing about when it was told.
        any_year = not _YEAR.search(word.phrase)
        if _COMPARES.search(question):
            continue
        if last is None or (any_year and _FUTURE.search(question)):
            continue
        return AskedState("period", first, last, any_year=any_year)
    return AskedState("previous" if _asks_for_previous(question) else "newest")


def _asks_for_previous(question: str) -> bool:
    is_past = _PAST.search(question) and not _YES_NO.match(question)
    return bool(is_past and _PREVIOUS.search(question))


def without_state_words(question: str, time_words: Sequence[TimeWord]) -> str:
    """Take the words out that say which state of a story a question asks for, and the short time
    that it names: the articles, each the newest on its day, do not have them."""
    rest = question
    if _asks_for_previous(question):
        rest = _BEFORE.sub("", rest)
    if period := ask_within_period(question, time_words):
        rest = period.question
    if original := _ASKS_ORIGINAL.match(rest):
        rest = rest[: original.start("original")] + rest[original.end() :]
    rest = _WORD_FIRST.sub(r"\g<did>", rest)
    rest = " ".join(_STATE_WORDS.sub("", rest).split())
    rest = re.sub(r"\s+(?=[?,.])", "", rest).lstrip(" ,")
    return rest[:1].upper() + rest[1:] if question[:1].isupper() else rest


@dataclass(frozen=True, slots=True)
class PeriodQuestion:
    """A question without the period that it names, and the days of that period."""

    question: str
    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        """Whether a day is in the period; an unknown day is not."""
        return day is not None and self.first <= day <= self.last


def ask_within_period(question: str, time_words: Sequence[TimeWord]) -> PeriodQuestion | None:
    """Take the short period (up to three months) that a question names out of it; ``None`` where it
    names none, or more than one."""
    if len(time_words) != 1:
        return None
    (word,) = time_words
    state = find_asked_state(question, time_words)
    if state.first is None or state.last is None or state.last - state.first > _SHORT_PERIOD:
        return None
    rest = re.sub(r"\s+(?=[?,.])|(?<=\s)\s+", "", question.replace(word.phrase, "", 1)).strip(" ,")
    return PeriodQuestion(rest, state.first, state.last) if rest != question else None


def _years_back(day: date | None, years: int) -> date | None:
    return day and add_months(day, -12 * years)
