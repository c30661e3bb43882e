"""The outcome of each question: right, or what went wrong.

An answer is right when a citation carries gold evidence, or when a gold answer of at most twelve
words stands in the answer or in a quotation (:mod:`eval.metrics.wording`). "Yes", "no" and what the
question names itself do not count, since wrong answers contain them too. Where a set has
neither gold spans nor short answers, an answer is right when it cites a relevant document. Where
the articles don't answer, only an abstention is right.

What was not right is put down to the step that lost it. An answer that was withheld is known where
the same system was asked with its threshold at zero: it was right, or the sentence was wrong.
"""

from __future__ import annotations

from enum import StrEnum

from eval.dataset.questions import Case
from eval.metrics.evidence import carries, holds_evidence
from eval.metrics.squad import words
from eval.metrics.wording import says
from eval.results import Reply, Result

__all__ = ["Outcome", "is_right", "outcome_of"]

SHORT = 12
VERDICTS = {"yes", "no"}


class Outcome(StrEnum):
    """The outcome of a question: right, or the step that lost it."""

    RIGHT = "right"
    NOT_RETRIEVED = "not retrieved"
    WRONG_SENTENCE = "wrong sentence"
    RIGHT_BUT_SILENT = "right but silent"
    SILENT = "silent"
    NO_ANSWER_EXISTS = "answered without an answer"
    ERROR = "error"

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Outcome.RIGHT: "answered with the evidence, or silent where the articles are",
    Outcome.NOT_RETRIEVED: "no passage with the evidence was found",
    Outcome.WRONG_SENTENCE: "the evidence was found, but something else was answered, or withheld",
    Outcome.RIGHT_BUT_SILENT: "the evidence was found, and the right answer withheld",
    Outcome.SILENT: "the evidence was found, but no answer was given",
    Outcome.NO_ANSWER_EXISTS: "answered although the articles do not",
    Outcome.ERROR: "the question ended in an error",
}


def outcome_of(result: Result) -> Outcome:
    """Classify a result as one of the outcomes."""
    case = result.case
    if result.reply is None:
        return Outcome.ERROR
    if not case.answerable:
        return Outcome.RIGHT if result.abstained else Outcome.NO_ANSWER_EXISTS
    if is_right(result.reply, case):
        return Outcome.RIGHT
    if not any(holds_evidence(passage, case) for passage in result.found):
        return Outcome.NOT_RETRIEVED
    if not result.abstained:
        return Outcome.WRONG_SENTENCE
    if result.guess is None:
        return Outcome.SILENT
    return Outcome.RIGHT_BUT_SILENT if is_right(result.guess, case) else Outcome.WRONG_SENTENCE


def is_right(reply: Reply | None, case: Case) -> bool:
    """Whether a reply answers and is right; false for an abstention."""
    if reply is None or reply.abstained or not case.answerable:
        return False
    if any(carries(citation, span) for citation in reply.citations for span in case.gold_spans):
        return True
    short = [answer for answer in case.answers if _tells(answer, case)]
    texts = [reply.answer, *(citation.cited_text for citation in reply.citations)]
    if any(says(text, *short) for text in texts):
        return True
    if case.evidence or short:
        return False
    return any(case.relevance.get(citation.document_id, 0) > 0 for citation in reply.citations)


def _tells(answer: str, case: Case) -> bool:
    """Whether a gold answer is short, and specific enough for its words in a text to count."""
    answer_words = words(answer)
    if len(answer_words) > SHORT or " ".join(answer_words) in VERDICTS:
        return False
    return not says(case.question, answer)
