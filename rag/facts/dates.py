"""Read days, months and years in a text, as precisely as it states them.

"26 May 2025", "May 26, 2025" and "2025-05-26" are one day; it backs "in May 2025", but "in May
2025" does not back it. Offsets are code points, end exclusive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from index.text.months import ENGLISH_MONTHS
from index.text.patterns import lazy_regex
from index.text.weekdays import WEEKDAYS

__all__ = ["Day", "days", "same_day", "weekdays"]

_CENTURIES_LIST: Final = (
    "eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth "
    "twentieth twenty-first"
)
_CENTURIES: Final = _CENTURIES_LIST.split()
_MONTH: Final = r"(?P<month>" + "|".join(sorted(ENGLISH_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY: Final = r"(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_YEAR: Final = r"(?P<year>1\d{3}|20\d{2})"
_RULES: Final = tuple(
    lazy_regex(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_YEAR}-(?P<number>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])\b",
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}\s*,?\s+{_YEAR}\b",
        rf"\b{_MONTH}\s+{_DAY}\s*,?\s+{_YEAR}\b",
        rf"\b{_MONTH}\s*,?\s+{_YEAR}\b",
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}",
        rf"\b{_MONTH}\s+{_DAY}\b(?![:.,]?\d)",
        r"\b(?P<decade>1\d{2}|20\d)0\s?['’]?s\b",
        r"\b(?:(?P<century>\d{1,2})(?:st|nd|rd|th)|(?P<spelt>" + "|".join(_CENTURIES) + r"))"
        r"[\s-]+century\b",
        rf"(?<![\w.,$€£¥₹-]){_YEAR}\s?[-–/]\s?(?P<until>\d{{4}}|\d{{2}})(?![\w%$€£¥-]|[.,]\d)",
        r"(?<![\w.,$€£¥₹-])(?P<year>1\d{3}|20\d{2})(?![\w%$€£¥]|[.,]\d|-(?:page|strong|seat|mile|"
        r"metre|meter|foot|member|people|ton|tonne))",
        r"\b(?:mid|pre|post|early|late)-(?P<year>1\d{3}|20\d{2})(?![\w%$€£¥]|[.,]\d)",
        rf"\b{_MONTH}(?<=[a-z])(?=\s|[,.;]|['’]s\b|$)",
    )
)
# What makes four digits a count and not a year.
_COUNT_NOUN: Final = lazy_regex(
    r"\s*(?:percent|per\s+cent|people|million|billion|thousand|dollars?|euros?|pounds?|yen|yuan|km|kg|"
    r"m\b|cc\b|metres?|meters?|miles?|square|cubic|employees|jobs|workers|members|units|times|"
    r"years?|points?|boxes|cars|houses|homes|guilders|francs|hours|gmt\b|a\s+month\b|of\s+them\b|"
    r"residents|inhabitants|complaints|(?:\w+\s)?(?:street|road|avenue|lane)\b)",
    re.IGNORECASE,
)


# What stands before a number that is no year.
_NUMBER_LABEL: Final = lazy_regex(
    r"(?:chapter|flight|highway|route|room|no\.?|number|call|article|page|section|model|"
    r"more\s+than|fewer\s+than|less\s+than|some|nearly|almost)\s+\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date at ``[start, end)``, as far as it is stated. ``years`` are the first and last year
    that it may mean ("1990s": 1990 to 1999); empty when no year is stated. ``weekday`` is 0 for a
    Monday, of one that is told by its name alone."""

    start: int
    end: int
    years: tuple[int, int] | None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None

    @classmethod
    def of(cls, when: date) -> Day:
        """Make a day from a date of another source, such as an article's date of publication."""
        return cls(0, 0, (when.year, when.year), when.month, when.day)


