"""Read numbers as a text writes them, without units: "380 000", "two and a half million", "minus
5", "three-quarters", "one in five". The words are in ``number_words.json``."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from index.text.patterns import lazy_regex

__all__ = ["FALLS", "HEDGES", "Number", "Token", "mixed_after", "number", "tokens"]

_DATA: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("number_words.json").read_text(encoding="utf-8")
)
_UNIT_WORDS: Final[dict[str, float]] = {
    word: float(value) for value, word in enumerate(_DATA["ones"].split())
}
_TENS: Final[dict[str, float]] = {
    word: 10.0 * value for value, word in enumerate(_DATA["tens"].split(), start=2)
}
_WORDS: Final = _UNIT_WORDS | _TENS
# "First" and "second" are words of order and of time as often as numbers.
_ORDINALS: Final[dict[str, float]] = {
    **{word: float(value) for value, word in enumerate(_DATA["ordinals"].split(), start=1)},
    **_DATA["ordinal_tens"],
}
_NO_ORDINALS: Final = frozenset(["first", "second"])
_PARTS: Final[dict[str, int]] = _DATA["parts"]
_MAGNITUDES: Final[dict[str, float]] = _DATA["magnitudes"]
HEDGES: Final = frozenset(_DATA["hedges"].split())
FALLS: Final = frozenset(_DATA["falls"].split())
_UNIT: Final = r"k?m|kilomet(?:er|re)s?|metres?|kg|kilos?|tonnes?|lit(?:er|re)s?|degrees?"
# "3,5 million", "2,50 euros" with a decimal comma: before a magnitude or a unit alone.
_DECIMAL_COMMA: Final = (
    r"\d{1,3},\d{1,2}(?![\d,])(?=\s?(?i:%|€|per\s?cent\b|euros?\b|crowns?\b|kron(?:er|or)\b|"
    rf"(?:{'|'.join(word for word in _MAGNITUDES if len(word) > 1)}|{_UNIT})\b))"
)
_DIGIT_GROUPS: Final = (
    rf"{_DECIMAL_COMMA}|\d{{1,3}}(?:,\d{{2,3}})*,\d{{3}}(?!\d)(?:\.\d+)?"
    r"|\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?"
    r"|\d{1,3}(?:['’\u00a0\u2009\u202f]\d{3})+(?!\d)"
    # Numbers stand beside one another too, so an ordinary space joins only what looks joined.
    r"|\d{1,3}(?: \d{3})+ \d{3}(?!\d)|\d{1,3} 000(?!\d)"
)
_TOKEN: Final = lazy_regex(
    rf"(?P<number>(?<![\w.])(?:{_DIGIT_GROUPS}|\d+(?:\.\d+)?[¼-¾⅐-⅞]?|[¼-¾⅐-⅞]))"
    r"|(?P<word>(?:US|HK|NT|CA|[ACSR])\$|km/h|°[CF]|[^\W\d_]+|[$€£¥₹₩₽%])"
    r"|(?P<dash>[-–—−‑])|(?P<other>[^\s\w])"
)
_WITH_DECIMAL_COMMA: Final = lazy_regex(r"\d+,\d{1,2}")
_SEPARATORS: Final = lazy_regex(r"[,\s'’\u00a0\u2009\u202f]")


@dataclass(frozen=True, slots=True)
class Token:
    """A number in digits, a word in lower case or a sign at ``[start, end)``."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Number:
    """``figure`` times ``magnitude``; ``step`` is the value of the figure's last digit; it covers
    the tokens ``[first, after)``. ``share`` is true for parts of a whole: three-quarters, one in
    five."""

    figure: float
    step: float
    first: int
    after: int
    magnitude: float = 1.0
    ordinal: bool = False
    share: bool = False


def tokens(text: str) -> list[Token]:
    """Split a text into its numbers, words and signs."""
    return [
        Token(match.lastgroup or "", match.group().lower(), match.start(), match.end())
        for match in _TOKEN.finditer(text)
    ]


def number(stream: Sequence[Token], i: int) -> Number | None:
    """Read the number that begins at token ``i``, as long as possible; ``None`` where there is
    none."""
    numeral = _part(stream, i) or _plain(stream, i)
    if numeral is None:
        return None
    if not numeral.ordinal and not numeral.share:
        numeral = _ratio(stream, numeral) or _and_part(stream, numeral)
    return _with_sign(stream, numeral)


def _plain(stream: Sequence[Token], i: int) -> Number | None:
    token = stream[i]
    if token.kind == "number":
        figure, step = _figure(token.text)
        after = stream[i + 1] if i + 1 < len(stream) else None
        if after and after.start == token.end and after.text in ("st", "nd", "rd", "th"):
            return Number(figure, step, i, i + 2, ordinal=True)
        return _with_magnitude(stream, Number(figure, step, i, i + 1))
    if token.kind != "word":
        return None
    if token.text in _ORDINALS and token.text not in _NO_ORDINALS:
        of_time = _word(stream, i + 1) in ("quarter", "half")
        return None if of_time else Number(_ORDINALS[token.text], 1.0, i, i + 1, ordinal=True)
    if token.text in _WORDS:
        return _number_in_words(stream, i)
    if token.text in ("a", "an") and _factor(stream, i + 1, -1) is not None:
        return _with_magnitude(stream, Number(1.0, 1.0, i, i + 1))
    return None


