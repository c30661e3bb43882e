"""Read times of day, so that "10am", "10 a.m." and "10:00" are equal, and so are "noon" and "12pm".

A time is an amount of the dimension ``clock``, in hours since midnight. Where neither "am" nor a
second half of the day says which, "8:00" has both readings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from index.text.patterns import lazy_regex
from rag.facts.quantities import Amount

__all__ = ["clock_times"]

_HOUR: Final = r"(?:[01]?\d|2[0-4])"
_MINUTE: Final = r"[:.][0-5]\d"
_HALF: Final = r"\s?(?P<half>[ap])(?:\.\s?m\b\.?|m\b)"
_TIME: Final = lazy_regex(
    # "9am", "9.30 a.m.", and the 7 of "7-9pm"
    rf"(?<![\w.,:/])(?:(?P<before>{_HOUR}(?:{_MINUTE})?)\s*(?:[-–—]|to|and|until|till)\s*)?"
    rf"(?P<time>{_HOUR}(?:{_MINUTE})?){_HALF}"
    rf"|(?<![\w.,:/-])(?P<plain>{_HOUR}:[0-5]\d)(?![\d:%]|[.,]\d)"
    rf"|(?<![\w.,:/-])(?P<oclock>{_HOUR})\s?o['’]clock\b"
    r"|\b(?P<word>noon|midday|midnight)\b",
    re.IGNORECASE,
)
_WORDS: Final = {"noon": 12.0, "midday": 12.0, "midnight": 0.0}


def clock_times(text: str) -> list[Amount]:
    """Find the times of day of a text, in order."""
    return [time for match in _TIME.finditer(text) for time in _times(match)]


def _times(match: re.Match[str]) -> Iterator[Amount]:
    if match["word"]:
        yield _amount(match, "word", (_WORDS[match["word"].lower()],))
    elif match["half"]:
        is_late = match["half"].lower() == "p"
        time = _hours(match["time"])
        if match["before"]:
            before = _hours(match["before"])
            # "11-2pm" begins in the morning.
            yield _amount(match, "before", (_on_half(before, is_late ^ (before % 12 > time % 12)),))
        yield _amount(match, "time", (_on_half(time, is_late),))
    else:
        group = "plain" if match["plain"] else "oclock"
        time = _hours(match[group])
        is_open = 1 <= time < 13 and not match[group].startswith("0")
        yield _amount(match, group, (time % 24, (time + 12) % 24) if is_open else (time % 24,))


def _hours(time: str) -> float:
    hour, _, minute = time.replace(".", ":").partition(":")
    return int(hour) + int(minute or 0) / 60


def _on_half(time: float, is_late: bool) -> float:
    return time if time >= 13 else time % 12 + 12 * is_late


def _amount(match: re.Match[str], group: str, hours: tuple[float, ...]) -> Amount:
    start, end = match.span(group)
    if group == "time":
        end = match.end()
    readings = tuple((hour, "clock") for hour in hours)
    return Amount(start, end, hours[0], 1 / 60, 1.0, readings)
