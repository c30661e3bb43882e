"""Fit the support check: weights of its signals, then the thresholds of its labels.

    python -m eval.training.support_check --data DIR --models FOLDER

Everything is fitted on the first half of the documents (by a hash of their titles): gold answers
and sentences of clapnq, mtrag and squad2 with their corruptions (:mod:`eval.studies.support`). The
sign of each weight is fixed beforehand. ``partial`` is the threshold at which ``ALARMS`` of the
faithful ones of that half would be dropped, ``supported`` the one above which 95 of 100 are
faithful.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from eval.studies.support.cases import gold_cases, with_corruptions
from eval.studies.support.measure import Row, read_cases, score
from index.encode.encoders import ExportedModels
from rag.grounding.support_check import FATAL, FORMAT, SIGNS, SupportCheck, SupportModel
from rag.reading.first_reader import FirstReader

__all__ = ["fit", "main", "record"]

# Of the faithful sentences, how many may be dropped: under the ten in a hundred that are reported.
ALARMS: Final = 0.08
SURE: Final = 0.95
# Squared weights, a case.
_PENALTY: Final = 3e-4

Array = NDArray[np.float64]


def fit(rows: Sequence[Row]) -> SupportModel:
    """Weights and thresholds from the rows of the first half."""
    used = [row for row in rows if row.case.half == 0 and row.values is not None]
    x = np.array([[row.values[name] for name in SIGNS] for row in used if row.values])
    y = np.array([row.case.kind == "faithful" for row in used], float)
    # Faithful and false weigh the same, and so does each kind of false one.
    kinds = [row.case.kind for row in used]
    share = {kind: 1.0 / kinds.count(kind) for kind in set(kinds)}
    false = len(share) - 1
    weight = np.array([share[kind] / (1 if kind == "faithful" else false) for kind in kinds])
    solved = _solve(x, y, weight / weight.sum())
    weights = dict(zip(SIGNS, (float(round(value, 4)) for value in solved[:-1]), strict=True))
    bare = SupportModel(weights, float(round(solved[-1], 4)), 1.0, 0.0)
    good = [_raw(bare, row) for row in used if row.case.kind == "faithful"]
    model = SupportModel(weights, bare.intercept, 1.0, round(float(np.quantile(good, ALARMS)), 4))
    return SupportModel(weights, bare.intercept, round(_sure(model, used), 4), model.partial)


def _raw(model: SupportModel, row: Row) -> float:
    """The probability, 0 where something no wording makes good."""
    assert row.values is not None
    fatal = any(row.values[name] >= 1.0 for name in FATAL)
    return 0.0 if fatal else model.probability(row.values)


def _sure(model: SupportModel, rows: Sequence[Row]) -> float:
    """The least threshold, not under ``partial``, above which ``SURE`` of what passes is faithful,
    were there as many false sentences as faithful ones."""
    pairs = [(score(model, row.values), row.case.kind == "faithful") for row in rows]
    many = sum(good for _, good in pairs)
    factor = many / max(len(pairs) - many, 1)
    for threshold in np.linspace(model.partial, 0.99, 100):
        good = sum(value >= threshold and right for value, right in pairs)
        bad = sum(value >= threshold and not right for value, right in pairs) * factor
        if good and good / (good + bad) >= SURE:
            return float(threshold)
    return 0.99


def _solve(x: Array, y: Array, weight: Array) -> Array:
    """Logistic regression, weighted, with signs held: ``[signals + 1]``, the intercept last."""

    def loss(w: Array) -> tuple[float, Array]:
        z = x @ w[:-1] + w[-1]
        p = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
        logs = np.logaddexp(0, z) - y * z
        wrong = weight * (p - y)
        gradient = np.append(x.T @ wrong + 2 * _PENALTY * w[:-1], wrong.sum())
        return float(weight @ logs + _PENALTY * w[:-1] @ w[:-1]), gradient

    bounds: list[tuple[float | None, float | None]] = [
        (0.0, None) if sign > 0 else (None, 0.0) for sign in SIGNS.values()
    ]
    solved = minimize(
        loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]
    )
    return np.asarray(solved.x)


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True, help="where exported models are")
    parser.add_argument("--out", type=Path, default=Path("rag/grounding/support_check.json"))
    given = parser.parse_args(arguments)
    encoder = ExportedModels(given.models).query_encoder("all-MiniLM-L6-v2", None)
    cases, known = gold_cases(given.data)
    chosen = [case for case in with_corruptions(cases, known) if case.half == 0]
    rows = read_cases(chosen, known, SupportCheck(encoder, FirstReader.load(given.models)))
    given.out.write_text(json.dumps(record(fit(rows), rows), indent=1) + "\n", encoding="utf-8")


def record(model: SupportModel, rows: Sequence[Row]) -> dict[str, Any]:
    """What is written: the coefficients and what they were made from."""
    kinds = [row.case.kind for row in rows if row.case.half == 0]
    return {
        "format": FORMAT,
        "weights": dict(model.weights),
        "intercept": model.intercept,
        "supported": model.supported,
        "partial": model.partial,
        "made_from": {
            "sets": sorted({row.case.dataset for row in rows}),
            "half": "titles whose SHA-256 begins with an even byte",
            "cases": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
        },
    }


if __name__ == "__main__":
    main(sys.argv[1:])
