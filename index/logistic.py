"""Fitted logistic regressions: from features by name to a probability.

``eval/training`` fits them, and they ship as JSON; using them needs nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

__all__ = ["LogisticModel", "scale_odds", "sigmoid"]

_INTERCEPT = "intercept"
_MOST_SURE = 0.999


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """``weights`` of the features by name, and the ``intercept``, in log-odds."""

    weights: Mapping[str, float]
    intercept: float = 0.0

    @classmethod
    def of(cls, features: Iterable[str], numbers: Iterable[float]) -> Self:
        """Make the model of features and their weights, in the same order; the last number is the
        intercept."""
        *weights, intercept = numbers
        return cls(dict(zip(features, weights, strict=True)), intercept)

    @classmethod
    def from_json(cls, record: Mapping[str, Any], features: Collection[str]) -> Self:
        """Read a model that :meth:`as_json` wrote, for exactly these features, in their order.

        Raises ``ValueError`` when it was fitted with others, ``TypeError`` for what is no number.
        """
        keys = {*features, _INTERCEPT}
        if set(record) != keys:
            names = ", ".join(sorted(set(record) ^ keys))
            raise ValueError(f"fitted with other features than these; what differs: {names}")
        return cls({name: float(record[name]) for name in features}, float(record[_INTERCEPT]))

    def as_json(self) -> dict[str, float]:
        """Return the weights by name, and the intercept."""
        return {**self.weights, _INTERCEPT: self.intercept}

    def probability(self, values: Mapping[str, float]) -> float:
        """Compute a probability from the value of every feature; other entries of ``values`` are
        ignored.

        Raises ``KeyError`` where a feature is missing.
        """
        return sigmoid(
            self.intercept + sum(weight * values[name] for name, weight in self.weights.items())
        )


def sigmoid(logit: float) -> float:
    """Turn log-odds, which are clipped to ±30, into a probability."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


def scale_odds(probability: float, factor: float) -> float:
    """Return the probability, 0 to 1, whose odds are ``factor`` times those of ``probability``,
    which counts as 0.999 at most: a certainty would have no odds that could fall."""
    sure = min(probability, _MOST_SURE)
    odds = sure / (1.0 - sure) * factor
    return odds / (1.0 + odds)
