"""Read amounts: numbers with their units, normalised so that different ways of writing are equal.

"three" is 3, "$4.5bn" is 4,500,000,000 US dollars, "2 percentage points" are not 2 percent, and
"380 billion RMB" is not "$380 billion". Offsets are code points, end exclusive.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from index.text.patterns import lazy_regex
from rag.facts.currencies import currency_after, currency_code
from rag.facts.numerals import FALLS, HEDGES, Number, Token, mixed_after, number, tokens
from rag.facts.units import CURRENCY_BEFORE, UNITS, Unit

__all__ = ["Amount", "amounts", "same_amount", "same_figure"]

_RANGE: Final = lazy_regex(r"\s*(?:to|and|or|-|–|—|‑)\s*", re.IGNORECASE)
# "300 sq m"
_SHORT_LENGTHS: Final = {"m": "metre", "km": "kilometre", "ft": "feet", "yd": "yard"}
_DISTANCES: Final = (UNITS["km"], UNITS["mile"])
# How far before a number the word stands that says which way it goes.
_REACH: Final = 4


@dataclass(frozen=True, slots=True)
class Amount:
    """A number at ``[start, end)`` of a text.

    ``readings`` are pairs of value, in the base unit of its dimension, and dimension (empty for a
    plain count, ``ordinal`` for "42nd"); a part of a whole is in percent. ``step`` is the value of
    its last digit, before the unit's factor: 1e9 in 380 billion, 1e5 in 4.5 million. ``plain`` is
    the number without its unit, ``magnitude`` its "billion". ``loose`` is true where the text says
    "about", ``falling`` where it says "fell by".
    """

    start: int
    end: int
    plain: float
    step: float
    magnitude: float
    readings: tuple[tuple[float, str], ...]
    loose: bool = False
    falling: bool = False


def amounts(text: str) -> list[Amount]:
    """Find the amounts of a text, in order. "one" counts only before a magnitude or a unit."""
    read = tokens(text)
    result: list[Amount] = []
    i = 0
    while i < len(read):
        numeral = number(read, i)
        if numeral is None:
            whole = _whole_and_part(read, i)
            if whole:
                result.append(whole[0])
            i = whole[1] if whole else i + 1
            continue
        amount, after = _with_smaller_unit(read, *_with_unit(text, read, numeral))
        mere_one = after == i + 1 and read[i].text == "one"
        if not mere_one:
            result.append(amount)
        i = after
    return _ranges(text, result)


def _whole_and_part(read: Sequence[Token], i: int) -> tuple[Amount, int] | None:
    """Read "a year and a half", one of a unit and a part of it; returns the amount and the token
    after it."""
    if read[i].text not in ("a", "an"):
        return None
    units, after = _unit(read, i + 1)
    part = mixed_after(read, after) if units else None
    if part is None:
        return None
    value = 1.0 + part[0]
    readings = tuple((value * factor, dimension) for dimension, factor in units)
    return Amount(read[i].start, read[part[1] - 1].end, value, part[0], 1.0, readings), part[1]


def _with_unit(text: str, read: Sequence[Token], numeral: Number) -> tuple[Amount, int]:
    """Add the unit to a number; returns the amount and the token after it."""
    first, i, magnitude = numeral.first, numeral.after, numeral.magnitude
    start, end = read[first].start, read[i - 1].end
    units: tuple[Unit, ...] = ()
    before = read[first - 1] if first else None
    if not numeral.ordinal:
        money_before = _money_before(text, before, start)
        if before and money_before:
            units, start = money_before, before.start
        after, following = _unit(read, _past_of_a(read, numeral))
        if not after and i < len(read):
            code = currency_code(text[read[i].start : read[i].end])
            after, following = code, i + bool(code)
        is_m = i < len(read) and read[i].text == "m" and read[i].start - end <= 1
        money, behind = _money_of_millions(read, i) if is_m and not units else ((), i)
        if units and is_m:
            magnitude, i = magnitude * 1e6, i + 1
        elif money:
            units, magnitude, i = money, magnitude * 1e6, behind
        elif after and (not units or after[0][0] == units[0][0]):
            units, i = after, following
        end = read[i - 1].end
    plain, step = numeral.figure * magnitude, numeral.step * magnitude
    if numeral.share and not units:
        units, plain, step = (("percent", 1.0),), 100 * plain, 100 * step
    readings = [(plain * factor, dimension) for dimension, factor in units]
    if units == UNITS["m"] and text[end - 2 : end - 1].isdigit():
        # "4m people": metres touch the figure as millions do.
        readings.append((plain * 1e6, ""))
    readings = readings or [(plain, "ordinal" if numeral.ordinal else "")]
    near = {token.text for token in read[max(first - _REACH, 0) : first]}
    loose = bool(HEDGES & {token.text for token in read[max(first - 3, 0) : first]})
    falling = bool(FALLS & near)
    return Amount(start, end, plain, step, magnitude, tuple(readings), loose, falling), i


def _money_before(text: str, before: Token | None, start: int) -> tuple[Unit, ...]:
    """Read the currency that stands before a number at ``start``: "$", "NOK"."""
    if before is None or start - before.end > 1:
        return ()
    return CURRENCY_BEFORE.get(before.text) or currency_code(text[before.start : before.end])


def _with_smaller_unit(read: Sequence[Token], amount: Amount, i: int) -> tuple[Amount, int]:
    """Add what is told in a smaller unit behind an amount: "6ft 2in", "two hours and 20 minutes";
    returns the amount and the token after it."""
    (value, dimension), *other_readings = amount.readings
    if other_readings or dimension not in ("length", "mass", "time") or not amount.plain:
        return amount, i
    unit = value / amount.plain
    at = i + (dimension == "time" and i < len(read) and read[i].text == "and")
    rest = number(read, at) if at < len(read) else None
    if rest is None or rest.ordinal or read[i].start - amount.end > 1:
        return amount, i
    units, after = _unit(read, rest.after)
    is_in_feet = abs(unit - UNITS["ft"][0][1]) < 1e-9
    if is_in_feet and rest.after < len(read) and read[rest.after].text == "in":
        units, after = UNITS["inch"], rest.after + 1
    if not units or units[0][0] != dimension:
        return amount, i
    more = rest.figure * rest.magnitude * units[0][1]
    if not 0 <= more < unit:
        return amount, i
    return replace(
        amount,
        end=read[after - 1].end,
        plain=(value + more) / unit,
        step=rest.step * units[0][1] / unit,
        readings=((value + more, dimension),),
    ), after


def _money_of_millions(read: Sequence[Token], i: int) -> tuple[tuple[Unit, ...], int]:
    """Read the currency of "12m kronor", where token ``i`` is the "m"; returns it and the token
    after it."""
    unit, after = _unit(read, i + 1)
    is_money = bool(unit) and unit[0][0].startswith("money")
    return (unit, after) if is_money else ((), i)


def _past_of_a(read: Sequence[Token], numeral: Number) -> int:
    """Return where the unit of a part may stand: "half an hour", "three-quarters of an hour"."""
    i = numeral.after
    if not numeral.share:
        return i
    words = [token.text for token in read[i : i + 2]]
    if words[:1] == ["of"] and words[1:] in (["a"], ["an"]):
        return i + 2
    return i + 1 if words[:1] in (["a"], ["an"]) else i


def _ranges(text: str, result: list[Amount]) -> list[Amount]:
    """Give both ends of a range each other's unit and magnitude ("10 to 15 percent", "$10-15
    billion"); each keeps its bare reading too."""
    out = list(result)
    for i, (lower, upper) in enumerate(pairwise(result)):
        if not _RANGE.fullmatch(text[lower.end : upper.start]):
            continue
        for j, bare, full in ((i, lower, upper), (i + 1, upper, lower)):
            if any(dimension not in ("", "ordinal") for _, dimension in bare.readings):
                if bare.magnitude != 1 or full.magnitude == 1:
                    continue
                lent = [(value * full.magnitude, kind) for value, kind in bare.readings]
            else:
                scale = full.magnitude if bare.magnitude == 1 and bare is lower else 1.0
                lent = [
                    (bare.plain * scale * value / full.plain, kind)
                    for value, kind in full.readings
                    if full.plain
                ]
            out[j] = replace(out[j], readings=(*out[j].readings, *lent))
    return out


