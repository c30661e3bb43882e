"""Held-out questions as the reader meets them: with their own passage, or with retrieved ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from eval.metrics.squad import contains
from eval.training.sets import Document, Question, QuestionSet
from eval.training.swaps import changes
from index.article import Article, Passage, Span
from index.settings import PassageSettings
from index.snapshot import Found
from index.text.passages import cut_passages
from index.text.sentences import sentences
from rag import Pullquote

__all__ = [
    "Case", "Condition", "given", "halves_of", "is_right", "near_misses", "passages_of",
    "retrieved",
]  # fmt: skip

Condition = Literal["given", "retrieved", "removed", "swapped"]
READ: Final = 5
_SEARCHED: Final = 25


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the passages to read.

    ``condition``: its own document given, the best five retrieved, or the best five without any
    of its own article (then nothing answers); or, with a name or number of the question exchanged,
    its own document or the best five of the new question. ``half``:
    0 to fit on, 1 to report, by article.
    """

    set_name: str
    condition: Condition
    question: Question
    passages: tuple[Found, ...]
    half: int

    @property
    def answerable(self) -> bool:
        """Whether a passage that was handed over holds an answer's document."""
        told = {found.article.id for found in self.passages}
        return bool(self.question.spans) and self.question.document in told


def passages_of(document: Document) -> tuple[Found, ...]:
    """A document cut as the index cuts articles."""
    article = Article(document.id, document.title, document.text)
    cut = cut_passages(article.text, sentences(article.text), PassageSettings())
    return tuple(
        Found(article, Passage(i, article.id, i, Span(run[0].start, run[-1].end), run))
        for i, run in enumerate(cut)
    )


def given(questions: QuestionSet, most: int, random: Random) -> list[Case]:
    """At most so many held-out questions of a set, each with its own document."""
    part, halves = list(questions.part(held_out=True)), halves_of(questions)
    return [
        Case(
            questions.name,
            "given",
            question,
            passages_of(questions.documents[question.document]),
            halves[questions.documents[question.document].group],
        )
        for question in random.sample(part, min(most, len(part)))
    ]


def retrieved(questions: QuestionSet, library: Pullquote, most: int, random: Random) -> list[Case]:
    """Held-out answerable questions, each with retrieved passages, twice: as they are found, and
    without the question's own article. ``library`` holds the set's documents by their ids."""
    part, halves = [q for q in questions.part(held_out=True) if q.spans], halves_of(questions)
    cases = []
    for question in random.sample(part, min(most, len(part))):
        document = questions.documents[question.document]
        results = library.search(question.text, top_k=_SEARCHED)
        found = [Found(each.article, each.passage) for each in results]
        others = [f for f in found if f.article.title != document.title]
        for condition, chosen in _conditions(found, others):
            half = halves[document.group]
            cases.append(Case(questions.name, condition, question, chosen, half))
    return cases


def near_misses(
    questions: QuestionSet,
    library: Pullquote | None,
    most: int,
    random: Random,
) -> list[Case]:
    """At most so many held-out questions with a name or number exchanged, which nothing answers.
    Every second one is read with retrieved passages, where there is a ``library``."""
    part, halves = [q for q in questions.part(held_out=True) if q.spans], halves_of(questions)
    change = changes(part)["swapped"]
    cases: list[Case] = []
    for question in random.sample(part, len(part)):
        document = questions.documents[question.document]
        changed = change(question, document, random=random)
        if changed is None or len(cases) >= most:
            continue
        passages = passages_of(document)
        if library and len(cases) % 2:
            found = library.search(changed.text, top_k=READ)
            passages = tuple(Found(each.article, each.passage) for each in found)
        cases.append(Case(questions.name, "swapped", changed, passages, halves[document.group]))
    return cases


def _conditions(
    found: Sequence[Found], others: Sequence[Found]
) -> tuple[tuple[Condition, tuple[Found, ...]], ...]:
    return (("retrieved", tuple(found[:READ])), ("removed", tuple(others[:READ])))


def halves_of(questions: QuestionSet) -> dict[str, int]:
    """Every second held-out article, by name, is kept for reporting: 1, the others 0."""
    part = questions.part(held_out=True)
    groups = sorted({questions.documents[q.document].group for q in part})
    return {group: i % 2 for i, group in enumerate(groups)}


def is_right(case: Case, article: Article, sentence: Span) -> bool:
    """Whether a quoted sentence answers: it overlaps a gold span, or, in another passage than
    the question's own, holds an answer word for word."""
    if not case.question.spans or case.condition == "removed":
        return False
    if article.id == case.question.document and any(
        sentence.start < end and start < sentence.end for start, end in case.question.spans
    ):
        return True
    if case.question.whole_sentences or case.condition == "given":
        return False
    return contains(sentence.of(article.text), *case.question.answers)
