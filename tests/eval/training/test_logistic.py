"""The one fit, beside scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from eval.training.logistic import Floats, fit_logistic


def _drawn(weights: tuple[float, ...]) -> tuple[Floats, Floats]:
    dice = np.random.default_rng(5)
    rows = dice.random((400, len(weights)))
    chances = 1 / (1 + np.exp(-(rows @ np.array(weights) - sum(weights) / 2)))
    return rows, (dice.random(400) < chances).astype(float)


def test_it_is_scikit_learns() -> None:
    rows, labels = _drawn((3.0, -2.0, 0.5))
    counts = np.where(labels, 1.0, 3.0)
    model = LogisticRegression(C=1.0, tol=1e-8).fit(rows, labels, sample_weight=counts)
    expected = [*model.coef_[0], model.intercept_[0]]
    assert fit_logistic(rows, labels, 0.5, counts) == pytest.approx(expected, abs=1e-4)


def test_signs_are_held_and_what_goes_against_them_is_nothing() -> None:
    rows, labels = _drawn((3.0, -2.0, 1.0))
    numbers = fit_logistic(rows, labels, 1e-3, signs=(1, 1, 0))
    assert numbers[0] > 1
    assert numbers[1] == 0.0
    without = fit_logistic(rows[:, [0, 2]], labels, 1e-3, signs=(1, 0))
    assert numbers[[0, 2, 3]] == pytest.approx(without, abs=1e-4)
