"""AUROC, calibration error and risk-coverage: by hand, and beside scikit-learn."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from eval.metrics.confidence import (
    CalibrationError,
    RiskArea,
    Separation,
    auroc,
    calibration_error,
    equal_mass_bins,
    risk_coverage,
)

SCORES = st.lists(
    st.tuples(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), st.booleans()), min_size=2, max_size=25
)


@given(SCORES)
@settings(max_examples=60, deadline=None)
def test_auroc_counts_pairs(pairs: list[tuple[float, bool]]) -> None:
    positive = [score for score, label in pairs if label]
    negative = [score for score, label in pairs if not label]
    area = auroc([score for score, _ in pairs], [label for _, label in pairs])
    if not positive or not negative:
        assert math.isnan(area)
        return
    wins = sum((p > n) + (p == n) / 2 for p in positive for n in negative)
    assert area == pytest.approx(wins / len(positive) / len(negative))


@given(SCORES, st.sampled_from([Separation, RiskArea, CalibrationError]))
@settings(max_examples=60, deadline=None)
def test_weights_are_repetitions(pairs: list[tuple[float, bool]], statistic: Any) -> None:
    """Doubling every weight changes nothing, and the figure is a share."""
    made = statistic(*_arrays(pairs))
    once, twice = made(np.ones((1, len(pairs))))[0], made(np.full((1, len(pairs)), 2.0))[0]
    if not np.isnan(once):
        assert once == pytest.approx(twice)
        assert -1e-9 <= once <= 1 + 1e-9


def _arrays(pairs: list[tuple[float, bool]]) -> tuple[Any, Any]:
    return np.array([p[0] for p in pairs]), np.array([float(p[1]) for p in pairs])


@pytest.mark.parametrize("seed", range(5))
def test_a_weighted_auroc_is_scikit_learns(seed: int) -> None:
    dice = np.random.default_rng(seed)
    scores, labels = dice.random(80).round(1), np.arange(80) % 3 == 0
    weights = dice.multinomial(80, [1 / 80] * 80, size=3).astype(float)
    expected = [roc_auc_score(labels, scores, sample_weight=row) for row in weights]
    assert Separation(scores, labels.astype(float))(weights) == pytest.approx(expected)


def test_an_auroc_counts_ties_half_and_needs_both_labels() -> None:
    assert auroc([0.1, 0.4, 0.4, 0.8], [False, False, True, True]) == 0.875
    assert math.isnan(auroc([0.1], [True]))
    assert math.isnan(auroc([], []))


def test_the_calibration_error_is_the_mean_gap() -> None:
    assert calibration_error([0.5] * 10, [True, False] * 5, bins=1) == 0.0
    assert calibration_error([0.9] * 10, [True, False] * 5, bins=1) == pytest.approx(0.4)
    chances, right = [0.1] * 5 + [0.9] * 5, [True] * 5 + [False] * 5
    assert calibration_error(chances, right, bins=2) == pytest.approx(0.9)


@given(SCORES, st.randoms(use_true_random=False), st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_items_makes_no_difference(
    pairs: list[tuple[float, bool]], dice: Any, bins: int
) -> None:
    other = dice.sample(pairs, len(pairs))
    errors = [
        calibration_error([score for score, _ in rows], [right for _, right in rows], bins)
        for rows in (pairs, other)
    ]
    assert errors[0] == pytest.approx(errors[1])


@pytest.mark.parametrize(
    ("scores", "sizes"),
    [
        ([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [2, 2, 2]),
        ([0.1, 0.2, 0.3, 0.4, 0.5], [2, 2, 1]),
        ([0.1, 0.2, 0.2, 0.2, 0.5, 0.6], [1, 3, 2]),
        ([0.1, 0.1, 0.1, 0.1, 0.1, 0.6], [5, 1]),
        ([0.5] * 6, [6]),
        ([0.1, 0.2], [1, 1]),
        ([], []),
    ],
)
def test_equal_scores_are_in_one_bin(scores: list[float], sizes: list[int]) -> None:
    assert [len(part) for part in equal_mass_bins(np.array(scores), 3)] == sizes


def test_the_curve_is_read_at_any_threshold() -> None:
    curve = risk_coverage([0.1, 0.4, 0.6, 0.9], [False, True, True, True])
    assert curve.at(0.05) == (1.0, 0.25)
    assert curve.at(0.4) == (0.75, 0.0)
    assert curve.at(0.95) == (0.0, 0.0)
