"""Find the day when an article was published in the words of its page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from index.text.date_types import DateOrder
from index.text.dates import days_in, plausible, stamp
from index.text.patterns import lazy_regex
from index.text.source_line import source_day

__all__ = ["text_day"]

_DATELINE = lazy_regex(r"^[A-Z][\w .,'’()-]{1,50}?[,(]\s*(?=\S+\s+\S+\s+\d{4}\b|\d{4}-)")


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
