"""Near misses made of answerable questions, so that the passage speaks of something else than is
asked: one name or number exchanged (as in the rule-based negatives of Jia and Liang, 2017), or the
question turned into its opposite (the negations and antonyms of Rajpurkar et al., 2018).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from random import Random
from typing import Final, Literal, Protocol

from eval.training.sets import Question
from index.article import Article

__all__ = ["Change", "Changed", "changes", "names_in", "swapped", "turned"]

Changed = Literal["swapped", "turned"]

# Runs of capitalised words that do not begin a sentence.
_NAMES: Final = re.compile(r"(?<=[\w,;:] )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
_NUMBERS: Final = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_YEAR: Final = re.compile(r"1[5-9]\d\d|20\d\d")
_YEARS_APART: Final = 9
# Words as they are written, which rag.facts.polarity has as stems, and only those whose opposite
# asks for something else: "how long" and "how short" ask for the same, "how few" is not said.
_PAIRS: Final = (
    "first last", "largest smallest", "biggest smallest", "highest lowest", "most least",
    "oldest youngest", "longest shortest", "earliest latest", "best worst", "before after",
    "north south", "northern southern", "east west", "eastern western", "won lost", "win lose",
    "rose fell", "rise fall", "increase decrease", "increased decreased", "start end",
    "started ended", "begin end", "began ended", "opened closed", "open close", "bought sold",
    "buy sell", "founded dissolved", "joined left", "join leave", "gained lost", "gain lose",
    "male female", "men women", "upper lower", "above below", "minimum maximum",
    "majority minority", "positive negative", "import export", "accepted rejected",
    "approved rejected", "supported opposed", "support oppose", "allowed banned", "public private",
    "higher lower", "larger smaller", "greater smaller", "older younger", "better worse",
    "father mother", "husband wife", "brother sister", "son daughter", "arrive depart",
    "arrived departed", "hired fired", "created destroyed", "create destroy", "strong weak",
    "similar different", "cause prevent", "causes prevents", "included excluded", "born killed",
)  # fmt: skip
_OPPOSITES: Final = {
    word: other for pair in _PAIRS for word, other in (pair.split(), pair.split()[::-1])
}
_WORD: Final = re.compile(r"[A-Za-z]+")
_HOW: Final = re.compile(r"\bhow $", re.I)
_AUXILIARY: Final = re.compile(
    r"\b(?:is|was|were|are|did|does|do|could|would|has|had|have|should)\b(?!n't| not\b)",
    re.IGNORECASE,
)
_DENIALS: Final = ("n't", " not", " never")
_DENIED_SHARE: Final = 0.25


class Change(Protocol):
    """Makes a near miss of an answerable question, where it can."""

    def __call__(
        self, question: Question, document: Article, /, *, random: Random
    ) -> Question | None: ...


def changes(questions: Sequence[Question]) -> dict[Changed, Change]:
    """Both kinds of near misses; names are exchanged for those of all these questions."""
    pool = [name for question in questions for name in names_in(question.text)]
    return {"swapped": partial(swapped, pool=pool), "turned": turned}


def names_in(text: str) -> list[str]:
    """Names within the sentences of a text, in order, with repeats."""
    return [match.group() for match in _NAMES.finditer(text)]


def swapped(
    question: Question, document: Article, pool: Sequence[str], random: Random
) -> Question | None:
    """The question with one of its names or numbers replaced, as one without an answer.

    A replacement comes from the document as often as from ``pool`` (names of other questions),
    and is never a part of the question or of its answers. None where nothing can be replaced.
    """
    matches = [*_NUMBERS.finditer(question.text), *_NAMES.finditer(question.text)]
    if not matches:
        return None
    match = random.choice(matches)
    occupied = " ".join((question.text, *question.answers)).casefold()
    fresh = [
        name
        for name in _replacements(match.group(), document.text, pool, random)
        if name.casefold() not in occupied
    ]
    if not fresh:
        return None
    text = question.text[: match.start()] + random.choice(fresh) + question.text[match.end() :]
    return replace(question, id=f"{question.id}-swapped", text=text, answers=(), spans=())


def turned(question: Question, document: Article, random: Random) -> Question | None:
    """The question turned into its opposite, as one without an answer: a word exchanged for its
    opposite, or denied. None where it has no such word, or the document has the opposite too.
    """
    if random.random() < _DENIED_SHARE:
        match = _AUXILIARY.search(question.text)
        fresh = match and match.group() + random.choice(_DENIALS)
    else:
        match, fresh = _opposite(question.text, document.text, random)
    if match is None or not fresh:
        return None
    text = question.text[: match.start()] + fresh + question.text[match.end() :]
    return replace(question, id=f"{question.id}-turned", text=text, answers=(), spans=())


def _opposite(question: str, text: str, random: Random) -> tuple[re.Match[str] | None, str | None]:
    document_words = {match.group().casefold() for match in _WORD.finditer(text)}
    matches = [
        match
        for match in _WORD.finditer(question)
        if _OPPOSITES.get(match.group(), "") not in document_words | {""}
        and not _HOW.search(question[: match.start()])
    ]
    match = random.choice(matches) if matches else None
    return match, match and _OPPOSITES[match.group()]


def _replacements(old: str, text: str, pool: Sequence[str], random: Random) -> list[str]:
    near = random.random() < 0.5
    if _YEAR.fullmatch(old):
        apart = random.randint(1, _YEARS_APART) * random.choice((-1, 1))
        return (near and _YEAR.findall(text)) or [str(int(old) + apart)]
    if _NUMBERS.fullmatch(old):
        others = [number for number in _NUMBERS.findall(text) if not _YEAR.fullmatch(number)]
        return (near and others) or [str(random.randint(2, 99))]
    if near:
        return names_in(text)
    lowered = text.casefold()
    return [
        name for name in random.sample(pool, min(5, len(pool))) if name.casefold() not in lowered
    ]