def _unit(read: Sequence[Token], i: int) -> tuple[tuple[Unit, ...], int]:
    """Read the unit at token ``i``; returns it and the token after it, or nothing and ``i``."""
    # "a 10-year plan"
    i_word = i + 1 if i < len(read) and read[i].kind == "dash" else i
    if i_word >= len(read) or read[i_word].kind != "word":
        return (), i
    words = [*(token.text for token in read[i_word : i_word + 3]), "", ""]
    if words[0] in ("percentage", "basis") and words[1] in ("point", "points"):
        return (("points", 1.0 if words[0] == "percentage" else 0.01),), i_word + 2
    if words[:2] == ["per", "cent"]:
        return (("percent", 1.0),), i_word + 2
    money = currency_after(words[:3])
    if money:
        return money[0], i_word + money[1]
    if words[0] in ("square", "cubic", "sq"):
        length = _SHORT_LENGTHS.get(words[1], _singular(words[1]))
        power = UNITS.get(f"{'cubic' if words[0] == 'cubic' else 'square'} {length}")
        return (power, i_word + 2) if power else ((), i)
    if words[0] == "degrees" and words[1] in ("celsius", "fahrenheit", "c", "f"):
        return ((("celsius" if words[1][0] == "c" else "fahrenheit"), 1.0),), i_word + 2
    unit = UNITS.get(words[0]) or UNITS.get(_singular(words[0]))
    if unit in _DISTANCES and words[1] in ("an", "per") and words[2] == "hour":
        return (("speed", unit[0][1] / 1e3),), i_word + 3
    if unit and words[0] in ("m", "g", "w", "k", "mi", "min", "sec") and i_word != i:
        return (), i
    return (unit, i_word + 1) if unit else ((), i)


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word


