"""Make right and wrong claims about a sentence of a corpus, from its gold values and not from what
an extractor reads in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

__all__ = ["claimed_amounts", "claimed_days", "claimed_units"]

_UNITS: Final = {
    "percent": ("percent", 1.0), "points": ("percentage points", 1.0), "length": ("metres", 1.0),
    "mass": ("kilograms", 1e3), "time": ("days", 1.0), "volume": ("litres", 1.0),
    "money:USD": ("US dollars", 1.0), "money:EUR": ("euros", 1.0), "money:CNY": ("yuan", 1.0),
    "money:JPY": ("yen", 1.0), "power": ("megawatts", 1e6),
}  # fmt: skip
_MONTHS_LIST: Final = (
    "January February March April May June July August September October November December"
)
_MONTHS: Final = _MONTHS_LIST.split()
# What makes a value another one, whatever it is rounded to.
_OTHERWISE: Final = 1.37


def claimed_amounts(amount: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield sentences that state an amount in digits, and whether each is right."""
    value, dimension = float(amount["value"]), str(amount["dimension"])
    unit, factor = _UNITS.get(dimension, ("of them", 1.0))
    # Less is lost in the decimals that are written.
    if abs(value) < 0.01 * factor or dimension not in ("", *_UNITS):
        return
    for right in (True, False):
        number = value / factor * (1 if right else _OTHERWISE)
        minus = "minus " if number < 0 else ""
        yield f"It was {minus}{_number_text(abs(number))} {unit}.", right


_OTHER_UNIT: Final = {
    "percent": "percentage points", "points": "percent", "money:USD": "euros",
    "money:EUR": "US dollars", "money:GBP": "US dollars", "money:CNY": "US dollars",
    "money:JPY": "US dollars", "money:INR": "US dollars",
}  # fmt: skip


def claimed_units(amount: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield sentences that state an amount in its unit and the same figure in another unit, and
    whether each is right; nothing where the unit cannot be said in words."""
    value, dimension = float(amount["value"]), str(amount["dimension"])
    if dimension in _OTHER_UNIT and value >= 0.01:
        if dimension in _UNITS:
            yield f"It was {_number_text(value)} {_UNITS[dimension][0]}.", True
        yield f"It was {_number_text(value)} {_OTHER_UNIT[dimension]}.", False


def _number_text(value: float) -> str:
    if value >= 1e6:
        return f"{value / 1e6:.6f}".rstrip("0").rstrip(".") + " million"
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def claimed_days(day: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield sentences that state a year, a month or a day, and whether each is right."""
    first, last = day.get("years", (None, None))
    if first != last:
        return
    for right in (True, False):
        year = "" if first is None else f" {first + (0 if right else 3)}"
        month = day.get("month")
        if month is None:
            yield f"It happened in{year}.", right
            continue
        if first is None:
            month = month if right else (month + 3) % 12 + 1
        name, number = _MONTHS[month - 1], day.get("day")
        yield (
            (f"It happened on {number} {name}{year}." if number else f"It was in {name}{year}."),
            right,
        )
