"""Tell the words that stand in a byline where nobody is named: "By Our Correspondent"."""

from __future__ import annotations

import re
from typing import Final

from index.text.months import month_names
from index.text.normalise import word_set
from index.text.roles import ROLE_WORDS, ROLES
from index.text.weekdays import weekday_number

__all__ = ["CALENDAR", "NO_NAMES", "names_nobody"]

CALENDAR: Final = month_names("en", "de", "fr") | word_set(
    "jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday"
    " saturday sunday mon tue tues wed thu thur thurs fri sat sun montag dienstag mittwoch"
    " donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche"
    " published updated posted am pm gmt utc est edt on at"
)
NO_NAMES: Final = word_set(
    "wire newswire joined member since admin administrator staff editor editors editorial redaktion"
    " redaction redacción webmaster unknown anonymous guest user author by our team desk newsroom"
    " agency agencies"
)
_BESIDE: Final = ROLE_WORDS | NO_NAMES | word_set("a an own reporters writers bureau")
_TIMES: Final = CALENDAR | word_set(
    "next last this early late the morning noon midday afternoon evening night midnight weekend"
)


def names_nobody(name: str) -> bool:
    """Whether what a byline calls its author is an office or a time alone, and nobody's name."""
    words = [word.casefold() for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", name)]
    is_office = _BESIDE.issuperset(words) and not (ROLES | NO_NAMES).isdisjoint(words)
    # Months are first names, and short days surnames.
    is_day = any(len(word) > 3 and weekday_number(word) is not None for word in words)
    return is_office or (is_day and _TIMES.issuperset(words))
