"""Find which words of a sentence are negated and which are affirmed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from index.text.patterns import lazy_regex
from rag.text.english import is_function_word, stem

__all__ = ["Polarity", "find_polarity"]

_WORD: Final = lazy_regex(r"[^\W_]+(?:['’][^\W_]+)?|[.;:!?]")
_DENIALS_LIST: Final = (
    "not no never none neither nor without cannot nobody nothing nowhere hardly barely scarcely "
    "isn't aren't wasn't weren't don't doesn't didn't won't wouldn't can't couldn't shouldn't "
    "haven't hasn't hadn't mustn't needn't ain't n't"
)
_DENIALS: Final = frozenset(_DENIALS_LIST.split())
_VERB_LIST: Final = "fail refuse deny decline reject lack cease unable false untrue"
_VERBS: Final = frozenset(stem(word) for word in _VERB_LIST.split())
# "not only", "no longer than", "no doubt" deny nothing.
_EMPTY: Final = frozenset(
    ["only", "just", "merely", "doubt", "less", "fewer", "more", "sooner", "matter"]
)
_REACH: Final = 5
# "No, it was not sold" denies once; "No 10 Mill Street" and "No buses ran" are left.
_ANSWER: Final = lazy_regex(r"\W*no(?:[,;:!]|\.(?!\s*\d)|\s+[-–—])\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Polarity:
    """The stems of a sentence's words, those within reach of a negation and the others, and the
    number of negations."""

    denied_stems: frozenset[str]
    stated_stems: frozenset[str]
    denials: int


def find_polarity(text: str) -> Polarity:
    """Find which content words a sentence negates: up to five after "not", "never" and the like,
    within the clause. A "no" that answers, at the beginning, denies nothing of what follows."""
    inside: set[str] = set()
    outside: set[str] = set()
    reach = count = 0
    answer = _ANSWER.match(text)
    assertion = text[answer.end() :] if answer else text
    words = [match.group().lower().replace("’", "'") for match in _WORD.finditer(assertion)]
    for i, word in enumerate(words):
        if word in ".;:!?":
            reach = 0
        elif _denies(words, i):
            reach = _REACH
            count += 1
        elif not is_function_word(word):
            (inside if reach > 0 else outside).add(stem(word))
            reach -= 1
    return Polarity(frozenset(inside), frozenset(outside), count)


def _denies(words: list[str], i: int) -> bool:
    word = words[i]
    if word in _DENIALS or word.endswith("n't"):
        following, second = (*words[i + 1 : i + 3], "", "")[:2]
        # "No. 4 Mill Street"
        is_number = word == "no" and following == "." and second.isdigit()
        return following not in _EMPTY and not is_number
    if stem(word) not in _VERBS:
        return False
    following, second = (*words[i + 1 : i + 3], "", "")[:2]
    # "Sales declined by 5%", "a decline from 62 to 47"
    falls = following in ("by", "from", "in") or (following == "to" and second[:1].isdigit())
    return not (word.startswith("declin") and falls)
