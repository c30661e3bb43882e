"""Time expressions in a question: which articles they select, or prefer.

A year in a question is mostly the year of the fact: an article of 2025 reports the imports of 2024.
So time expressions filter articles only where they speak of publication ("articles from 2024",
"yesterday's news", "what was reported last month"). Elsewhere they are a preference: for articles
of the period named, or for the newest ("latest"). A preference hides nothing; see
:mod:`rag.retrieval.recency`.

English only; :mod:`rag.query.periods` resolves the days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from index.filters import Filters
from index.text.months import MONTHS
from index.text.patterns import lazy_regex
from rag.query.periods import SPEC, STRETCH, Period, add_months, resolve_period

__all__ = ["Effect", "TimeWord", "find_time_words", "narrow_filters"]

Effect = Literal["filter", "prefer", "prefer_weakly", "newest"]

_NUMBERS = "one two three four five six seven eight nine ten eleven twelve"
_NUMBER = {word: i for i, word in enumerate(_NUMBERS.split(), start=1)}
_COUNT = rf"(?:\d{{1,3}}|a|an|{'|'.join(_NUMBER)}|(?:a\s+)?few|(?:a\s+)?couple\s+of)"

_PERIOD: Final = lazy_regex(
    rf"""\b(?:
      between\s+(?P<low>\d{{1,2}}|{SPEC})\s+and\s+(?P<high>{SPEC})
    | from\s+(?P<start>\d{{1,2}}|{SPEC})\s+to\s+(?P<end>{SPEC})
    | (?P<day>today|yesterday|tomorrow|tonight|this\s+morning|last\s+night)
    | (?P<bound>in|as\s+of|of|from|during|since|before|after|until|on|by)\s+(?P<spec>{SPEC})
    | (?:in\s+|over\s+|during\s+|within\s+)?the\s+(?:last|past)\s+(?P<count>{_COUNT})\s+
      (?P<units>day|week|month|year)s?
    | (?:in|over|during|within|for)\s+the\s+(?:last|past)\s+(?P<whole>week|month|year)
      (?!\s+of\b)
    | (?<![\d.,])(?P<ago>{_COUNT})\s+(?P<agounit>day|week|month|year)s?\s+ago
    | (?<!the\s)(?:past|previous)\s+(?P<past>week|month|quarter|year) | (?P<alone>{STRETCH})
    | (?:the|and|than|or)\s+(?P<year>(?:19|20)\d\d)(?=\s+[^\W\d]|\W*$)
      (?!\s+(?:people|workers|jobs|members|units|cars|homes|model|times|points|dollars|euros))
    )(?![\w-])""",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE_END: Final = lazy_regex(r"\s*$|\s+[A-Z]")
_NEWEST = lazy_regex(
    r"\b(?:latest|most\s+recent(?:ly)?|recently|right\s+now|as\s+of\s+(?:now|today))\b",
    re.IGNORECASE,
)
_PRESS: Final = r"(?:articles?|stor(?:y|ies)|news|coverage|headlines|posts)"
# What the question is about, where only words of grammar stand before: "which article ...", and
# not "what festival did the band headline", "his short story".
_ABOUT_PRESS: Final = (
    r"^\W*(?:(?:please|can|could|you|show|give|find|list|summari[sz]e|me|is|are|was|were|there|has|"
    r"have|any|all|some|only|which|what|how|many|the|my|our|in|from|of|according|to|latest)\s+)*"
    rf"{_PRESS}\b"
)
_PUBLICATION: Final = (
    r"(?:\s+(?:published|written|posted|printed|that\s+(?:appeared|ran)))?(?:\s+(?:in|on))?\s*\Z"
)
# What stands before words of time that speak of publication.
_PUBLISHED_BEFORE: Final = lazy_regex(
    rf"{_ABOUT_PRESS}{_PUBLICATION}"
    rf"|\b(?:articles|(?<!short\s)stories|coverage)\b{_PUBLICATION}"
    rf"|{_ABOUT_PRESS}.*\b(?:published|written|posted|printed|appeared)(?:\s+(?:in|on))?\s*\Z"
    r"|\bwhat(?:’s|'s|\s+(?:was|is|has|have))\s+(?:been\s+)?(?:reported|published|written)\b"
    r".{0,60}\Z",
    re.IGNORECASE,
)
_PRESS_BEFORE: Final = lazy_regex(rf"{_ABOUT_PRESS}.{{0,80}}\Z", re.IGNORECASE)
_PUBLISHED_AFTER = lazy_regex(rf"(?:’s|'s|s’|s')?\s+{_PRESS}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TimeWord:
    """A time expression of a question and its effect.

    ``filter`` leaves out articles published outside the days named, ``prefer`` and
    ``prefer_weakly`` rank those within them higher, ``newest`` does so with the newest. Both days
    belong to the period; ``None`` is no bound.
    """

    phrase: str
    effect: Effect
    published_from: date | None = None
    published_to: date | None = None


def find_time_words(question: str, today: date) -> tuple[TimeWord, ...]:
    """Find the time expressions of a question, in order; impossible periods are left out.

    ``today`` is what "yesterday" is counted from.
    """
    expressions: list[tuple[int, TimeWord]] = []
    for match in _PERIOD.finditer(question):
        period = _period(match, today)
        if period is None or (period[0] and period[1] and period[0] > period[1]):
            continue
        start = match.start("year") if match["year"] else match.start()
        # The full stop of a month's abbreviation may be that of the sentence.
        is_end = _SENTENCE_END.match(question, match.end())
        phrase = question[start : match.end()].rstrip("." if is_end else "")
        expressions.append((start, TimeWord(phrase, _effect(question, match), *period)))
    for match in _NEWEST.finditer(question):
        expressions.append((match.start(), TimeWord(match.group(), "newest")))
    return tuple(word for _, word in sorted(expressions, key=lambda pair: pair[0]))


def narrow_filters(filters: Filters, words: tuple[TimeWord, ...]) -> Filters:
    """Narrow the filters by the question's time expressions; days that the filters have already
    stay."""
    periods = [word for word in words if word.effect == "filter"]
    if not periods or filters.published_from or filters.published_to:
        return filters
    first = max(
        (period.published_from for period in periods if period.published_from), default=None
    )
    last = min((period.published_to for period in periods if period.published_to), default=None)
    if first and last and first > last:
        return filters
    return filters.model_copy(update={"published_from": first, "published_to": last})


def _effect(question: str, match: re.Match[str]) -> Effect:
    before, after = question[: match.start()], question[match.end() :]
    publication = _PUBLISHED_BEFORE.search(before) or _PUBLISHED_AFTER.match(after)
    if not publication and match["bound"] and match["bound"].lower() in ("from", "since"):
        publication = _PRESS_BEFORE.search(before)
    if publication:
        return "filter"
    # Words that count from today speak of news; a year is mostly that of the fact.
    words = match["spec"] or match["alone"] or match["high"] or match["end"] or match["year"] or ""
    near = not re.search(r"\d", words) and not _MONTH_NAME.search(words)
    since = match["bound"] and match["bound"].lower() == "since"
    return "prefer" if near or since else "prefer_weakly"


_MONTH_NAME: Final = lazy_regex(
    rf"\b(?:{'|'.join(name[:3] for name in MONTHS['en'])})", re.IGNORECASE
)


def _period(match: re.Match[str], today: date) -> Period | None:
    part = match.groupdict()
    if part["day"]:
        away = {"yesterday": -1, "last night": -1, "tomorrow": 1}
        day = today + timedelta(days=away.get(" ".join(part["day"].lower().split()), 0))
        return day, day
    if part["units"]:
        return _back(today, part["count"], part["units"]), today
    if part["whole"]:
        return _back(today, "a", part["whole"]), today
    if part["ago"]:
        return _back(today, part["ago"], part["agounit"]), today
    if part["past"]:
        return resolve_period(f"last {part['past']}", today)
    if last := part["high"] or part["end"]:
        return _between(str(part["low"] or part["start"]), last, today)
    if part["spec"]:
        period = resolve_period(part["spec"], today)
        return _apply_bound(part["bound"].lower(), period, today) if period else None
    return resolve_period(part["alone"] or part["year"], today)


def _between(low: str, high: str, today: date) -> Period | None:
    """Resolve a range from the first day of one period to the last of another, which may give the
    month and year of both: "between 3 and 7 March 2025"."""
    last = resolve_period(high, today)
    if last is None or last[1] is None:
        return None
    if low.isdigit() and len(low) < 4:
        is_day = last[0] == last[1] and 0 < int(low) <= last[1].day
        return (last[1].replace(day=int(low)), last[1]) if is_day else None
    first = resolve_period(low, today, last[1].year)
    return (first[0], last[1]) if first else None


def _apply_bound(bound: str, period: Period, today: date) -> Period:
    first, last = period
    match bound:
        case "since":
            return first, today
        case "before" if first:
            return None, first - timedelta(days=1)
        case "after" if last:
            return last + timedelta(days=1), None
        case "until" | "by":
            return None, last
    return first, last


def _back(today: date, count: str, unit: str) -> date:
    count = " ".join(count.lower().split()).removeprefix("a ")
    few = {"a": 1, "an": 1, "few": 4, "couple of": 2}
    number = few.get(count) or _NUMBER.get(count) or int(count)
    if unit.lower() in ("month", "year"):
        return add_months(today, -number * (12 if unit.lower() == "year" else 1))
    return today - timedelta(days=number * (7 if unit.lower() == "week" else 1))
