"""Read the currency after a number: "40 million zlotys", "3 million US dollars".

The common words are in :mod:`rag.facts.units`; every other currency in use has the English names
that CLDR gives it (through ``babel``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.numbers import get_currency_name, get_territory_currencies

from rag.facts.units import CURRENCY_AFTER, Unit
from rag.text.english import is_function_word

__all__ = ["currency_after", "currency_code"]

# Names of currencies that other words share: only with the country or a magnitude before them.
_WORDS_TOO_LIST: Final = "real sum won mark gold sol unit som lek pula kip pound"
_WORDS_TOO: Final = frozenset(_WORDS_TOO_LIST.split())
# Codes that are words in capital letters: "ALL 3 BANKS", "TOP 10".
_CODES_TOO: Final = frozenset(["ALL", "BOB", "CUP", "MAD", "PEN", "SOS", "TOP", "TRY"])
# "US dollars" has one word before the currency, "South African rand" two.
_LONGEST: Final = 3

Money = tuple[tuple[Unit, ...], int]


def currency_after(words: Sequence[str]) -> Money | None:
    """Return the currency with which these lower-case words begin, and how many words it takes; one
    other word may stand before it ("380 billion Chinese yuan")."""
    whole, last = _names()
    for length in range(min(_LONGEST, len(words)), 1, -1):
        code = whole.get(tuple(words[:length]))
        if code:
            return ((f"money:{code}", 1.0),), length
    for skip in range(min(2, len(words))):
        # "In 2019 the pound fell": that are no pounds.
        if skip and is_function_word(words[0]):
            break
        word = words[skip]
        units = CURRENCY_AFTER.get(word.removesuffix("s") if len(word) > 3 else word)
        if units is None and not skip and word in last:
            units = tuple((f"money:{code}", 1.0) for code in last[word])
        if units:
            return units, skip + 1
    return None


def currency_code(word: str) -> tuple[Unit, ...]:
    """Return the currency that a word as it is written is the code of: "NOK"; nothing for another
    word."""
    is_code = len(word) == 3 and word.isupper() and word not in _CODES_TOO and word in _in_use()
    return ((f"money:{word}", 1.0),) if is_code else ()


@lru_cache(maxsize=1)
def _in_use() -> frozenset[str]:
    """Return the codes of the currencies in use."""
    places = Locale("en").territories
    return frozenset(
        code for place in places for code in get_territory_currencies(str(place)) or ()
    )


@lru_cache(maxsize=1)
def _names() -> tuple[Mapping[tuple[str, ...], str], Mapping[str, tuple[str, ...]]]:
    """Return the codes of currencies in use by their full names, and by the last word of these."""
    english = Locale("en")
    whole: dict[tuple[str, ...], str] = {}
    last: dict[str, tuple[str, ...]] = {}
    for code in sorted(_in_use()):
        for name in {get_currency_name(code, count, english) for count in (1, 2)}:
            words = tuple(name.lower().split())
            if len(words) > 1:
                whole[words] = code
            if words[-1] not in _WORDS_TOO and code not in last.get(words[-1], ()):
                last[words[-1]] = (*last.get(words[-1], ()), code)
    return whole, last
