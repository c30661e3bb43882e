"""Curves over logarithmic axes."""

from __future__ import annotations

import pytest

from eval.report.log_plot import LogAxis, log_plot, short_number


def test_powers_of_ten_lie_evenly() -> None:
    axis = LogAxis.over([20, 3_000], 0, 300)
    assert (axis.low, axis.high) == (1, 4)
    assert axis.place(100) == pytest.approx(100)
    assert [label for _, label in axis.ticks()] == ["10", "100", "1,000", "10,000"]


def test_one_value_has_a_decade() -> None:
    axis = LogAxis.over([1], 0, 100)
    assert (axis.place(1), axis.place(10)) == (0, 100)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.05, "0.05"),
        (0.98765, "0.988"),
        (12.34, "12.3"),
        (5.0, "5"),
        (100.0, "100"),
        (4500.4, "4,500"),
        (float("nan"), "\N{EN DASH}"),
    ],
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert short_number(value) == text


def test_every_point_is_drawn_and_named() -> None:
    curves = {"a < b": [(100.0, 2.0), (10.0, 1.0)], "c": [(10.0, 3.0)]}
    plot = log_plot("Title", "x", "y", curves)
    assert plot.count("<circle") == 3
    assert "a &lt; b: 2 at 100" in plot
    assert "a < b" not in plot


def test_nothing_is_drawn_of_nothing() -> None:
    assert log_plot("Title", "x", "y", {"a": []}) == ""
