"""Countries and their peoples: which words refer to one place ("Poland", "Polish", "Poles").

The names of countries and, out of those of their currencies ("Polish zloty"), most adjectives come
from CLDR through ``babel``; ``place_names.json`` adds what CLDR lacks. :func:`same_people` covers
endings for places that CLDR does not know ("Siberia", "Siberian").
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from babel import Locale
from babel.numbers import get_currency_name, list_currencies

from index.text.patterns import lazy_regex
from rag.facts.letters import fold_letters

__all__ = ["places_of", "same_people"]

_DATA: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("place_names.json").read_text(encoding="utf-8")
)
_ENDINGS: Final = frozenset(_DATA["endings"].split())
_AFTER_A: Final = frozenset(_DATA["endings_after_a"].split())
_SHORTEST: Final = 4
# "Austrian Schilling", "Angolan New Kwanza", "Mexican Silver Peso (1861–1992)"
_NOTE: Final = lazy_regex(r"\s*\(.*\)")
_NO_PART_LIST: Final = "new old hard socialist convertible central cfa wir"
_NO_PART: Final = frozenset(_NO_PART_LIST.split())


@lru_cache(maxsize=1)
def _places() -> Mapping[str, frozenset[str]]:
    """Load the codes of places by the names, in lower case, that may refer to them."""
    codes_by_name: dict[str, set[str]] = {}

    def add(name: str, code: str) -> None:
        name = fold_letters(name.strip())
        if name:
            codes_by_name.setdefault(name, set()).add(code)

    english = Locale("en")
    countries = {code: name for code, name in english.territories.items() if code.isalpha()}
    for code, name in countries.items():
        for part in re.split(r"\s*[()]\s*|\s+SAR China\b.*", name.replace(" & ", " and ")):
            add(part, code)
    for code in list_currencies():
        if code[:2] in countries and code[0] != "X":
            words = _NOTE.sub("", get_currency_name(code, locale=english)).split()[:-1]
            people = [word for word in words if word.lower() not in _NO_PART]
            add(" ".join(people), code[:2])
    for code, names in _DATA["also"].items():
        for alias in names.split("|"):
            add(alias, code)
    return {name: frozenset(codes) for name, codes in codes_by_name.items()}


def places_of(name: str) -> frozenset[str]:
    """Return the codes of the places that a name in lower case may refer to: "polish" and "poland"
    have one in common. Empty for an unknown name."""
    return _places().get(name, frozenset())


def same_people(word: str, candidate: str) -> bool:
    """Whether one of two words in lower case is the other with an ending for its people: "siberian"
    of "siberia", "texan" of "texas".

    False where the longer one is a place or people known by name.
    """
    if min(len(word), len(candidate)) < _SHORTEST or word[:3] != candidate[:3]:
        return False
    return _with_ending(word, candidate) or _with_ending(candidate, word)


def _with_ending(place: str, people: str) -> bool:
    # "Nigerian" is nobody from Niger.
    if people in _places() or len(people) < len(place):
        return False
    bases = {place, place.removesuffix("a"), place.removesuffix("ia")}
    bases.add(re.sub(r"(?:es|[esyo])$", "", place))
    return any(
        people.startswith(base)
        and (
            people[len(base) :] in _ENDINGS
            or (base.endswith("a") and people[len(base) :] in _AFTER_A)
        )
        for base in bases
    )
