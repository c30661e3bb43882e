"""Forms of verbs that questions are made of: auxiliaries, and the base of a finite form.

English only.
"""

from __future__ import annotations

import re
from typing import Final

from index.text.patterns import lazy_regex
from rag.query.word_list import MIN_LETTERS, dictionary_words

__all__ = ["BE", "DO", "HAVE", "IRREGULAR", "MODAL", "base_of_past", "base_of_present"]

BE: Final = ("is", "are", "was", "were")
MODAL: Final = ("will", "would", "can", "could", "should", "may", "might", "must")
DO: Final = ("do", "does", "did")
HAVE: Final = ("has", "have", "had")
_IRREGULAR_LIST: Final = (
    "become became begin began break broke bring brought build built buy bought catch caught "
    "choose chose come came cut cut do did draw drew drive drove fall fell fight fought find "
    "found fly flew get got give gave go went grow grew have had hear heard hit hit hold held "
    "hurt hurt keep kept lay laid lead led leave left lend lent lose lost make made meet met "
    "pay paid put put rise rose run ran see saw seek sought sell sold send sent set set shoot "
    "shot shut shut sink sank speak spoke spend spent stand stood steal stole strike struck "
    "swear swore take took teach taught think thought throw threw win won withdraw withdrew "
    "write wrote"
)
_PAIRS: Final = _IRREGULAR_LIST.split()
# Past and base of the irregular verbs of news.
IRREGULAR: Final[dict[str, str]] = dict(zip(_PAIRS[1::2], _PAIRS[::2], strict=True))
_SHORTEST_IN_Y: Final = 4
# Verbs that the rules of :func:`base_of_past` take for others: "unit" is a word, and of three
# letters there is no list.
_OTHER_BASES: Final[dict[str, str]] = {
    "united": "unite", "pasted": "paste", "owed": "owe", "awed": "awe", "ached": "ache",
    "eyed": "eye", "toed": "toe", "added": "add", "erred": "err", "ebbed": "ebb", "egged": "egg",
}  # fmt: skip
# Without doubling its last consonant, such a stem has lost an e: "stat", "typ", and not "form".
_SHORT_VOWEL: Final = lazy_regex(r"[^aeiou]*[aeiouy][^aeiouwxy]")
_ENDS_IN_E: Final = lazy_regex(r"(?:[vuzc]|[^s]s|dg|th|rg|lg|ng|[^aeiou]l)\Z(?<!us)(?<!is)(?<!as)")


def base_of_present(verb: str) -> str:
    """The base of a verb in the third person: "carries", "reaches", "sells"."""
    if verb.endswith("ies") and len(verb) > _SHORTEST_IN_Y:
        return f"{verb[:-3]}y"
    return verb[:-2] if re.search(r"(?:ss|x|zz|ch|sh|o)es$", verb) else verb[:-1]


def base_of_past(verb: str) -> str:
    """Return the base of a past: "win" of "won", "plan" of "planned", "change" of "changed"; by
    spelling and dictionary, right for .98 of 6,555 regular pasts (docs/evaluation.md)."""
    if base := IRREGULAR.get(verb) or _OTHER_BASES.get(verb):
        return base
    stem = verb[:-2]
    if stem.endswith("i"):
        return f"{stem[:-1]}y" if len(stem) > _SHORTEST_IN_Y - 2 else f"{stem}e"
    vocabulary, with_e = dictionary_words(), f"{stem}e"
    if stem[-1:] == stem[-2:-1] and stem[-1:] not in "aeou":
        return _base_of_doubled(stem)
    if stem.endswith("ck") and stem not in vocabulary and stem[:-1] in vocabulary:
        return stem[:-1]
    ends_in_s = stem.endswith("s") and with_e in vocabulary
    if stem.endswith("e") or ends_in_s:
        return with_e
    if len(stem) < MIN_LETTERS or (stem in vocabulary) == (with_e in vocabulary):
        is_without = not (_SHORT_VOWEL.fullmatch(stem) or _ENDS_IN_E.search(stem))
        return stem if is_without else with_e
    return with_e if with_e in vocabulary else stem


def _base_of_doubled(stem: str) -> str:
    """Return the base of a past before whose ending a consonant stands twice: "bar" of "barr", and
    "call", "pass" and "gazette", which have it themselves."""
    vocabulary = dictionary_words()
    if stem in vocabulary and (stem[-1] in "lsfz" or stem[:-1] not in vocabulary):
        return stem
    if stem[-1] in "ts" and f"{stem}e" in vocabulary:
        return f"{stem}e"
    return stem if stem[-1] in "sfz" and stem[:-1] not in vocabulary else stem[:-1]
