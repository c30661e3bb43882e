"""Amounts: the numbers of a text with what they count, so that two ways of writing agree.

"three" is 3, "$4.5bn" is 4,500,000,000 US dollars, "2 percentage points" are not 2 percent, and
"380 billion RMB" is not "$380 billion". Offsets are code points, end exclusive.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from rag.facts.units import CURRENCY_AFTER, CURRENCY_BEFORE, MAGNITUDES, UNITS, Unit

__all__ = ["Amount", "amounts", "same_amount", "same_figure"]

_ONES_LIST: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_ONES: Final = _ONES_LIST.split()
_TENS: Final = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS_LIST: Final = (
    "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_ORDINALS: Final = _ORDINALS_LIST.split()
_WORDS: Final = {
    **{word: float(value) for value, word in enumerate(_ONES)},
    **{word: float(value * 10) for value, word in enumerate(_TENS, start=2)},
    "dozen": 12.0,
}
_ORDINAL_WORDS: Final = {word: float(value) for value, word in enumerate(_ORDINALS, start=3)}
_HEDGES_LIST: Final = (
    "about around roughly approximately nearly almost some over under above below circa approx "
    "estimated least most"
)
_HEDGES: Final = frozenset(_HEDGES_LIST.split())
_RANGE: Final = re.compile(r"\s*(?:to|and|or|-|–|—|‑)\s*", re.IGNORECASE)
_TOKEN: Final = re.compile(
    r"(?P<number>(?<![\w.])\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|(?<![\w.])\d+(?:\.\d+)?)"
    r"|(?P<word>(?:US|HK|NT|CA|[ACSR])\$|km/h|°[CF]|[^\W\d_]+|[$€£¥₹₩₽%])"
    r"|(?P<dash>[-–—−‑])|(?P<other>[^\s\w])"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number at ``[start, end)`` of a text.

    ``readings`` are pairs of value, in the base unit of its dimension, and dimension (empty for a
    plain count, ``ordinal`` for "42nd"). ``step`` is what its last digit is
    worth, before the unit's factor: 1e9 in 380 billion, 1e5 in 4.5 million. ``plain`` is the
    number without its unit, ``magnitude`` its "billion". ``loose`` where the text says "about".
    """

    start: int
    end: int
    plain: float
    step: float
    magnitude: float
    readings: tuple[tuple[float, str], ...]
    loose: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


def amounts(text: str) -> list[Amount]:
    """The amounts of a text, in order. "one" counts only before a magnitude or a unit."""
    tokens = [
        _Token(match.lastgroup or "", match.group().lower(), match.start(), match.end())
        for match in _TOKEN.finditer(text)
    ]
    found: list[Amount] = []
    i = 0
    while i < len(tokens):
        number = _number(tokens, i)
        if number is None:
            i += 1
            continue
        amount, after = _with_unit(text, tokens, i, number)
        mere_one = after == i + 1 and tokens[i].text == "one"
        if not mere_one:
            found.append(amount)
        i = after
    return _ranges(text, found)


@dataclass(frozen=True, slots=True)
class _Number:
    """A number without its unit: ``figure`` times ``magnitude``; ``after`` is the next token."""

    figure: float
    step: float
    magnitude: float
    after: int
    ordinal: bool = False


def _number(tokens: Sequence[_Token], i: int) -> _Number | None:
    token = tokens[i]
    if token.kind == "number":
        figure, step = _figure(token.text)
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        if after and after.start == token.end and after.text in ("st", "nd", "rd", "th"):
            return _Number(figure, step, 1.0, i + 2, ordinal=True)
        return _magnified(tokens, i + 1, _Number(figure, step, 1.0, i + 1))
    if token.kind == "word" and token.text in _ORDINAL_WORDS:
        return _Number(_ORDINAL_WORDS[token.text], 1.0, 1.0, i + 1, ordinal=True)
    if token.kind == "word" and token.text in _WORDS:
        return _spelt(tokens, i)
    return None


def _magnified(tokens: Sequence[_Token], i: int, number: _Number) -> _Number:
    end, magnitude = tokens[i - 1].end, number.magnitude
    while (factor := _magnitude(tokens, i, end)) is not None:
        magnitude *= factor
        end = tokens[i].end
        i += 1
    return _Number(number.figure, number.step, magnitude, i)


def _figure(digits: str) -> tuple[float, float]:
    plain = digits.replace(",", "")
    return float(plain), 10.0 ** -len(plain.partition(".")[2])


def _magnitude(tokens: Sequence[_Token], i: int, end: int) -> float | None:
    """The magnitude at token ``i``, if that is one; "b", "m" and "t" only where they touch."""
    if i >= len(tokens) or tokens[i].kind != "word":
        return None
    word = tokens[i].text
    if word in ("b", "t") and tokens[i].start == end:
        return {"b": 1e9, "t": 1e12}[word]
    return MAGNITUDES.get(word.removesuffix("s") if len(word) > 3 else word)


def _spelt(tokens: Sequence[_Token], i: int) -> _Number:
    """A number in words: "twenty-five", "three hundred and five thousand"."""
    total = group = 0.0
    while i < len(tokens):
        word = tokens[i].text
        if word in _WORDS:
            group += _WORDS[word]
        elif word == "hundred" and group:
            group *= 100
        elif (factor := _magnitude(tokens, i, -1)) is not None and group and factor > 100:
            total, group = total + group * factor, 0.0
        elif not _goes_on(tokens, i):
            break
        i += 1
    return _Number(total + group, 1.0, 1.0, i)


