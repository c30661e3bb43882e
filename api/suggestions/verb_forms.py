"""Find the base form of an English verb in the past tense: "open" of "opened", "pay" of "paid"."""

from __future__ import annotations

from typing import Final

from rag.query.word_list import common_words

__all__ = ["IRREGULAR_PASTS", "base_form"]

# The verbs without "-ed" that news tells of with a day or an amount; base and past.
_IRREGULAR_LIST: Final = (
    "become became begin began break broke bring brought build built buy bought choose chose "
    "come came draw drew fall fell fight fought find found fly flew get got give gave go went "
    "grow grew hear heard hold held keep kept lay laid lead led leave left lend lent lose lost "
    "make made meet met pay paid rise rose run ran see saw seek sought sell sold send sent "
    "shoot shot sink sank speak spoke spend spent stand stood steal stole strike struck swear "
    "swore take took teach taught think thought throw threw win won withdraw withdrew write wrote"
)
_PAIRS: Final = _IRREGULAR_LIST.split()
IRREGULAR_PASTS: Final[dict[str, str]] = dict(zip(_PAIRS[1::2], _PAIRS[::2], strict=True))


def base_form(past: str) -> str | None:
    """Return the base form of a past tense: "open" of "opened", "plan" of "planned", "pay" of
    "paid"; ``None`` where the result is no common word."""
    if past in IRREGULAR_PASTS:
        return IRREGULAR_PASTS[past]
    stem = past.removesuffix("ed")
    forms = [past[:-1], stem]
    if stem[-1:] == stem[-2:-1]:
        forms.append(stem[:-1])
    # "Carrie" is a word too; "died" and "tied" have an e.
    if stem.endswith("i") and len(stem) > 2:
        forms.insert(0, stem[:-1] + "y")
    return next((form for form in forms if form in common_words()), None)