def days(text: str) -> list[Day]:
    """Find the dates of a text, in order; of overlapping ones the longest."""
    occupancy = bytearray(len(text))
    result: list[Day] = []
    for rule in _RULES:
        for match in rule.finditer(text):
            if any(occupancy[match.start() : match.end()]) or not _plausible(text, match):
                continue
            occupancy[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            result.append(_day(match))
    return sorted(result, key=lambda day: day.start)


def weekdays(text: str) -> list[Day]:
    """Find the names of days of the week, which :func:`days` leaves out."""
    return [
        Day(match.start(), match.end(), None, weekday=_WEEKDAYS.index(match.group().lower()))
        for match in _WEEKDAY.finditer(text)
    ]


_WEEKDAYS: Final = WEEKDAYS["en"]
_WEEKDAY: Final = lazy_regex(r"\b(?:" + "|".join(name.title() for name in _WEEKDAYS) + r")\b")


def _plausible(text: str, match: re.Match[str]) -> bool:
    parts = match.groupdict()
    if parts.get("month") and not (parts.get("year") or parts.get("day")):
        # "may" and "march" alone are words; the short forms alone are too.
        word = parts["month"]
        is_may = word == "May" and _IN_MAY.search(text, 0, match.start()) is not None
        is_short = len(word) <= 3 and not is_may
        if not word[0].isupper() or is_short or (word == "March" and match.start() == 0):
            return False
        return not _named_so(text, match)
    if parts.get("month") and not parts["month"][0].isupper() and not parts.get("year"):
        return False
    alone = parts.get("year") and match.group() == parts["year"]
    return not (
        alone
        and (_COUNT_NOUN.match(text, match.end()) or _NUMBER_LABEL.search(text[: match.start()]))
    )


# Before these "May" is a month and nobody's name.
_IN_MAY: Final = lazy_regex(
    r"\b(?:in|since|until|till|during|last|next|early|late|mid|of|end of)[\s-]+\Z", re.IGNORECASE
)
# "April Jones", "Theresa May", "the June Foundation".
_SURNAME: Final = lazy_regex(r"\s+[A-Z][a-z]+\b")
_FIRST_NAME: Final = lazy_regex(r"[A-Z][a-z]+\s+\Z")


def _named_so(text: str, match: re.Match[str]) -> bool:
    """Whether a month name alone is part of a person's or a thing's name."""
    before = _FIRST_NAME.search(text[: match.start()])
    opens = before is not None and not text[: before.start()].strip(" \"“‘'")
    word = before.group().strip().lower() if before else ""
    leads = bool(before) and not (opens and word in _LEADS)
    return leads or bool(_SURNAME.match(text, match.end()))


_LEADS_LIST: Final = "in by since until before after during from this last next early late mid"
_LEADS: Final = frozenset(_LEADS_LIST.split())


def _day(match: re.Match[str]) -> Day:
    parts = match.groupdict()
    years = None
    if parts.get("year"):
        first, until = int(parts["year"]), parts.get("until") or ""
        # "2023-24" runs to 2024.
        last = int(f"{first // 100}{until}") if len(until) == 2 else int(until or first)
        years = (first, max(first, last))
    elif parts.get("decade"):
        first = int(parts["decade"]) * 10
        # "the 1900s" is the century as often as the decade.
        years = (first, first + (99 if first % 100 == 0 else 9))
    elif parts.get("century") or parts.get("spelt"):
        word = parts.get("spelt")
        number = _CENTURIES.index(word.lower()) + 11 if word else int(str(parts["century"]))
        first = (number - 1) * 100
        years = (first, first + 100)
    month = parts.get("month")
    month_number = int(parts["number"]) if parts.get("number") else None
    return Day(
        match.start(),
        match.end(),
        years,
        ENGLISH_MONTHS[month.lower()] if month else month_number,
        int(parts["day"]) if parts.get("day") else None,
    )


def same_day(claim: Day, statement: Day) -> bool:
    """Whether ``statement`` backs ``claim``: it states at least as much, and nothing that
    differs. A day of the week is backed by a date that falls on it."""
    if claim.weekday is not None:
        return claim.weekday == statement.weekday or claim.weekday == _falls_on(statement)
    if claim.years is not None and (
        statement.years is None
        or not claim.years[0] <= statement.years[0] <= statement.years[1] <= claim.years[1]
    ):
        return False
    return claim.month in (None, statement.month) and claim.day in (None, statement.day)


def _falls_on(day: Day) -> int | None:
    """Return the day of the week of a whole date."""
    if day.years is None or day.years[0] != day.years[1] or not day.month or not day.day:
        return None
    try:
        return date(day.years[0], day.month, day.day).weekday()
    except ValueError:
        return None
