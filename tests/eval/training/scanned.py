"""Questions as they were read, made up."""

from __future__ import annotations

from eval.training.held_out import Case, Condition, ScannedCase
from eval.training.sets import Question
from index.article import Article, Passage, Span
from index.snapshot import Found
from rag.reading.spans import SentenceScan

__all__ = ["SENTENCES", "found", "scanned"]

# Of each its place in the article's text, whose answer is in one of them.
SENTENCES = tuple(Span(10 * i, 10 * i + 9) for i in range(6))
TEXT = " ".join(f"Answer {i}." for i in range(6))


def found(id: str = "d") -> Found:
    """An article of six sentences."""
    return Found(Article(id, "", TEXT), Passage(0, id, 0, Span(0, 59), SENTENCES))


def scanned(
    margins: tuple[float, ...],
    gold: int | None,
    evidence: tuple[float, ...] = (),
    half: int = 0,
    condition: Condition = "given",
    name: str = "set",
    passages: tuple[Found, ...] = (),
) -> ScannedCase:
    """A question to the article, its first sentences scanned with these margins and evidence.

    gold: the sentence that answers, None where none does.
    """
    spans = ((10 * gold, 10 * gold + 9),) if gold is not None else ()
    answers = (f"Answer {gold}.",) if spans else ()
    question = Question("q", "What?", "d", answers, spans)
    case = Case(name, condition, question, passages or (found(),), half)
    scans = tuple(
        SentenceScan(0, i, SENTENCES[i], margin, evidence[i] if evidence else 0.0)
        for i, margin in enumerate(margins)
    )
    return ScannedCase(case, scans, scans)