def _goes_on(tokens: Sequence[_Token], i: int) -> bool:
    """Whether "-" or "and" at ``i`` stands within a number: "twenty-five", not "three-four"."""
    if i + 1 >= len(tokens):
        return False
    before, after = tokens[i - 1].text, tokens[i + 1].text
    if tokens[i].kind == "dash":
        return before in _TENS and after in _ONES[1:10]
    small = after in _ONES or after in _TENS
    return tokens[i].text == "and" and small and before in ("hundred", "thousand", "million")


def _with_unit(
    text: str, tokens: Sequence[_Token], first: int, number: _Number
) -> tuple[Amount, int]:
    """The amount that begins at token ``first``, and the token after it."""
    i, magnitude = number.after, number.magnitude
    start, end = tokens[first].start, tokens[i - 1].end
    units: tuple[Unit, ...] = ()
    before = tokens[first - 1] if first else None
    if not number.ordinal:
        if before and before.text in CURRENCY_BEFORE and start - before.end <= 1:
            units, start = CURRENCY_BEFORE[before.text], before.start
        after, following = _unit(tokens, i)
        if units and i < len(tokens) and tokens[i].text == "m" and tokens[i].start - end <= 1:
            magnitude, i = magnitude * 1e6, i + 1
        elif after and (not units or after[0][0] == units[0][0]):
            units, i = after, following
        end = tokens[i - 1].end
    value = number.figure * magnitude
    readings = [(value * factor, dimension) for dimension, factor in units]
    if units == UNITS["m"] and text[end - 2 : end - 1].isdigit():
        # "4m people": metres touch the figure as millions do.
        readings.append((value * 1e6, ""))
    readings = readings or [(value, "ordinal" if number.ordinal else "")]
    loose = any(token.text in _HEDGES for token in tokens[max(first - 3, 0) : first])
    step = number.step * magnitude
    return Amount(start, end, value, step, magnitude, tuple(readings), loose), i


def _ranges(text: str, found: list[Amount]) -> list[Amount]:
    """In "10 to 15 percent" and "$10-15 billion" the first counts what the second counts, and
    the second what the first does; each keeps its bare reading too."""
    out = list(found)
    for i, (one, other) in enumerate(pairwise(found)):
        if not _RANGE.fullmatch(text[one.end : other.start]):
            continue
        for j, bare, full in ((i, one, other), (i + 1, other, one)):
            if any(dimension not in ("", "ordinal") for _, dimension in bare.readings):
                if bare.magnitude != 1 or full.magnitude == 1:
                    continue
                lent = [(value * full.magnitude, kind) for value, kind in bare.readings]
            else:
                scale = full.magnitude if bare.magnitude == 1 and bare is one else 1.0
                lent = [
                    (bare.plain * scale * value / full.plain, kind)
                    for value, kind in full.readings
                    if full.plain
                ]
            out[j] = replace(out[j], readings=(*out[j].readings, *lent))
    return out


def _unit(tokens: Sequence[_Token], i: int) -> tuple[tuple[Unit, ...], int]:
    """The unit at token ``i`` and the token after it; none and ``i`` where there is none."""
    # "a 10-year plan"
    i_word = i + 1 if i < len(tokens) and tokens[i].kind == "dash" else i
    if i_word >= len(tokens) or tokens[i_word].kind != "word":
        return (), i
    words = [token.text for token in tokens[i_word : i_word + 2]] + [""]
    if words[0] in ("percentage", "basis") and words[1] in ("point", "points"):
        return (("points", 1.0 if words[0] == "percentage" else 0.01),), i_word + 2
    if words[:2] == ["per", "cent"]:
        return (("percent", 1.0),), i_word + 2
    # "380 billion Chinese yuan", "4 million US dollars": a word between, of money only.
    for skip in (0, 1):
        if skip < len(words) - 1:
            money = CURRENCY_AFTER.get(_singular(words[skip]))
            if money:
                return money, i_word + skip + 1
    unit = UNITS.get(words[0]) or UNITS.get(_singular(words[0]))
    if unit and words[0] in ("m", "g", "w", "k", "mi", "min", "sec") and i_word != i:
        return (), i
    return (unit, i_word + 1) if unit else ((), i)


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word


def same_amount(claimed: Amount, stated: Amount) -> bool:
    """Whether ``stated`` backs ``claimed``: the same value of the same dimension, or one that
    rounds to what is claimed (380.2 to 380; "about 400" from 397). What is claimed may leave
    its unit out; what is stated may not leave money out."""
    return any(
        _close(claimed, value, known)
        for value, dimension in claimed.readings
        for known, other in stated.readings
        if _comparable(dimension, other)
    )


def _comparable(claimed: str, stated: str) -> bool:
    if claimed == stated:
        return True
    if claimed == "":
        return stated != "ordinal"
    return stated == "" and not claimed.startswith(("money", "ordinal", "points"))


def _close(claimed: Amount, value: float, known: float) -> bool:
    if abs(value - known) <= 1e-6 * max(abs(value), abs(known)):
        return True
    scale = value / claimed.plain if claimed.plain else 1.0
    rounded = 0.5 * claimed.step * scale * (1 + 1e-9)
    # A single digit ("4 million" of 4.4) is no rounding unless it says so.
    exact = claimed.plain < 10 * claimed.step
    near = max(rounded, 0.05 * value) if claimed.loose else 0.0 if exact else rounded
    return abs(value - known) <= near


def same_figure(claimed: Amount, stated: Amount) -> bool:
    """Whether the number is the same and what it counts is not: "$380 billion" and "380 billion
    RMB", "2 percent" and "2 points"."""
    if same_amount(claimed, stated) or abs(claimed.plain - stated.plain) > 1e-9 * claimed.plain:
        return False
    return all(dimension for _, dimension in (*claimed.readings, *stated.readings))
