"""Intervals by the bootstrap over questions (Efron 1979), percentile method.

1,000 resamples with a fixed seed, so that the same results give the same interval. The same
seed and number of questions give the same resamples: two runs over one set are compared on
identical draws, which makes their comparison paired.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from eval.metrics.metric import FloatArray, Metric, Statistic
from eval.results import Result

__all__ = ["RESAMPLES", "SEED", "Estimate", "bounds", "estimate", "replicates"]

RESAMPLES = 1000
SEED = 20_240_607
LEVEL = 0.95
BLOCK = 100


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95% interval, over ``count`` questions. NaN is no value."""

    value: float
    low: float
    high: float
    count: int

    @property
    def is_known(self) -> bool:
        return not np.isnan(self.value)

    @property
    def has_interval(self) -> bool:
        return not np.isnan(self.low)


def estimate(metric: Metric, results: Sequence[Result]) -> Estimate:
    """Return the metric's value and interval on these results.

    The interval of a ``biased`` metric is moved back by what resampling adds to it, and not
    below 0.
    """
    statistic = metric.of(results)
    value = float(statistic(np.ones((1, len(results))))[0]) if results else np.nan
    if not metric.interval or np.isnan(value) or statistic.count < 2:
        return Estimate(value, np.nan, np.nan, statistic.count)
    replicas = replicates(statistic, len(results))
    low, high = bounds(replicas)
    if metric.biased:
        bias = float(np.nanmean(replicas)) - value
        low, high = max(0.0, low - bias), max(0.0, high - bias)
    return Estimate(value, low, high, statistic.count)


def replicates(statistic: Statistic, questions: int) -> FloatArray:
    """Return the statistic on every resample, ``float64 [1000]``."""
    return np.concatenate([statistic(weights) for weights in _blocks(questions)])


def bounds(values: FloatArray) -> tuple[float, float]:
    """Return the middle 95% of ``values``, those without a value left out."""
    values = values[~np.isnan(values)]
    if not len(values):
        return np.nan, np.nan
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)


def _blocks(questions: int) -> Iterator[FloatArray]:
    """Draw resamples: how often each contains a question, ``float64 [100, n]`` at a time."""
    counts = _counts(questions)
    for start in range(0, RESAMPLES, BLOCK):
        yield counts[start : start + BLOCK].astype(np.float64)


@lru_cache(maxsize=16)
def _counts(questions: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint16]]:
    draws = np.random.default_rng(SEED)
    counts = np.zeros((RESAMPLES, questions), dtype=np.uint16)
    for row in counts:
        row += np.bincount(draws.integers(0, questions, questions), minlength=questions).astype(
            np.uint16
        )
    return counts
