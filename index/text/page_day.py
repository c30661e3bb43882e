"""Find the day when an article was published in the words of its page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.text.date_types import DateOrder
from index.text.dates import days_in, plausible, says_only_when, stamp
from index.text.patterns import lazy_regex

__all__ = ["SourceLine", "read_source_line", "source_day", "text_day"]

_MAX_CHARS = 160
_DATELINE = lazy_regex(r"^[A-Z][\w .,'’()-]{1,50}?[,(]\s*(?=\S+\s+\S+\s+\d{4}\b|\d{4}-)")
_BETWEEN_PARTS = lazy_regex(
    r"\s*[,;|·•()]\s*|\s+[/–—-]+(?:\s+|\Z)|\.\s+|\s+(?=by\s)", re.IGNORECASE
)
_NAME = r"[A-ZÀ-Þ][\w.’'&-]*(?: (?:[A-ZÀ-Þ][\w.’'&-]*|of|the|and|&|de|la|le|du|der|die|für)){0,6}"
_OUTLET = lazy_regex(
    rf"(?:(?i:(?:first |originally )?(?:published|appeared) (?:in|by) (?:the )?){_NAME}(?: on)?"
    rf"|(?:(?i:source|quelle|fonte|fuente): )?{_NAME})"
)
# The author, and for whom or where.
_BYLINE = lazy_regex(rf"((?i:by|von|par|por|di|door) {_NAME})(?: (?:in|at|for|from) {_NAME})?")
_PAGE = lazy_regex(
    r"(?i)[\s,;|(]+(?:pages?|pp?\.|seiten?|s\.)\s?[a-z]?\d{1,3}(?:[–-]\d{1,3})?\)?\Z"
)
_MOST_PARTS = 4


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line that says where and when an article appeared ("By Ann Roe, Fjord Herald, 14 August
    2025"), and its byline, if it has one."""

    day: date | None
    byline: str | None


def read_source_line(line: str, order: DateOrder | None = None) -> SourceLine | None:
    """Read a line that is made of a day and of one to four names, of an outlet, a place or the
    author, with commas, bars or full stops between them; ``None`` for any other line."""
    if len(line) > _MAX_CHARS:
        return None
    line = _PAGE.sub("", line.lstrip(" –—-"))
    days = days_in(line, order)
    if len(days) != 1:
        return None
    (start, end, day), bylines, outlets = days[0], [], 0
    before, after = line[:start].rstrip(), line[end:]
    if not re.search(r"(?:[,;|·•(.–—:-]|[^,;|·•(.] on)\Z", before or ",") or after[:1].isalnum():
        return None
    for part in (*_BETWEEN_PARTS.split(before), *_BETWEEN_PARTS.split(after)):
        text = part.strip(" .:")
        if says_only_when(text):
            continue
        if match := _BYLINE.fullmatch(text):
            bylines.append(match[1])
        elif _OUTLET.fullmatch(text):
            outlets += 1
        else:
            return None
    is_source = 0 < outlets + len(bylines) <= _MOST_PARTS and len(bylines) < 2
    return SourceLine(day, *(bylines or [None])) if is_source else None


def source_day(line: str, order: DateOrder | None = None) -> date | None:
    """Return the day of a line that says where and when an article appeared; ``None`` for any
    other line."""
    source = read_source_line(line, order)
    return source.day if source else None


def text_day(
    head: Sequence[str], opening: str, tail: Sequence[str], today: date, order: DateOrder | None
) -> date | None:
    """Find the day that a page's own words state.

    head: the lines above the first paragraph.
    opening: that paragraph.
    tail: the lines below the last one.

    In this order: the earliest day in the head after "Published" or the like; the only day that
    makes up a line there; the day of a dateline ("PARIS, May 26, 2025 –"); the day on which the
    tail says the article first appeared. Two different days at one step count as none.
    """
    stamps = [(i, line_stamp) for i, line in enumerate(head) if (line_stamp := stamp(line, order))]
    after = dict(stamps)
    publication_days = [day for _, line_stamp in stamps for day in line_stamp.published]
    for i, line_stamp in stamps:
        if line_stamp.label and i + 1 in after:
            publication_days.extend(after[i + 1].plain[:1])
    if publication_days:
        plausible_days = [day for day in publication_days if day and plausible(day, today)]
        return min(plausible_days, default=None)
    plain = {day for _, line_stamp in stamps for day in line_stamp.plain}
    plain = plain or {day for line in head if (day := source_day(line, order))}
    if plain:
        return _only(plain, today)
    if line := _DATELINE.match(opening):
        start, end, day = next(iter(days_in(opening[:120], order)), (999, 0, None))
        if start <= line.end() and re.match(r"\)?\s*[/(–—-]", opening[end:]):
            return _only({day}, today)
    ends = [line_stamp for line in tail if (line_stamp := stamp(line, order)) and line_stamp.first]
    return _only({day for line_stamp in ends for day in line_stamp.published}, today)


def _only(days: set[date | None], today: date) -> date | None:
    (day,) = days if len(days) == 1 else (None,)
    return day if day and plausible(day, today) else None
