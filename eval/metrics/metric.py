"""A metric: a named object that says what it measures, who defined it, and how.

A metric turns results into a ``Statistic``: a function of weights over the questions. With all
weights 1 it gives the metric's value; with the counts of a bootstrap resample it gives the
value on that resample. Weights are ``float64 [b, n]``, b resamples of n questions; the answer
is ``float64 [b]``, NaN where the metric has no value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eval.results import Result

__all__ = ["FloatArray", "Group", "Metric", "Quantile", "Ratio", "Selection", "Statistic", "mean"]

FloatArray: TypeAlias = NDArray[np.float64]
Group = Literal["retrieval", "answers", "citations", "silence", "cost"]
Unit = Literal["share", "ms", "MiB", "count"]


class Statistic(Protocol):
    """A figure over weighted questions."""

    @property
    def count(self) -> int:
        """The number of questions that the metric applies to."""
        ...

    def __call__(self, weights: FloatArray) -> FloatArray:
        """``float64 [b, n]`` to ``float64 [b]``."""
        ...


@dataclass(frozen=True, slots=True)
class Metric:
    """``better`` says whether higher or lower is better. A metric without ``interval`` (a maximum)
    cannot be resampled; a ``biased`` metric comes out higher on a resample than on the questions
    themselves."""

    name: str
    group: Group
    definition: str
    source: str
    of: Callable[[Sequence[Result]], Statistic]
    better: Literal["higher", "lower"] = "higher"
    unit: Unit = "share"
    interval: bool = True
    biased: bool = False


@dataclass(frozen=True, slots=True)
class Ratio:
    """One weighted sum over another, for means, precisions, recalls and rates. Both are ``float64
    [n]``."""

    numerator: FloatArray
    denominator: FloatArray

    @property
    def count(self) -> int:
        return int(np.count_nonzero(self.denominator))

    def __call__(self, weights: FloatArray) -> FloatArray:
        total = weights @ self.denominator
        with np.errstate(invalid="ignore", divide="ignore"):
            share: FloatArray = np.where(total > 0, (weights @ self.numerator) / total, np.nan)
        return share


def mean(values: Sequence[float | None]) -> Ratio:
    """The mean over the questions that have a value; ``None`` marks a question that it does not
    apply to."""
    applies = np.array([value is not None for value in values], dtype=np.float64)
    return Ratio(np.array([value or 0.0 for value in values], dtype=np.float64), applies)


@dataclass(frozen=True, slots=True)
class Selection:
    """A statistic of some of the questions alone: those at ``places``, ``intp [m]``. NaN where they
    have no weight."""

    statistic: Statistic
    places: NDArray[np.intp]

    @property
    def count(self) -> int:
        return self.statistic.count

    def __call__(self, weights: FloatArray) -> FloatArray:
        values = np.full(len(weights), np.nan)
        part = weights[:, self.places]
        has_weight = part.sum(axis=1) > 0
        if has_weight.any():
            values[has_weight] = self.statistic(part[has_weight])
        return values


@dataclass(frozen=True, slots=True)
class Quantile:
    """The nearest-rank quantile of ``values`` (``float64 [n]``, NaN marks a question without a
    value)."""

    values: FloatArray
    q: float

    @property
    def count(self) -> int:
        return int(np.count_nonzero(~np.isnan(self.values)))

    def __call__(self, weights: FloatArray) -> FloatArray:
        order = np.argsort(self.values, kind="stable")[: self.count]
        if not len(order):
            return np.full(len(weights), np.nan)
        mass = np.cumsum(weights[:, order], axis=1)
        place = np.argmax(mass >= self.q * mass[:, -1:] - 1e-9, axis=1)
        return np.where(mass[:, -1] > 0, self.values[order][place], np.nan)
