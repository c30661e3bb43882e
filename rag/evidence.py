"""Evidence, and the protocol of readers, which find it in passages.

A reader gets the retrieved passages, best first, and returns the evidence it finds, best first,
with one probability that the best of it answers the question. This probability means the same for
one passage and for many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.article import Article, Span
from index.snapshot import Found

__all__ = ["AlsoIn", "Antecedent", "Evidence", "Reader", "Reading"]


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """Another copy of an article, and the place of the same sentence in it."""

    article: Article
    span: Span


@dataclass(frozen=True, slots=True)
class Antecedent:
    """The antecedent of a word that refers back: ``word`` is the word's place in the article's text
    and ``name`` that of its antecedent; ``is_possessive``: "its" and the like."""

    word: Span
    name: Span
    is_possessive: bool = False

    def brackets(self, text: str) -> str:
        """Return what replaces the word in an answer: "[SiCarrier]"."""
        return f"[{self.name.of(text)}{'’s' if self.is_possessive else ''}]"

    def in_place(self, text: str, sentence: Span) -> str:
        """Return a sentence of an article's text with the brackets in place of the word."""
        before, after = text[sentence.start : self.word.start], text[self.word.end : sentence.end]
        return f"{before}{self.brackets(text)}{after}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that answers, or helps to.

    ``sentence`` and ``highlight`` (the part that answers; the whole sentence where the reader marks
    none) are offsets into ``article.text``. ``score`` is a probability. ``also_in``: copies of the
    article that have the sentence in the same words. ``antecedent``: what a word of the sentence
    refers to. ``is_context``: it answers nothing, but the sentence after it cannot be
    understood without it.
    """

    article: Article
    sentence: Span
    highlight: Span
    score: float
    also_in: tuple[AlsoIn, ...] = ()
    antecedent: Antecedent | None = None
    is_context: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading the passages for one question.

    evidence: the sentences to quote, best first.
    confidence: the probability that the best of them answers (0 when there is none).
    nearest: the best sentences whether they answer or not, best first, to show as leads where there
        is no answer; empty from a reader that does not rank them.
    nearness: the probability that one of those answers or stands beside an answer.
    further: sentences that are evidence too but are quoted only where a list is asked for, best
        first.
    """

    evidence: tuple[Evidence, ...]
    confidence: float
    nearest: tuple[Evidence, ...] = ()
    nearness: float = 0.0
    further: tuple[Evidence, ...] = ()


class Reader(Protocol):
    """Finds the sentences that answer a question."""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        """Read passages, best first, for a standalone question."""
        ...
