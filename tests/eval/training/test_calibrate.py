"""Calibration on numbers made up: signs hold, and probabilities follow the shares."""

from __future__ import annotations

import numpy as np

from rag.span_confidence import FEATURES
from eval.training.calibrate import _logistic
from eval.training.figures import calibration_error, risk_coverage


def test_a_fit_finds_the_shares_and_keeps_the_signs() -> None:
    random = np.random.default_rng(3)
    rows = random.normal(size=(4000, len(FEATURES)))
    chance = 1 / (1 + np.exp(-(2 * rows[:, 0] - rows[:, 1] + 0.5)))
    right = random.random(4000) < chance
    weights, intercept = _logistic(rows, right)
    assert weights[0] > 1.4
    assert weights[1] == 0.0
    assert abs(intercept - 0.5) < 0.3
    fitted = 1 / (1 + np.exp(-(rows @ weights + intercept)))
    assert calibration_error(fitted.tolist(), right.tolist()) < 0.05


def test_answering_less_is_right_more_often() -> None:
    curve = risk_coverage([0.1, 0.4, 0.6, 0.9], [False, True, True, True])
    assert curve[0] == {"threshold": 0.05, "answered": 1.0, "right": 0.75}
    assert curve[-1]["answered"] == 0.0
