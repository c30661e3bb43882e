"""Measures of a confidence: does it separate right from wrong, and is it calibrated?

Each measure is a :class:`~eval.metrics.metric.Statistic` of two arrays, float64 ``[n]``: the
confidences, and a label of 1 or 0 for each. With all weights 1 it is the measure itself; with the
counts of a bootstrap resample it is the measure on that resample. The functions below take plain
sequences with all weights 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.metrics.metric import FloatArray, Statistic

__all__ = [
    "BINS", "CalibrationError", "RiskArea", "RiskCoverage", "Separation", "auroc",
    "calibration_error", "equal_mass_bins", "risk_coverage",
]  # fmt: skip

BINS = 15

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Separation:
    """AUROC: the probability that an item labelled 1 has a higher score than one labelled 0; ties
    count half (Hanley and McNeil, 1982). NaN where one of the two labels is missing.

    scikit-learn's ``roc_auc_score`` gives the same number, for one weighting at a time and some
    hundred times more slowly; the bootstrap asks for a thousand.
    """

    scores: FloatArray
    labels: FloatArray

    @property
    def count(self) -> int:
        return len(self.scores)

    def __call__(self, weights: FloatArray) -> FloatArray:
        order = np.argsort(self.scores, kind="stable")
        starts = _tie_starts(self.scores[order])
        ordered_weights = weights[:, order]
        positive = np.add.reduceat(ordered_weights * self.labels[order], starts, axis=1)
        negative = np.add.reduceat(ordered_weights * (1 - self.labels[order]), starts, axis=1)
        below = np.cumsum(negative, axis=1) - negative / 2
        pairs = positive.sum(axis=1) * negative.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            area: FloatArray = np.where(pairs > 0, (positive * below).sum(axis=1) / pairs, np.nan)
        return area


@dataclass(frozen=True, slots=True)
class RiskArea:
    """AURC: the mean share of wrong answers over all coverages, from the most confident down; items
    with equal scores are added together (Geifman and El-Yaniv, 2017)."""

    scores: FloatArray
    wrong: FloatArray

    @property
    def count(self) -> int:
        return len(self.scores)

    def __call__(self, weights: FloatArray) -> FloatArray:
        curve = _curve(self.scores, self.wrong, weights)
        area: FloatArray = (curve.risk * curve.mass).sum(axis=1) / curve.mass.sum(axis=1)
        return area


@dataclass(frozen=True, slots=True)
class CalibrationError:
    """Expected calibration error (Naeini et al., 2015): the mean difference between the scores and
    the share that is right, in bins of equal mass; the bins are cut on the whole set, and only
    between different scores, so that the order of the items makes no difference."""

    scores: FloatArray
    right: FloatArray
    bins: int = BINS

    @property
    def count(self) -> int:
        return len(self.scores)

    def __call__(self, weights: FloatArray) -> FloatArray:
        gap = weights * (self.scores - self.right)
        bins = equal_mass_bins(self.scores, self.bins)
        distance = sum(np.abs(gap[:, members].sum(axis=1)) for members in bins)
        error: FloatArray = distance / weights.sum(axis=1)
        return error


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """The risk-coverage curve: ``thresholds`` from the highest score down, and at each of them
    the share of items that score as much (``coverage``) and the share of those that is wrong
    (``risk``), each float64 ``[t]``."""

    thresholds: FloatArray
    coverage: FloatArray
    risk: FloatArray

    def at(self, threshold: float) -> tuple[float, float]:
        """Coverage and risk at any threshold; the risk is NaN where the coverage is 0."""
        answer_count = int(np.count_nonzero(self.thresholds >= threshold))
        if not answer_count:
            return 0.0, 0.0
        return float(self.coverage[answer_count - 1]), float(self.risk[answer_count - 1])


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """Compute :class:`Separation` of plain sequences."""
    return _value(Separation(_floats(scores), _floats(positive)))


def calibration_error(scores: Sequence[float], right: Sequence[bool], bins: int = BINS) -> float:
    """Compute :class:`CalibrationError` of plain sequences."""
    return _value(CalibrationError(_floats(scores), _floats(right), bins))


def risk_coverage(scores: Sequence[float], right: Sequence[bool]) -> RiskCoverage:
    """Compute the curve, with one point for every different score."""
    values = _floats(scores)
    curve = _curve(values, 1 - _floats(right), np.ones((1, len(values))))
    return RiskCoverage(curve.thresholds, np.cumsum(curve.mass[0]) / len(values), curve.risk[0])


def equal_mass_bins(scores: FloatArray, bins: int = BINS) -> list[Places]:
    """Split the items into at most ``bins`` bins of as nearly equal size as equal scores allow,
    which stay together, lowest scores first; returns the indices of each."""
    order = np.argsort(scores, kind="stable")
    if not len(order):
        return []
    edges = np.append(_tie_starts(scores[order]), len(order))
    ends = np.cumsum([len(part) for part in np.array_split(order, bins)])
    # Each is moved to the nearest place where the score changes, the lower of two as near.
    above = np.searchsorted(edges, ends)
    below = np.maximum(above - 1, 0)
    nearest = np.where(ends - edges[below] <= edges[above] - ends, edges[below], edges[above])
    return [part for part in np.split(order, np.unique(nearest)) if len(part)]


@dataclass(frozen=True, slots=True)
class _Curve:
    """A weighted curve: float64 ``[t]`` thresholds, ``[b, t]`` mass at each and risk down to
    each."""

    thresholds: FloatArray
    mass: FloatArray
    risk: FloatArray


def _curve(scores: FloatArray, wrong: FloatArray, weights: FloatArray) -> _Curve:
    order = np.argsort(-scores, kind="stable")
    starts = _tie_starts(scores[order])
    mass = np.add.reduceat(weights[:, order], starts, axis=1)
    errors = np.add.reduceat(weights[:, order] * wrong[order], starts, axis=1)
    coverage_mass = np.maximum(np.cumsum(mass, axis=1), 1e-12)
    return _Curve(scores[order][starts], mass, np.cumsum(errors, axis=1) / coverage_mass)


def _tie_starts(thresholds: FloatArray) -> Places:
    """Return the index at which each run of equal values starts."""
    return np.flatnonzero(np.append(True, thresholds[1:] != thresholds[:-1]))


def _floats(values: Sequence[float]) -> FloatArray:
    return np.asarray(values, np.float64)


def _value(statistic: Statistic) -> float:
    """Evaluate the statistic with every item counted once; NaN without items."""
    return float(statistic(np.ones((1, statistic.count)))[0]) if statistic.count else float("nan")