def same_amount(claim: Amount, statement: Amount) -> bool:
    """Whether ``statement`` backs ``claim``: the same value of the same dimension, or one that
    rounds to the claim's (380.2 to 380; "about 400" from 397).

    The claim may leave its unit out; the statement may not leave out that it is money.
    """
    return any(
        _close(claim, value, way * stated_value)
        for value, dimension in claim.readings
        for stated_value, stated_dimension in statement.readings
        if _comparable(dimension, stated_dimension)
        for way in _ways(claim, value, statement, stated_value)
    )


def _ways(claim: Amount, value: float, statement: Amount, stated_value: float) -> tuple[int, ...]:
    """Return the signs with which to compare, since a word may say the sign: "fell 5 percent" is
    minus 5 percent."""
    by_word = (value < 0 < stated_value and statement.falling) or (
        stated_value < 0 < value and claim.falling
    )
    return (-1,) if by_word else (1,)


def _comparable(claim: str, statement: str) -> bool:
    if claim == statement:
        return True
    if claim == "":
        return statement != "ordinal"
    return statement == "" and not claim.startswith(("money", "ordinal", "points"))


def _close(claim: Amount, value: float, stated_value: float) -> bool:
    if abs(value - stated_value) <= 1e-6 * max(abs(value), abs(stated_value)):
        return True
    scale = value / claim.plain if claim.plain else 1.0
    tolerance = 0.5 * claim.step * abs(scale) * (1 + 1e-9)
    # A single digit ("4 million" of 4.4) is no rounding unless it says so.
    exact = abs(claim.plain) < 10 * claim.step
    near = max(tolerance, 0.05 * abs(value)) if claim.loose else 0.0 if exact else tolerance
    return abs(value - stated_value) <= near


def same_figure(claim: Amount, statement: Amount) -> bool:
    """Whether the number is the same and its unit is not: "$380 billion" and "380 billion RMB", "2
    percent" and "2 points"."""
    if same_amount(claim, statement) or abs(claim.plain - statement.plain) > 1e-9 * abs(
        claim.plain
    ):
        return False
    return all(dimension for _, dimension in (*claim.readings, *statement.readings))
