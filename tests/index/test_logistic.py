"""Fitted regressions: read, refused, and turned into probabilities."""

from __future__ import annotations

import math

import pytest

from index.logistic import LogisticModel, scale_odds, sigmoid

MODEL = LogisticModel({"size": 2.0, "age": -1.0}, 0.5)


def test_a_probability_is_the_sigmoid_of_the_weighted_sum() -> None:
    expected = 1 / (1 + math.exp(-(0.5 + 2 * 3 - 4)))
    assert MODEL.probability({"age": 4.0, "size": 3.0, "other": 9.0}) == pytest.approx(expected)


def test_what_is_stored_is_read() -> None:
    assert LogisticModel.from_json(MODEL.as_json(), ("size", "age")) == MODEL
    assert LogisticModel.of(("size", "age"), (2.0, -1.0, 0.5)) == MODEL


@pytest.mark.parametrize(
    ("features", "named"), [(("size",), "age"), (("size", "age", "more"), "more")]
)
def test_other_features_are_refused_by_name(features: tuple[str, ...], named: str) -> None:
    with pytest.raises(ValueError, match=f"other features.*: {named}"):
        LogisticModel.from_json(MODEL.as_json(), features)


def test_without_an_intercept_it_is_refused() -> None:
    with pytest.raises(ValueError, match="intercept"):
        LogisticModel.from_json(MODEL.weights, ("size", "age"))


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="age"):
        MODEL.probability({"size": 1.0})


def test_log_odds_are_kept_within_bounds() -> None:
    assert sigmoid(0.0) == 0.5
    assert 0 < sigmoid(-1e9) == sigmoid(-30) < 1e-12
    assert sigmoid(1e9) == sigmoid(30)


@pytest.mark.parametrize(
    ("probability", "factor", "result"),
    [
        (0.5, 1.0, 0.5),
        (0.75, 1 / 3, 0.5),
        (0.9, 0.0, 0.0),
        (0.0, 0.04, 0.0),
        (1.0, 1.0, 0.999),
        (1.0, 0.0, 0.0),
    ],
)
def test_odds_are_scaled(probability: float, factor: float, result: float) -> None:
    assert scale_odds(probability, factor) == pytest.approx(result)
