"""What follows from a figure and its baseline."""

from __future__ import annotations

import json

import pytest

from eval.bench.figures import Comparison, SectionFigures, as_json, quantiles


@pytest.mark.parametrize(
    ("value", "base", "better", "factor"),
    [(2.0, 10.0, "lower", 5.0), (10.0, 2.0, "higher", 5.0), (10.0, 2.0, "lower", 0.2)],
)
def test_a_factor_is_how_many_times_better(
    value: float, base: float, better: str, factor: float
) -> None:
    comparison = Comparison("x", value, "s", "other", base, better)  # type: ignore[arg-type]
    assert comparison.factor == pytest.approx(factor)


@pytest.mark.parametrize(("value", "base"), [(0.0, 1.0), (1.0, 0.0), (1.0, None)])
def test_without_two_figures_there_is_no_factor(value: float, base: float | None) -> None:
    comparison = Comparison("x", value, "s", "other", base, least_factor=2)
    assert comparison.factor is None
    assert comparison.keeps_target is None


@pytest.mark.parametrize(
    ("comparison", "verdict"),
    [
        (Comparison("x", 2, "s", "other", 10, least_factor=5), True),
        (Comparison("x", 2, "s", "other", 10, least_factor=5.1), False),
        (Comparison("x", 2, "s", limit=2), True),
        (Comparison("x", 2, "", better="higher", limit=2.1), False),
        (Comparison("x", 2, "s", "other", 10, least_factor=5, limit=1), False),
        (Comparison("x", 2, "s", "other", 10), None),
    ],
)
def test_a_target_is_kept_or_missed(comparison: Comparison, verdict: bool | None) -> None:
    assert comparison.keeps_target is verdict


def test_the_record_has_what_follows() -> None:
    figures = SectionFigures([Comparison("x", 2, "s", "other", 10, least_factor=6)], notes=["n"])
    record = json.loads(json.dumps(as_json(figures)))
    assert record["comparisons"][0]["factor"] == 5
    assert record["comparisons"][0]["keeps_target"] is False
    assert record["notes"] == ["n"]


def test_quantiles_of_a_hundred_and_of_none() -> None:
    assert quantiles(range(101)) == {"p50": 50, "p95": 95, "p99": 99}
    assert quantiles([]) == {"p50": 0, "p95": 0, "p99": 0}
