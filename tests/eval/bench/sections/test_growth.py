"""Costs by size, and the exponent by which they grow."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.bench.corpus import TopicEncoder
from eval.bench.options import BenchOptions
from eval.bench.sections import growth
from eval.bench.sections.growth import _COSTS, _comparisons, _costs, exponent
from rag.settings import Settings


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 2.0])
def test_the_exponent_is_the_power(power: float) -> None:
    sizes = [10, 100, 1_000]
    assert exponent(sizes, [3 * size**power for size in sizes]) == pytest.approx(power)


def test_a_cost_that_grows_too_fast_misses_its_target() -> None:
    costs = [dict.fromkeys(_COSTS, float(size)) for size in (1, 10, 100)]
    verdicts = {each.name: each.keeps_target for each in _comparisons([1, 10, 100], costs)}
    assert verdicts["ingest, exponent"] is True
    assert verdicts["search, p50, exponent"] is False
    assert verdicts["bytes at 100"] is None


def test_a_library_of_a_size_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "_QUESTIONS", 3)
    monkeypatch.setattr(growth, "_STORIES", 2)
    options = BenchOptions(settings=Settings(home=tmp_path))
    count, costs = _costs(tmp_path / "library", 30, options, TopicEncoder())
    assert 30 <= count < 60
    assert costs.keys() == _COSTS.keys()
    assert all(cost > 0 for cost in costs.values())
