from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_allclose

from eval.metrics import metric_named
from eval.metrics.bootstrap import estimate
from eval.metrics.silence import reliability, risk_coverage
from eval.results import Result

Make = Callable[..., Result]


def value(name: str, results: list[Result]) -> float:
    return estimate(metric_named(name), results).value


@pytest.fixture
def mixed(make_result: Make) -> list[Result]:
    """Three abstentions (two to unanswerable questions) and four answers (one of them to one)."""
    return [
        make_result(answered=False, confidence=0.2),
        make_result(answerable=False, answered=False, confidence=0.1),
        make_result(answerable=False, answered=False, confidence=0.3),
        make_result(answerable=False, confidence=0.6),
        make_result(confidence=0.9),
        make_result(confidence=0.8),
        make_result(confidence=0.7, right=False),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("answered", 4 / 7),
        ("refusal_precision", 2 / 3),
        ("refusal_recall", 2 / 3),
        ("false_answer_rate", 1 / 3),
        ("wrong_refusal_rate", 1 / 4),
        ("auroc", 10 / 12),  # 12 pairs; 0.2 loses to 0.3 and to 0.6
        # risks from the surest down: 0, 0, 1/3, 2/4, 3/5, 4/6, 5/7
        ("aurc", (0 + 0 + 1 / 3 + 2 / 4 + 3 / 5 + 4 / 6 + 5 / 7) / 7),
        # seven bins of one: |confidence - right|
        ("calibration_error", (0.2 + 0.1 + 0.3 + 0.6 + 0.1 + 0.2 + 0.7) / 7),
    ],
)
def test_by_hand(mixed: list[Result], name: str, expected: float) -> None:
    assert value(name, mixed) == pytest.approx(expected)


def test_a_withheld_answer_counts_on_the_curve(make_result: Make) -> None:
    withheld = [make_result(answered=False, guess_right=right) for right in (True, False)]
    assert list(risk_coverage(withheld).risk) == [0.5]
    assert list(risk_coverage([make_result(answered=False)]).risk) == [1.0]


def test_the_curve_has_one_point_for_each_confidence(mixed: list[Result]) -> None:
    curve = risk_coverage([*mixed, *mixed])
    assert list(curve.thresholds) == [0.9, 0.8, 0.7, 0.6, 0.3, 0.2, 0.1]
    assert_allclose(curve.coverage, np.arange(1, 8) / 7)
    assert_allclose(curve.risk, [0, 0, 1 / 3, 2 / 4, 3 / 5, 4 / 6, 5 / 7])


def test_reliability_has_fifteen_bins_of_equal_mass(make_result: Make) -> None:
    bins = reliability([make_result(confidence=i / 100) for i in range(100)])
    assert len(bins) == 15
    assert {one.count for one in bins} == {6, 7}
    assert all(one.right == 1 for one in bins)


def test_honest_confidence_is_calibrated(make_result: Make) -> None:
    honest = [make_result(confidence=0.8, right=i % 5 > 0) for i in range(75)]
    assert value("calibration_error", honest) == pytest.approx(0, abs=1e-9)


def test_auroc_needs_both_kinds(make_result: Make) -> None:
    assert np.isnan(value("auroc", [make_result(), make_result()]))


@pytest.fixture
def failing(mixed: list[Result], make_result: Make) -> list[Result]:
    """The same, with an error on a question of each kind among them."""
    errors = [
        make_result(answerable=answerable).model_copy(update={"reply": None, "error": "too long"})
        for answerable in (True, False)
    ]
    return [errors[0], *mixed, errors[1]]


@pytest.mark.parametrize(
    "name",
    [
        "refusal_precision",
        "refusal_recall",
        "false_answer_rate",
        "wrong_refusal_rate",
        "auroc",
        "aurc",
        "calibration_error",
    ],
)
def test_an_error_is_no_silence(mixed: list[Result], failing: list[Result], name: str) -> None:
    assert value(name, failing) == pytest.approx(value(name, mixed))
    assert np.isnan(value(name, [result for result in failing if result.is_error]))


def test_an_error_is_no_answer(failing: list[Result]) -> None:
    assert value("answered", failing) == pytest.approx(4 / 9)
    assert value("errors", failing) == 2


def test_plots_leave_errors_out(mixed: list[Result], failing: list[Result]) -> None:
    assert list(risk_coverage(failing).coverage) == list(risk_coverage(mixed).coverage)
    assert reliability(failing) == reliability(mixed)
