"""Attribute each question that did not end right to the step that lost it."""

from __future__ import annotations

from enum import StrEnum

from eval.metrics.outcome import Outcome, is_right, outcome_of
from eval.results import Result

__all__ = ["Loss", "loss_of"]


class Loss(StrEnum):
    """The step that lost a question.

    An answer that was withheld is known where the same system was asked with its threshold at zero;
    then either it was right, or the sentence was wrong.
    """

    NOT_RETRIEVED = "not retrieved"
    WRONG_SENTENCE = "wrong sentence"
    RIGHT_BUT_SILENT = "right but silent"
    SILENT = "silent"
    NO_ANSWER_EXISTS = "answered without an answer"
    ERROR = "error"


_LOSSES = {
    Outcome.RETRIEVAL_MISS: Loss.NOT_RETRIEVED,
    Outcome.READER_MISS: Loss.WRONG_SENTENCE,
    Outcome.WRONG_ANSWER: Loss.NO_ANSWER_EXISTS,
    Outcome.FAILED: Loss.ERROR,
}


def loss_of(result: Result) -> Loss | None:
    """Find the step that lost this question; ``None`` when it ended right."""
    outcome = outcome_of(result)
    if outcome is not Outcome.WRONG_REFUSAL:
        return _LOSSES.get(outcome)
    if result.guess is None:
        return Loss.SILENT
    is_withheld = is_right(result.guess, result.case)
    return Loss.RIGHT_BUT_SILENT if is_withheld else Loss.WRONG_SENTENCE
