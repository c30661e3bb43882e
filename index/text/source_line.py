"""Read a line that says where and when an article appeared, as people paste it above the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from index.text.date_types import DateOrder
from index.text.dates import days_in, says_only_when
from index.text.patterns import lazy_regex
from index.text.roles import is_role
from index.text.weekdays import weekday_number

__all__ = ["SourceLine", "author_with_role", "read_source_line", "source_day"]

_MAX_CHARS: Final = 160
_MOST_PARTS: Final = 4
_BETWEEN_PARTS: Final = lazy_regex(
    r"\s*[][,;|·•()]\s*|\s+(?:[/–—-]+|//)(?:\s+|\Z)|\.\s+|\s+(?=by\s)", re.IGNORECASE
)
# What a day may stand behind.
_BEFORE_DAY: Final = lazy_regex(r"(?:\A|[][,;|·•().–—:/-]|[^][,;|·•().] on)\Z")
_WORD: Final = r"[A-ZÀ-Þ][\w.’'&-]*"
_NAME: Final = rf"{_WORD}(?: (?:{_WORD}|of|the|and|&|de|du|des|la|le|les|der|die|für|from)){{0,6}}"
_PERSON: Final = rf"{_WORD}(?: (?:{_WORD}|de|van|von|der|la|bin|al)){{1,3}}"
_OUTLET: Final = lazy_regex(
    rf"(?:(?i:(?:first |originally )?(?:published|appeared) (?:in|by) (?:the )?){_NAME}(?: on)?"
    rf"|(?:(?i:source|quelle|fonte|fuente|analysis|comment|opinion): )?{_NAME}"
    r"|(?:[\w-]+\.)+[a-z]{2,})"
)
# The author, and for whom or where; a word for what it is may stand before.
_BYLINE: Final = lazy_regex(
    rf"(?:(?i:analysis|comment|interview|opinion|report|review|words|text) )?"
    rf"((?i:by|von|par|por|di|door) {_NAME}(?: with {_PERSON})?)"
    rf"(?: (?i:in|at|for|from) (?:the )?{_NAME})?"
)
_LABELLED: Final = lazy_regex(rf"(?i:words|text|author|reporter|autor|auteur): ?({_NAME})")
_TWO_PEOPLE: Final = lazy_regex(rf"{_PERSON} (?:and|und|et|y|e|&) {_PERSON}")
_LONE_PERSON: Final = lazy_regex(rf"(?!The ){_PERSON}")
_PAGE: Final = lazy_regex(
    r"(?i)[\s,;|(]+(?:pages?|pp?\.|seiten?|s\.)\s?[a-z]?\d{1,3}(?:[–-]\d{1,3})?\)?\Z"
)
_ISSUE: Final = lazy_regex(
    r"(?i)[\s,;|(]+(?:(?:vol(?:ume)?|no|nr|issue|edition|jahrgang|n[o°º])\b\.?\s?\d{1,4}\b\)?"
    r"|(?:\w+ )?edition(?=\s*[,;|)]))"
)
_UPDATE: Final = lazy_regex(r"(?i)[\s,;|(·•–—-]+(?:last )?updated\b.*\Z")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line that says where and when an article appeared ("By Ann Roe, Fjord Herald, 14 August
    2025"), and its byline, if it has one."""

    day: date | None
    byline: str | None


def read_source_line(line: str, order: DateOrder | None = None) -> SourceLine | None:
    """Read a line that is made of a day and of one to four names, of an outlet, a place or the
    authors and what they are, with commas, bars or full stops between them; ``None`` for any other
    line. When it was updated is passed over."""
    if len(line) > _MAX_CHARS:
        return None
    line = _PAGE.sub("", _ISSUE.sub("", _UPDATE.sub("", line.lstrip(" –—-"))))
    days = days_in(line, order)
    if len(days) != 1:
        return None
    start, end, day = days[0]
    before, after = _without_weekday(line[:start].rstrip()), line[end:]
    if not _BEFORE_DAY.search(before) or after[:1].isalnum():
        return None
    names = _read_names([*_BETWEEN_PARTS.split(before), *_BETWEEN_PARTS.split(after)])
    if names is None:
        return None
    outlets, byline = names
    is_source = 0 < outlets + bool(byline) <= _MOST_PARTS
    return SourceLine(day, byline or None) if is_source else None


def source_day(line: str, order: DateOrder | None = None) -> date | None:
    """Return the day of a line that says where and when an article appeared; ``None`` for any
    other line."""
    source = read_source_line(line, order)
    return source.day if source else None


def author_with_role(line: str) -> str | None:
    """Return the author, where a line has nothing but a name and what they are ("Ann Roe, Food
    and Farming Correspondent"); ``None`` for any other line."""
    name, comma, role = line.strip().partition(", ")
    is_author = comma and len(line) <= _MAX_CHARS and _LONE_PERSON.fullmatch(name)
    return name if is_author and is_role(role) else None


def _without_weekday(before: str) -> str:
    """Remove a weekday that directly precedes the day, unless it is a name's ("The Sun")."""
    words = before.rsplit(maxsplit=1)
    if not words or weekday_number(words[-1].strip(".,([")) is None:
        return before
    rest = before.removesuffix(words[-1].lstrip("([")).rstrip()
    return rest if _BEFORE_DAY.search(rest) else before


def _read_names(parts: Sequence[str]) -> tuple[int, str] | None:
    """Read what stands beside the day: the number of names of outlets and places, and the byline,
    empty without one. ``None`` where a part is nothing of that, or there are two bylines."""
    outlets, authors, is_open = list[str](), list[str](), False
    for part in _texts(parts):
        if match := _BYLINE.fullmatch(part) or _LABELLED.fullmatch(part):
            if authors:
                return None
            authors, is_open = [match[1].replace(" with ", " and ")], True
        elif is_open and _TWO_PEOPLE.fullmatch(part):
            # "By A, B and C": what stood between are people too.
            authors = [*authors, *outlets, part]
            outlets, is_open = [], False
        elif is_role(part):
            # Who is something is a person: "Ann Roe, education reporter, Fjord Herald".
            if not authors and outlets and _LONE_PERSON.fullmatch(outlets[-1]):
                authors = [outlets.pop()]
            elif not authors:
                outlets.append(part)
            is_open = False
        elif _OUTLET.fullmatch(part):
            outlets.append(part)
        else:
            return None
    byline = ", ".join(authors)
    is_plain = bool(byline) and not re.match(r"(?i)(?:by|von|par|por|di|door)\s", byline)
    return len(outlets), f"By {byline}" if is_plain else byline


def _texts(parts: Sequence[str]) -> Iterator[str]:
    """Yield the parts that say anything but a time."""
    for part in parts:
        if (text := part.strip(" .:/")) and not says_only_when(text):
            yield text
