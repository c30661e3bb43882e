"""Fit a logistic regression: the one implementation for every probability fitted here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

__all__ = ["Floats", "fit_logistic"]

Floats = NDArray[np.float64]

_CLOSE: Final = {"maxiter": 5000, "maxfun": 50_000, "ftol": 1e-14, "gtol": 1e-9}


def fit_logistic(
    rows: Floats,
    labels: NDArray[np.bool_] | Floats,
    penalty: float,
    weights: Floats | None = None,
    signs: Sequence[int] | None = None,
) -> Floats:
    """Fit the weights of the features and, last, the intercept: float64 ``[features + 1]``.

    Minimises the weighted sum of the log losses plus ``penalty`` times the sum of the features'
    squared weights. scikit-learn's ``C`` is half the inverse of ``penalty``.

    rows: float64 ``[rows, features]``.
    labels: ``[rows]``, 1 or true where the probability should be high.
    weights: float64 ``[rows]``, how much each row counts; equal by default.
    signs: for each feature the sign that its weight may have: 1, -1, or 0 for either.
    """
    counts = np.ones(len(rows)) if weights is None else weights
    marks = labels.astype(np.float64)

    def loss(point: Floats) -> tuple[float, Floats]:
        slopes, logits = point[:-1], rows @ point[:-1] + point[-1]
        wrong = counts * (1 / (1 + np.exp(-np.clip(logits, -30, 30))) - marks)
        losses = np.logaddexp(0, logits) - marks * logits
        gradient = np.append(rows.T @ wrong + 2 * penalty * slopes, wrong.sum())
        return float(counts @ losses + penalty * slopes @ slopes), gradient

    bounds = [*(_BOUNDS[sign] for sign in signs or [0] * rows.shape[1]), _BOUNDS[0]]
    start = np.zeros(rows.shape[1] + 1)
    solution = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=_CLOSE)
    return np.asarray(solution.x, np.float64)


_BOUNDS: Final[dict[int, tuple[float | None, float | None]]] = {
    0: (None, None),
    1: (0.0, None),
    -1: (None, 0.0),
}