def _figure(digits: str) -> tuple[float, float]:
    if not digits[-1].isdecimal():
        return float(digits[:-1] or 0) + unicodedata.numeric(digits[-1]), 0.25
    if _WITH_DECIMAL_COMMA.fullmatch(digits):
        digits = digits.replace(",", ".")
    plain = _SEPARATORS.sub("", digits)
    if plain.count(".") > 1:
        plain = digits.replace(".", "").replace(",", ".")
    return float(plain), 10.0 ** -len(plain.partition(".")[2])


def _with_magnitude(stream: Sequence[Token], number: Number) -> Number:
    i, magnitude = number.after, number.magnitude
    end = stream[i - 1].end
    while True:
        # "1.2-billion"
        at = i + 1 if i < len(stream) and stream[i].kind == "dash" and stream[i].start == end else i
        factor = _factor(stream, at, end)
        if factor is None:
            return replace(number, magnitude=magnitude, after=i)
        magnitude *= factor
        end = stream[at].end
        i = at + 1


def _factor(stream: Sequence[Token], i: int, end: int) -> float | None:
    """Return the magnitude at token ``i``, if it is one; "b" and "t" only where they touch
    ``end``."""
    word = _word(stream, i)
    close: dict[str, float] = _DATA["close_magnitudes"]
    if word in close and stream[i].start == end:
        return close[word]
    return _MAGNITUDES.get(word.removesuffix("s") if len(word) > 3 else word)


def _word(stream: Sequence[Token], i: int) -> str:
    return stream[i].text if 0 <= i < len(stream) and stream[i].kind == "word" else ""


def _number_in_words(stream: Sequence[Token], i: int) -> Number | None:
    """Read a number in words: "twenty-five", "three hundred and five thousand", "one point two"."""
    first, total, group = i, 0.0, 0.0
    while i < len(stream):
        word = stream[i].text
        if word in _WORDS:
            group += _WORDS[word]
        elif word in ("hundred", "dozen") and group:
            group *= _MAGNITUDES[word]
        elif (factor := _factor(stream, i, -1)) is not None and group and factor > 100:
            total, group = total + group * factor, 0.0
        elif not _goes_on(stream, i):
            break
        i += 1
    if i - first > 1 and stream[i - 1].kind == "dash":
        i -= 1
    if group and stream[i - 1].text in _TENS and _ends_in_ordinal(stream, i):
        ordinal = _ORDINALS[stream[i + 1].text]
        return Number(total + group + ordinal, 1.0, first, i + 2, ordinal=True)
    if _word(stream, i) == "point" and _word(stream, i + 1) in _UNIT_WORDS:
        tenths = _UNIT_WORDS[stream[i + 1].text] / 10
        return _with_magnitude(stream, Number(total + group + tenths, 0.1, first, i + 2))
    return Number(total + group, 1.0, first, i)


def _ends_in_ordinal(stream: Sequence[Token], i: int) -> bool:
    """Whether "-first" follows at ``i``, as in "twenty-first"."""
    dash = i < len(stream) and stream[i].kind == "dash"
    return dash and _ORDINALS.get(_word(stream, i + 1), 10.0) < 10


def _goes_on(stream: Sequence[Token], i: int) -> bool:
    """Whether "-" or "and" at ``i`` stands within a number: "twenty-five", not "three-four"."""
    before, after = stream[i - 1].text, _word(stream, i + 1)
    if stream[i].kind == "dash":
        return before in _TENS and 0 < _UNIT_WORDS.get(after, 0) < 10
    if stream[i].text != "and" or before not in ("hundred", "thousand", "million"):
        return False
    # "four hundred and five", not "four hundred and one-fifth".
    return after in _WORDS and not _part(stream, i + 1)


def _part(stream: Sequence[Token], i: int) -> Number | None:
    """Read a part of a whole: "half", "three-quarters", "a third", also "of a million"."""
    word = _word(stream, i)
    if word == "half":
        return _half(stream, i)
    over = 1.0 if word in ("a", "an") else _UNIT_WORDS.get(word, 0.0)
    at = i + 1
    if at < len(stream) and stream[at].kind == "dash":
        at += 1
    name = _word(stream, at)
    below = _PARTS.get(name) or _PARTS.get(name.removesuffix("s"), 0)
    # "one and a half" is for whoever read the one; "three second" has no part.
    if not over or not below or over >= below or ((over > 1) != name.endswith("s") and at == i + 1):
        return None
    article, hyphen = word in ("a", "an"), at == i + 2
    # Two quarters in a row are half a year.
    if (article or (name.startswith("quarter") and not hyphen)) and not _is_share(
        stream, at + 1, time=name.startswith("quarter")
    ):
        return None
    part = Number(over / below, 0.02, i, at + 1, share=True)
    return _of_more(stream, part)


