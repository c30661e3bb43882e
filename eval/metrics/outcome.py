"""The outcome of each question: right, or what went wrong.

An answer is right when a citation carries gold evidence, or when a gold answer of at most twelve
words stands in the answer or in a quotation (SQuAD's normalisation, whole words). "Yes", "no" and
what the question names itself do not count, since wrong answers contain them too. Where a set has
neither gold spans nor short answers, an answer is right when it cites a relevant document. Where
the articles don't answer, only an abstention is right.
"""

from __future__ import annotations

from enum import StrEnum

from eval.dataset.questions import Case
from eval.metrics.evidence import carries, holds_evidence
from eval.metrics.squad import contains, words
from eval.results import Reply, Result

__all__ = ["Outcome", "is_right", "outcome_of"]

SHORT = 12
VERDICTS = {"yes", "no"}


class Outcome(StrEnum):
    """The outcome of a question, from the best to the worst."""

    RIGHT = "right"
    RETRIEVAL_MISS = "retrieval miss"
    READER_MISS = "reader miss"
    WRONG_REFUSAL = "wrong refusal"
    WRONG_ANSWER = "wrong answer"
    FAILED = "failed"

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Outcome.RIGHT: "answered with the evidence, or silent where the articles are",
    Outcome.RETRIEVAL_MISS: "no passage with the evidence was found",
    Outcome.READER_MISS: "the evidence was found, but something else was answered",
    Outcome.WRONG_REFUSAL: "the evidence was found, but no answer was given",
    Outcome.WRONG_ANSWER: "answered although the articles do not",
    Outcome.FAILED: "the question ended in an error",
}


def outcome_of(result: Result) -> Outcome:
    """Classify a result as one of the outcomes."""
    if result.reply is None:
        return Outcome.FAILED
    if not result.case.answerable:
        return Outcome.RIGHT if result.abstained else Outcome.WRONG_ANSWER
    if is_right(result.reply, result.case):
        return Outcome.RIGHT
    if not any(holds_evidence(passage, result.case) for passage in result.found):
        return Outcome.RETRIEVAL_MISS
    return Outcome.WRONG_REFUSAL if result.abstained else Outcome.READER_MISS


def is_right(reply: Reply | None, case: Case) -> bool:
    """Whether a reply answers and is right; false for an abstention."""
    if reply is None or reply.abstained or not case.answerable:
        return False
    if any(carries(citation, span) for citation in reply.citations for span in case.gold_spans):
        return True
    short = [answer for answer in case.answers if _tells(answer, case)]
    texts = [reply.answer, *(citation.cited_text for citation in reply.citations)]
    if any(contains(text, *short) for text in texts):
        return True
    if case.evidence or short:
        return False
    return any(case.relevance.get(citation.document_id, 0) > 0 for citation in reply.citations)


def _tells(answer: str, case: Case) -> bool:
    """Whether a gold answer is short, and specific enough for its words in a text to count."""
    answer_words = words(answer)
    if len(answer_words) > SHORT or " ".join(answer_words) in VERDICTS:
        return False
    return not contains(case.question, answer)
