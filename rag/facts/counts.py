"""Tell what a count is of, by the words around it: "seven people died" and "four are missing" count
different things.

The clause around a number is taken up to a comma, a bracket or a full stop, and eight words on
either side at most. English only.
"""

from __future__ import annotations

import re
from typing import Final

from index.text.patterns import lazy_regex
from rag.facts.quantities import Amount
from rag.text.english import content_stems, is_function_word, stem, words

__all__ = ["clause_stems", "counted_noun"]

_BOUNDARY: Final = lazy_regex(r"[,;:()“”\"]|[.!?](?=\s|$)|\s[–—-]\s")
_MOST_WORDS: Final = 8
_PLURAL: Final = lazy_regex(r"(?:[a-z]{2,}(?<![su])s|people|men|women|children)$", re.IGNORECASE)
# Of these nearly everything is counted.
_ANYBODY: Final = frozenset(map(stem, ("people", "person", "persons", "men", "women", "children")))


def counted_noun(text: str, amount: Amount) -> str:
    """The stem of the noun that an amount of a text counts, a plural right behind it; empty where
    none is there."""
    behind = words(text[amount.end : amount.end + 60])[:2]
    if not behind or is_function_word(behind[0]):
        return ""
    return next((stem(word) for word in behind if _PLURAL.search(word)), "")


def clause_stems(text: str, amount: Amount) -> set[str]:
    """The stems of the content words around an amount, within its clause; without "people"."""
    before = _BOUNDARY.split(text[: amount.start])[-1]
    after = _BOUNDARY.split(text[amount.end :], maxsplit=1)[0]
    near = (*words(before)[-_MOST_WORDS:], *words(after)[:_MOST_WORDS])
    return content_stems(" ".join(near)) - _ANYBODY
