"""Near misses made of answerable questions: one name or number exchanged, so that the passage
speaks of something else than is asked (as in the rule-based negatives of Jia and Liang, 2017).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Final

from rag.training.sets import Document, Question

__all__ = ["names_in", "swapped"]

# Runs of capitalised words that do not begin a sentence.
_NAMES: Final = re.compile(r"(?<=[\w,;:] )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
_NUMBERS: Final = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_YEAR: Final = re.compile(r"1[5-9]\d\d|20\d\d")
_YEARS_APART: Final = 9


def names_in(text: str) -> list[str]:
    """Names within the sentences of a text, in order, with repeats."""
    return [match.group() for match in _NAMES.finditer(text)]


def swapped(
    question: Question, document: Document, pool: Sequence[str], random: Random
) -> Question | None:
    """The question with one of its names or numbers replaced, as one without an answer.

    A replacement comes from the document as often as from ``pool`` (names of other questions),
    and is never a part of the question or of its answers. None where nothing can be replaced.
    """
    found = [*_NUMBERS.finditer(question.text), *_NAMES.finditer(question.text)]
    if not found:
        return None
    match = random.choice(found)
    told = " ".join((question.text, *question.answers)).casefold()
    fresh = [
        each
        for each in _replacements(match.group(), document.text, pool, random)
        if each.casefold() not in told
    ]
    if not fresh:
        return None
    text = question.text[: match.start()] + random.choice(fresh) + question.text[match.end() :]
    return replace(question, id=f"{question.id}-swapped", text=text, answers=(), spans=())


def _replacements(old: str, text: str, pool: Sequence[str], random: Random) -> list[str]:
    near = random.random() < 0.5
    if _YEAR.fullmatch(old):
        apart = random.randint(1, _YEARS_APART) * random.choice((-1, 1))
        return (near and _YEAR.findall(text)) or [str(int(old) + apart)]
    if _NUMBERS.fullmatch(old):
        others = [each for each in _NUMBERS.findall(text) if not _YEAR.fullmatch(each)]
        return (near and others) or [str(random.randint(2, 99))]
    if near:
        return names_in(text)
    known = text.casefold()
    return [name for name in random.sample(pool, min(5, len(pool))) if name.casefold() not in known]
