"""English words: stems, function words (which carry grammar rather than content), days in words."""

from __future__ import annotations

from datetime import date
from typing import Final

from index.text.months import MONTHS
from index.text.patterns import lazy_regex
from index.text.stemming import stem_word

__all__ = ["content_stems", "day_in_words", "is_function_word", "stem", "words"]

_FUNCTION_LIST: Final = (
    "a an the this that these those some any each every all both either neither no not nor "
    "and or but if then else than so as of in on at by for with about against between into "
    "through during before after above below to from up down out off over under again "
    "further once here there when where why how what which who whom whose is am are was "
    "were be been being have has had having do does did doing done can could will would "
    "shall should may might must i me my we us our you your he him his she her it its they "
    "them their s t d ll m re ve don doesn didn isn wasn weren hasn haven also just "
    "only very too much many more most such own same other another while because until yes "
    "please tell give name called ever get got per "
)
_FUNCTION_WORDS: Final = frozenset(_FUNCTION_LIST.split())
_WORD: Final = lazy_regex(r"\d+(?:[.,]\d+)+|[^\W_]+")


def stem(word: str) -> str:
    """The English Snowball stem of a word, lower-cased; numbers lose their thousands commas."""
    if word[:1].isdigit():
        return word.replace(",", "").lower()
    return stem_word("english", word.lower())


def words(text: str) -> list[str]:
    """The words and numbers of a text, in order, as written."""
    return _WORD.findall(text)


def is_function_word(word: str) -> bool:
    """Whether a word carries grammar rather than content ("the", "did", "which")."""
    return word.lower() in _FUNCTION_WORDS


def content_stems(text: str) -> set[str]:
    """The stems of a text's words and numbers, without function words."""
    return {stem(word) for word in words(text) if not is_function_word(word)}


def day_in_words(day: date) -> str:
    """Write a day as articles do: "4 March 2025"."""
    return f"{day.day} {MONTHS['en'][day.month - 1].capitalize()} {day.year}"
