"""Make near misses of answerable questions, so that the passage tells of something else than is
asked.

One name, number or date is exchanged (as in the rule-based negatives of Jia and Liang, 2017), or
the question turned into its opposite (the negations and antonyms of Rajpurkar et al., 2018).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from random import Random
from typing import Final, Literal, Protocol

from eval.dataset.corruptions import corrupt, deny, names_of
from eval.metrics.squad import contains
from eval.training.sets import Question
from index.article import Article

__all__ = ["Change", "ChangeKind", "changes", "swap", "turn"]

ChangeKind = Literal["swapped", "turned"]

_EXCHANGES: Final = ("entity", "number", "date")
# Of the names of other questions, so many are tried.
_POOL: Final = 5
# Words as they are written, and only those whose opposite asks for something else: "how long" and
# "how short" ask for the same, "how few" is not said.
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
    word: opposite for pair in _PAIRS for word, opposite in (pair.split(), pair.split()[::-1])
}
_WORD: Final = re.compile(r"[A-Za-z]+")
_HOW: Final = re.compile(r"\bhow $", re.I)
_DENIAL_SHARE: Final = 0.25


class Change(Protocol):
    """Makes a near miss of an answerable question; ``None`` where it cannot."""

    def __call__(
        self, question: Question, document: Article, /, *, random: Random
    ) -> Question | None: ...


def changes(questions: Sequence[Question]) -> dict[ChangeKind, Change]:
    """Return both kinds of near misses; names are exchanged for those of all these questions."""
    pool = [name for question in questions for name in names_of(question.text)]
    return {"swapped": partial(swap, pool=pool), "turned": turn}


def swap(
    question: Question, document: Article, pool: Sequence[str], random: Random
) -> Question | None:
    """Replace one name, number or date of a question, which leaves it without an answer.

    A replacement comes from the document as often as from ``pool`` (names of other questions,
    without those that the document has), and is none of the answers. Returns ``None`` where nothing
    can be replaced.
    """
    lowered_text = document.text.casefold()
    draw = random.sample(pool, min(_POOL, len(pool)))
    strangers = [name for name in draw if name.casefold() not in lowered_text]
    for kind in random.sample(_EXCHANGES, len(_EXCHANGES)):
        text = corrupt(kind, question.text, (document.text,), strangers, random)
        if text and not contains(text, *question.answers):
            return _without_answer(question, text, "swapped")
    return None


def turn(question: Question, document: Article, random: Random) -> Question | None:
    """Turn a question into its opposite, which leaves it without an answer: a word is replaced by
    its opposite, or the question is negated. ``None`` where it has no such word, or the document
    has the opposite too."""
    if random.random() < _DENIAL_SHARE:
        text = deny(question.text, random.choice((" not", "n't", " never")))
    else:
        text = _with_opposite(question.text, document.text, random)
    return _without_answer(question, text, "turned") if text else None


def _without_answer(question: Question, text: str, kind: ChangeKind) -> Question:
    return replace(question, id=f"{question.id}-{kind}", text=text, answers=(), spans=())


def _with_opposite(question: str, text: str, random: Random) -> str | None:
    document_words = {match.group().casefold() for match in _WORD.finditer(text)}
    matches = [
        match
        for match in _WORD.finditer(question)
        if _OPPOSITES.get(match.group(), "") not in document_words | {""}
        and not _HOW.search(question[: match.start()])
    ]
    if not matches:
        return None
    match = random.choice(matches)
    return question[: match.start()] + _OPPOSITES[match.group()] + question[match.end() :]
