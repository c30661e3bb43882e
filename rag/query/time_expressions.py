"""Words of time in a question: which articles they ask for, or would rather have.

A year in a question is mostly the year of the fact: an article of 2025 tells of the imports of
2024. So words of time leave articles out only where they speak of publication ("articles from
2024", "yesterday's news", "what was reported last month"). Elsewhere they are a preference: for
articles of the period named, or for the newest ("latest"). A preference hides nothing; see
:mod:`rag.retrieval.recency`.

English only. Weeks begin on Monday; a month without a year is the last one of that name that has
begun.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from index.filters import Filters

__all__ = ["Effect", "TimeWord", "find_time_words", "narrow_filters"]

Effect = Literal["filter", "prefer", "prefer_weakly", "newest"]

_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name}
_MONTHS["sept"] = 9
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve"
_NUMBER = {word: i for i, word in enumerate(_NUMBERS.split(), start=1)}
_COUNT = rf"(?:\d{{1,3}}|a|an|{'|'.join(_NUMBER)}|few|couple of)"
_YEAR = r"(?:19|20)\d\d"

_PERIOD = re.compile(
    rf"""\b(?:
      (?P<day>today|yesterday)
    | (?<!the\s)(?P<which>this|last|past|previous)\s+(?P<unit>week|month|quarter|year)
    | (?:in\s+|over\s+|during\s+|within\s+)?the\s+(?:last|past)\s+(?P<count>{_COUNT})\s+
      (?P<units>day|week|month|year)s?
    | (?P<ago>{_COUNT})\s+(?P<agounit>day|week|month|year)s?\s+ago
    | (?P<bound>in|of|from|during|since|before|after|until|on)\s+(?:
        (?P<iso>{_YEAR}-\d\d-\d\d)
      | (?:(?P<dom>\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?P<month>{_MONTH})\b\.?
        (?:\s+(?P<mdom>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?(?:,?\s+(?P<myear>{_YEAR}))?
      | (?:the\s+year\s+)?(?P<year>{_YEAR})
      | (?P<lastunit>last|this)\s+(?P<sinceunit>week|month|quarter|year)
      | (?P<sinceday>yesterday))
    )(?![\w-])""",
    re.IGNORECASE | re.VERBOSE,
)
_NEWEST = re.compile(
    r"\b(?:latest|most\s+recent(?:ly)?|recently|right\s+now|as\s+of\s+(?:now|today))\b",
    re.IGNORECASE,
)
_PRESS = r"(?:articles?|stor(?:y|ies)|news|coverage|headlines?|reporting|posts)"
# What stands before words of time that speak of publication.
_PUBLISHED_BEFORE = re.compile(
    rf"\b{_PRESS}(?:\s+(?:published|written|posted|printed|that\s+(?:appeared|ran)))?(?:\s+(?:in"
    rf"|on))?\s*\Z"
    rf"|\b{_PRESS}\b.*\b(?:published|written|posted|printed)(?:\s+(?:in|on))?\s*\Z"
    r"|\bwhat(?:’s|'s|\s+(?:was|is|has\s+been|have))\s+(?:\w+\s+){0,2}?(?:reported|published"
    r"|written)\b.{0,60}\Z",
    re.IGNORECASE,
)
_PRESS_BEFORE = re.compile(rf"\b{_PRESS}\b.{{0,80}}\Z", re.IGNORECASE)
_PUBLISHED_AFTER = re.compile(rf"(?:’s|'s|s’|s')?\s+{_PRESS}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TimeWord:
    """Words of time in a question and what they do: ``filter`` leaves out articles published
    outside the days named, ``prefer`` and ``prefer_weakly`` rank those within them higher,
    ``newest`` does so with the newest. Both days belong to the period; ``None`` is no bound."""

    phrase: str
    effect: Effect
    published_from: date | None = None
    published_to: date | None = None


def find_time_words(question: str, today: date) -> tuple[TimeWord, ...]:
    """Find the words of time in a question, in its order; impossible periods are left out.

    ``today`` is what "yesterday" is counted from.
    """
    expressions: list[tuple[int, TimeWord]] = []
    for match in _PERIOD.finditer(question):
        period = _period(match, today)
        if period is None or (period[0] and period[1] and period[0] > period[1]):
            continue
        effect = _effect(question, match)
        # What happened in a year is told until well into the next.
        first, last = period
        if effect == "prefer_weakly" and first and last:
            last = last + timedelta(days=365)
        expressions.append((match.start(), TimeWord(match.group(), effect, first, last)))
    for match in _NEWEST.finditer(question):
        expressions.append((match.start(), TimeWord(match.group(), "newest")))
    return tuple(word for _, word in sorted(expressions, key=lambda pair: pair[0]))


def narrow_filters(filters: Filters, words: tuple[TimeWord, ...]) -> Filters:
    """Narrow the filters by the question's words of time; days that they have already stand."""
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
    is_named = match["iso"] or match["month"] or match["year"]
    since = match["bound"] and match["bound"].lower() == "since"
    return "prefer_weakly" if is_named and not since else "prefer"


Period = tuple[date | None, date | None]


def _period(match: re.Match[str], today: date) -> Period | None:
    part = match.groupdict()
    if part["day"]:
        day = today - timedelta(days=part["day"].lower() == "yesterday")
        return day, day
    if part["unit"]:
        return _unit(part["which"], part["unit"], today)
    if part["units"]:
        return _back(today, part["count"], part["units"]), today
    if part["ago"]:
        return _back(today, part["ago"], part["agounit"]), today
    try:
        bounds = _named_period(part, today)
    except ValueError:
        return None
    return _apply_bound(part["bound"].lower(), *bounds, today)


def _apply_bound(bound: str, first: date, last: date, today: date) -> Period:
    match bound:
        case "since":
            return first, today
        case "before":
            return None, first - timedelta(days=1)
        case "after":
            return last + timedelta(days=1), None
        case "until":
            return None, last
    return first, last


def _named_period(part: dict[str, str | None], today: date) -> tuple[date, date]:
    if part["sinceday"]:
        day = today - timedelta(days=1)
        return day, day
    if part["lastunit"] and part["sinceunit"]:
        return _unit(part["lastunit"], part["sinceunit"], today)
    if part["iso"]:
        day = date.fromisoformat(part["iso"])
        return day, day
    if part["year"]:
        return date(int(part["year"]), 1, 1), date(int(part["year"]), 12, 31)
    month = _MONTHS[str(part["month"]).lower()]
    year = int(part["myear"] or today.year - (month > today.month))
    if number := part["dom"] or part["mdom"]:
        day = date(year, month, int(number))
        return day, day
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _unit(position: str, unit: str, today: date) -> tuple[date, date]:
    first = _first(unit, today)
    if position.lower() == "this":
        return first, today
    last = first - timedelta(days=1)
    return _first(unit, last), last


def _first(unit: str, day: date) -> date:
    match unit.lower():
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return date(day.year, 1, 1)


def _back(today: date, count: str, unit: str) -> date:
    count = count.lower()
    few = {"a": 1, "an": 1, "few": 4, "couple of": 2}
    number = few.get(count) or _NUMBER.get(count) or int(count)
    days = {"day": 1, "week": 7, "month": 31, "year": 366}[unit.lower()]
    return today - timedelta(days=min(number * days, 100 * 366))
