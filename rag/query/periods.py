"""Resolve the periods that a question names: "Q3 2024", "2020 to 2022", "last Monday", "this
summer".

English only. Weeks begin on Monday; a month without a year is the last one of that name that has
begun, and so is a day of the week; seasons are those of the northern hemisphere, by whole months.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Final

from index.text.months import ENGLISH_MONTHS
from index.text.patterns import lazy_regex
from index.text.weekdays import WEEKDAYS

__all__ = ["SPEC", "STRETCH", "Period", "add_months", "resolve_period"]

Period = tuple[date | None, date | None]

_MONTH: Final = rf"(?:{'|'.join(sorted(ENGLISH_MONTHS, key=len, reverse=True))})\b\.?"
_WEEKDAYS: Final = WEEKDAYS["en"]
_SEASONS: Final = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_PARTS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
_YEAR: Final = r"(?:19|20)\d\d"
# Beside a month a number of four digits is a year: "8 November 1880" is not that of last year.
_YEAR_OF_DAY: Final = r"(?:1\d|20)\d\d"
_SEASON: Final = rf"(?:{'|'.join(_SEASONS)})"
_UNIT: Final = rf"(?:week|month|quarter|year|weekend|{_SEASON}|{'|'.join(_WEEKDAYS)})"
_DAY: Final = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d)"
_STRETCHES: Final = (
    rf"(?:the\s+)?{_SEASON}\s+(?:of\s+)?{_YEAR}",
    rf"(?:the\s+)?(?:Q[1-4]|(?:first|second|third|fourth|last)[\s-]quarter)\s+(?:of\s+)?{_YEAR}",
    rf"(?:the\s+)?(?:H[12]|(?:first|second)[\s-]half)\s+(?:of\s+)?{_YEAR}",
    rf"(?:early|mid|late)[\s-]{_YEAR}",
    rf"(?:the\s+)?(?:beginning|start|end)\s+of\s+{_YEAR}",
    # "The last year of the war" is not the last year.
    rf"(?<!the\s)(?:last|this|next)\s+{_UNIT}",
    rf"{_YEAR}\s?[-–/]\s?(?:{_YEAR}|\d\d)(?!\d)",
    rf"{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR_OF_DAY}",
    rf"{_MONTH}\s+{_DAY},?\s+{_YEAR_OF_DAY}",
    rf"{_MONTH},?\s+{_YEAR_OF_DAY}",
)
# What names a period by itself, and what only does after "in", "since" and the like.
STRETCH: Final = rf"(?:{'|'.join(_STRETCHES)})"
SPEC: Final = (
    rf"(?:{_YEAR}-\d\d-\d\d"
    rf"|(?:the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR_OF_DAY})?"
    rf"|{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR_OF_DAY})?"
    rf"|{STRETCH}|{_MONTH}"
    rf"|the\s+(?:19|20)\d0s|(?:the\s+year\s+)?{_YEAR}"
    rf"|yesterday|{'|'.join(_WEEKDAYS)})"
)
_ISO: Final = lazy_regex(r"(\d{4})-(\d\d)-(\d\d)")
_TWO_YEARS: Final = lazy_regex(rf"({_YEAR})\s?[-–/]\s?(\d{{2,4}})")
_DECADE: Final = lazy_regex(r"the\s+(\d{3})0s", re.IGNORECASE)
_OF_YEAR: Final = lazy_regex(
    rf"(early|mid|late|beginning|start|end|Q[1-4]|H[12]|\w+(?=[\s-](?:quarter|half))|{_SEASON})"
    rf"(?:[\s-](quarter|half))?(?:\s+of)?[\s-]({_YEAR})",
    re.IGNORECASE,
)


def resolve_period(spec: str, today: date, year: int | None = None) -> Period | None:
    """Return the first and last day of a period, asked for on ``today``; ``None`` for days that do
    not exist.

    spec: words that ``SPEC`` matches.
    year: the year where these words leave it to another period ("from March to May 2025").
    """
    try:
        return _resolve(" ".join(spec.lower().split()), today, year)
    except ValueError:
        return None


def _resolve(spec: str, today: date, year: int | None) -> Period:
    words = spec.split()
    # "Last quarter of 2024" is a part of that year.
    if words[0] in ("last", "this", "next") and len(words) == 2:
        return _relative(words[0], words[1], today)
    if spec == "yesterday":
        return (today - timedelta(days=1),) * 2
    if spec in _WEEKDAYS:
        return (_weekday("on", spec, today),) * 2
    if iso := _ISO.fullmatch(spec):
        return (date(*(int(part) for part in iso.groups())),) * 2
    if years := _TWO_YEARS.fullmatch(spec):
        first, last = years.groups()
        return date(int(first), 1, 1), date(int(first[: 4 - len(last)] + last), 12, 31)
    if decade := _DECADE.fullmatch(spec):
        return date(int(decade[1]) * 10, 1, 1), date(int(decade[1]) * 10 + 9, 12, 31)
    if part := _OF_YEAR.search(spec):
        return _part_of_year(part[1], part[2] or "", int(part[3]))
    return _calendar(spec, today, year)


def _calendar(spec: str, today: date, year: int | None) -> Period:
    """Resolve a year, a month or a day."""
    year_match = re.search(_YEAR_OF_DAY, spec)
    months = map(ENGLISH_MONTHS.get, re.findall(r"[a-z]+", spec))
    month = next(filter(None, months), None)
    if month is None:
        whole = int(year_match[0]) if year_match else today.year
        return date(whole, 1, 1), date(whole, 12, 31)
    of = int(year_match[0]) if year_match else year or today.year - (month > today.month)
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", spec)
    if day:
        return (date(of, month, int(day[1])),) * 2
    return _months(of, month, 1)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    """Return the first and last day of ``count`` months."""
    first = date(year, month, 1)
    return first, add_months(first, count) - timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """Add months to a day; the result is the last day of a month that is too short for it."""
    at = day.year * 12 + day.month - 1 + months
    year, month = max(at // 12, 1), at % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _part_of_year(part: str, kind: str, year: int) -> Period:
    if part in _SEASONS:
        return _months(year, _SEASONS[part], 3)
    if part in ("early", "beginning", "start"):
        return _months(year, 1, 4)
    if part == "mid":
        return _months(year, 5, 4)
    if part in ("late", "end"):
        return _months(year, 9, 4)
    number = int(part[1]) if part[1:].isdigit() else _PARTS[part]
    if kind == "half" or part[0] == "h":
        return _months(year, 6 * number - 5, 6)
    return _months(year, 3 * number - 2, 3)


def _relative(position: str, unit: str, today: date) -> Period:
    if unit in _WEEKDAYS:
        return (_weekday(position, unit, today),) * 2
    step = {"last": -1, "this": 0, "next": 1}[position]
    if unit == "weekend":
        saturday = today - timedelta(days=today.weekday() - 5) + timedelta(weeks=step)
        return saturday, saturday + timedelta(days=1)
    if unit in _SEASONS:
        return _season(step, _SEASONS[unit], today)
    first = _first(unit, today)
    if position == "this":
        return first, today
    if unit == "week":
        start = first + timedelta(weeks=step)
        return start, start + timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    start = add_months(first, step * months)
    return start, add_months(start, months) - timedelta(days=1)


def _season(step: int, month: int, today: date) -> Period:
    """Resolve a season: the last one that is over, that of this year, or the next one to begin."""
    every = [_months(today.year + shift, month, 3) for shift in (-2, -1, 0, 1)]
    if step < 0:
        return next(season for season in reversed(every) if season[1] < today)
    if step > 0:
        return next(season for season in every if season[0] > today)
    return every[2]


def _weekday(position: str, name: str, today: date) -> date:
    """Resolve a day of the week: the last up to today ("on Monday"), before today ("last"), or the
    next."""
    back = (today.weekday() - _WEEKDAYS.index(name)) % 7
    if position in ("next", "this"):
        return today + timedelta(days=-back % 7 or 7 * (position == "next"))
    return today - timedelta(days=back or 7 * (position == "last"))


def _first(unit: str, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "quarter":
        return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return day.replace(day=1) if unit == "month" else date(day.year, 1, 1)
