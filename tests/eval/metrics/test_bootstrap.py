from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics import metric_named
from eval.metrics.bootstrap import RESAMPLES, bounds, estimate, replicates
from eval.metrics.metric import Quantile, Ratio, mean
from eval.results import Result


def test_the_interval_of_a_mean_agrees_with_theory() -> None:
    values = [1.0] * 60 + [0.0] * 40
    low, high = bounds(replicates(mean(values), 100))
    error = 1.96 * np.sqrt(0.6 * 0.4 / 100)
    assert (low, high) == pytest.approx((0.6 - error, 0.6 + error), abs=0.02)


def test_resamples_are_the_same_every_time() -> None:
    first, again = (replicates(mean([0.0, 1.0, 1.0]), 3) for _ in range(2))
    assert len(first) == RESAMPLES
    assert np.array_equal(first, again)


def test_one_question_has_no_interval(make_result: Callable[..., Result]) -> None:
    one = estimate(metric_named("right"), [make_result()])
    assert (one.value, one.has_interval, one.count) == (1.0, False, 1)


def test_no_question_has_no_value() -> None:
    assert not estimate(metric_named("right"), []).is_known


def test_what_does_not_apply_is_left_out() -> None:
    half = mean([1.0, None, 0.0, None])
    assert half.count == 2
    assert half(np.ones((1, 4)))[0] == 0.5


def test_a_ratio_over_nothing_is_no_value() -> None:
    empty = Ratio(np.zeros(2), np.zeros(2))
    assert np.isnan(empty(np.ones((3, 2)))).all()


@pytest.mark.parametrize(("q", "value"), [(0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100)])
def test_nearest_rank_quantiles(q: float, value: float) -> None:
    values = np.arange(100, 0, -1, dtype=float)
    assert Quantile(values, q)(np.ones((1, 100)))[0] == value


def test_quantiles_pass_over_what_is_missing() -> None:
    assert Quantile(np.array([np.nan, 3.0, 1.0]), 0.5)(np.ones((1, 3)))[0] == 1


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30))
@settings(max_examples=25, deadline=None)
def test_an_interval_lies_within_the_values(values: list[float]) -> None:
    low, high = bounds(replicates(mean(values), len(values)))
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20), st.data())
@settings(max_examples=25, deadline=None)
def test_a_weighted_quantile_is_that_of_repeated_values(
    values: list[float], data: st.DataObject
) -> None:
    counts = data.draw(st.lists(st.integers(0, 3), min_size=len(values), max_size=len(values)))
    repeated = np.repeat(values, counts)
    weighted = Quantile(np.array(values), 0.95)(np.array([counts], dtype=float))[0]
    if len(repeated):
        rank = int(np.ceil(0.95 * len(repeated) - 1e-9)) - 1
        assert weighted == np.sort(repeated)[rank]
    else:
        assert np.isnan(weighted)