def _is_share(stream: Sequence[Token], i: int, time: bool) -> bool:
    """Whether what follows marks a share: "of", the end, or a comparison; for a word that may be a
    time less is accepted (``time``)."""
    following = _word(stream, i)
    if i >= len(stream) or stream[i].text in ".,;:!?)" or following == "of":
        return True
    return not time and following in _DATA["part_follows"].split()


def _half(stream: Sequence[Token], i: int) -> Number | None:
    before, after = _word(stream, i - 1), _word(stream, i + 1)
    if before in _DATA["no_half_before"].split():
        return None
    part = Number(0.5, 0.02, i, i + 1, share=True)
    more = _of_more(stream, part)
    if more.after > part.after:
        return more
    ends = i + 1 >= len(stream) or stream[i + 1].kind == "other"
    shares = before in _DATA["half_precedes"].split()
    return part if after in _DATA["half_follows"].split() or (ends and shares) else None


def _of_more(stream: Sequence[Token], part: Number) -> Number:
    """Multiply a part with a magnitude after it: "half a million", "a quarter of a million"."""
    i = part.after + (_word(stream, part.after) == "of")
    is_hyphenated = i + 1 < len(stream) and stream[i].kind == "dash"
    i += is_hyphenated
    i += _word(stream, i) in ("a", "an")
    # "half-a-million"
    i += is_hyphenated and i + 1 < len(stream) and stream[i].kind == "dash"
    if _factor(stream, i, -1) is None:
        return part
    more = _with_magnitude(stream, replace(part, after=i, share=False, step=0.01))
    return more if more.after > i else part


def _and_part(stream: Sequence[Token], whole: Number) -> Number:
    """Add a part to a whole: "two and a half million", "five and a quarter"."""
    if whole.magnitude != 1 or _word(stream, whole.after) != "and":
        return whole
    part = _bare_part(stream, whole.after + 1)
    if part is None:
        return whole
    total = Number(whole.figure + part[0], part[0], whole.first, part[1])
    return _with_magnitude(stream, total)


def _bare_part(stream: Sequence[Token], i: int) -> tuple[float, int] | None:
    """Read a part that is added to a whole; returns it and the token after it."""
    over = 1.0 if _word(stream, i) in ("a", "an") else _UNIT_WORDS.get(_word(stream, i), 0.0)
    at = i + 1 + (i + 1 < len(stream) and stream[i + 1].kind == "dash")
    name = _word(stream, at)
    below = _PARTS.get(name) or _PARTS.get(name.removesuffix("s"), 0)
    return (over / below, at + 1) if below and 0 < over < below else None


def mixed_after(stream: Sequence[Token], i: int) -> tuple[float, int] | None:
    """Read the part in "a year and a half", where token ``i`` is the "and"; returns it and the
    token after it."""
    if _word(stream, i) != "and" or _word(stream, i + 1) not in ("a", "an"):
        return None
    return _bare_part(stream, i + 1)


def _ratio(stream: Sequence[Token], over: Number) -> Number | None:
    """Read "one in five", "nine out of ten": the first of the second."""
    i = over.after
    if _word(stream, i) == "out" and _word(stream, i + 1) == "of":
        i += 2
    elif _word(stream, i) == "in":
        i += 1
    else:
        return None
    i += _word(stream, i) == "every"
    below = _plain(stream, i) if i < len(stream) else None
    if below is None or below.ordinal or over.magnitude != 1 or below.magnitude != 1:
        return None
    if not 0 < over.figure < below.figure <= 1000 or below.figure % 1 or over.figure % 1:
        return None
    if _word(stream, below.after) in _SPANS or "%" in _word(stream, below.after):
        return None
    return Number(over.figure / below.figure, 0.02, over.first, below.after, share=True)


# "Two in five years" is no share.
_SPANS_LIST: Final = (
    "percent per second seconds minute minutes hour hours day days week weeks month months year "
    "years decades seasons attempts minutes"
)
_SPANS: Final = frozenset(_SPANS_LIST.split())


def _with_sign(stream: Sequence[Token], numeral: Number) -> Number:
    """Apply a minus: the word, or a sign that joins the number to nothing before it."""
    i = numeral.first - 1
    if i < 0 or numeral.ordinal:
        return numeral
    sign, start = stream[i], stream[numeral.first].start
    joins = i > 0 and stream[i - 1].end == sign.start
    dash = sign.kind == "dash" and sign.text in "-−–" and sign.end == start and not joins
    if sign.text not in _DATA["minus"].split() and not dash:
        return numeral
    return replace(numeral, figure=-numeral.figure, first=i)
