"""Whether the system abstains where it should, and how good its confidence is.

A question's *guess* is its answer or, where it abstained and was asked again with the threshold at
zero, what it would have answered. Whether a guess is right is defined in
``eval/metrics/outcome.py``. A question that the articles don't answer has no right guess, and an
abstention without a guess counts as wrong. A question that ended in an error was met with neither
an answer nor silence: beside ``answered`` no measure counts it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.metrics import confidence
from eval.metrics.confidence import (
    CalibrationError,
    RiskArea,
    RiskCoverage,
    Separation,
    equal_mass_bins,
)
from eval.metrics.metric import FloatArray, Metric, Ratio, Selection, Statistic, mean
from eval.metrics.outcome import is_right
from eval.results import Result

__all__ = [
    "METRICS",
    "Bin",
    "guess_is_right",
    "reliability",
    "risk_coverage",
    "without_errors",
]


def guess_is_right(result: Result) -> bool:
    """Whether the answer given, or the one that was withheld, is right."""
    return is_right(result.guess if result.abstained else result.reply, result.case)


def without_errors(results: Sequence[Result]) -> list[Result]:
    """Leave out the questions that ended in an error."""
    return [result for result in results if not result.is_error]


def _without_errors(
    measure: Callable[[Sequence[Result]], Statistic],
) -> Callable[[Sequence[Result]], Statistic]:
    """Make the measure one of the questions that did not end in an error."""

    def of(results: Sequence[Result]) -> Selection:
        places = np.flatnonzero([not result.is_error for result in results])
        return Selection(measure(without_errors(results)), places)

    return of


def _flags(values: Sequence[bool]) -> FloatArray:
    return np.array(values, dtype=np.float64)


def _confidence(results: Sequence[Result]) -> FloatArray:
    return np.array([result.confidence for result in results], dtype=np.float64)


def _share(results: Sequence[Result], *, of_abstained: bool, answerable: bool) -> Ratio:
    """Make a ratio: among the abstentions, or else among the (un)answerable questions, the share
    that is both."""
    abstentions = _flags([result.abstained for result in results])
    targets = _flags([result.case.answerable is answerable for result in results])
    return Ratio(abstentions * targets, abstentions if of_abstained else targets)


def _false_answers(results: Sequence[Result]) -> Ratio:
    answers = _flags([not result.abstained for result in results])
    unanswerable = _flags([not result.case.answerable for result in results])
    return Ratio(answers * unanswerable, unanswerable)


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of the reliability diagram: mean confidence, share right, number of questions."""

    confidence: float
    right: float
    count: int


def reliability(results: Sequence[Result]) -> list[Bin]:
    """Compute the bins of ``calibration_error``, from the least confident up."""
    results = without_errors(results)
    scores = _confidence(results)
    right = _flags([guess_is_right(result) for result in results])
    return [
        Bin(float(scores[members].mean()), float(right[members].mean()), len(members))
        for members in equal_mass_bins(scores)
    ]


def risk_coverage(results: Sequence[Result]) -> RiskCoverage:
    """Compute the risk-coverage curve of the guesses: at a threshold, ``coverage`` is the share of
    questions with at least that confidence, ``risk`` the share of these whose guess is wrong.

    results: one at least that is no error.
    """
    results = without_errors(results)
    right = [guess_is_right(result) for result in results]
    return confidence.risk_coverage([result.confidence for result in results], right)


def _separation(results: Sequence[Result]) -> Separation:
    answerable = _flags([result.case.answerable for result in results])
    return Separation(_confidence(results), answerable)


def _risk_area(results: Sequence[Result]) -> RiskArea:
    wrong = _flags([not guess_is_right(result) for result in results])
    return RiskArea(_confidence(results), wrong)


def _calibration(results: Sequence[Result]) -> CalibrationError:
    right = _flags([guess_is_right(result) for result in results])
    return CalibrationError(_confidence(results), right)


def _answer_rate(results: Sequence[Result]) -> Ratio:
    return mean([float(not result.abstained) for result in results])


METRICS: tuple[Metric, ...] = (
    Metric(
        "answered",
        "silence",
        "share of all questions, answerable or not, that were answered",
        "El-Yaniv and Wiener 2010 (coverage)",
        _answer_rate,
    ),
    Metric(
        "refusal_precision",
        "silence",
        "share of the abstentions that were to questions the articles don't answer",
        "Feng et al. 2024 (abstain precision)",
        _without_errors(lambda results: _share(results, of_abstained=True, answerable=False)),
    ),
    Metric(
        "refusal_recall",
        "silence",
        "share of the questions the articles don't answer that were left unanswered",
        "Feng et al. 2024 (abstain recall)",
        _without_errors(lambda results: _share(results, of_abstained=False, answerable=False)),
    ),
    Metric(
        "false_answer_rate",
        "silence",
        "share of the questions the articles don't answer that were answered all the same",
        "1 - refusal_recall",
        _without_errors(_false_answers),
        better="lower",
    ),
    Metric(
        "wrong_refusal_rate",
        "silence",
        "share of the answerable questions that were left unanswered",
        "Pullquote",
        _without_errors(lambda results: _share(results, of_abstained=False, answerable=True)),
        better="lower",
    ),
    Metric(
        "auroc",
        "silence",
        "probability that an answerable question has a higher confidence than an unanswerable one",
        "Hanley and McNeil 1982",
        _without_errors(_separation),
    ),
    Metric(
        "aurc",
        "silence",
        "area under the risk-coverage curve: mean share of wrong answers over all coverages, "
        "surest first",
        "Geifman and El-Yaniv 2017; Geifman et al. 2019",
        _without_errors(_risk_area),
        better="lower",
    ),
    Metric(
        "calibration_error",
        "silence",
        "expected calibration error: mean distance of confidence from the share right, in 15 "
        "bins of equal mass",
        "Naeini et al. 2015; Nguyen and O'Connor 2015 (equal-mass bins)",
        _without_errors(_calibration),
        better="lower",
        biased=True,
    ),
)
