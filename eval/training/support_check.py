"""Fit the support check: the weights of its features, then the thresholds of its labels.

``python -m eval.training.support_check --data DIR --models FOLDER``

Everything is fitted on the first half of the documents (by a hash of their titles): gold answers
and sentences of clapnq, mtrag and squad2 with their corruptions (:mod:`eval.studies.support`). The
sign of each weight is fixed beforehand. ``partial`` is the threshold at which a share ``ALARMS`` of
that half's faithful sentences would be dropped, ``supported`` the one above which 95 of 100 are
faithful.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from eval.studies.support.cases import gold_cases, with_corruptions
from eval.studies.support.measure import Row, read_cases, score
from eval.training.logistic import fit_logistic
from index.encode.encoders import ExportedModels
from index.logistic import LogisticModel
from rag.grounding.support_check import FATAL, FORMAT, SIGNS, SupportCheck, SupportModel
from rag.reading.first_reader import FirstReader

__all__ = ["fit", "main", "record"]

# Of the faithful sentences, how many may be dropped: under the ten in a hundred that are reported.
ALARMS: Final = 0.08
SURE: Final = 0.95
# Squared weights, a case.
_PENALTY: Final = 3e-4


def fit(rows: Sequence[Row]) -> SupportModel:
    """Fit weights and thresholds on the rows of the first half."""
    members = [row for row in rows if row.case.half == 0 and row.values is not None]
    x = np.array([[row.values[name] for name in SIGNS] for row in members if row.values])
    y = np.array([row.case.kind == "faithful" for row in members], float)
    # Faithful and false weigh the same, and so does each kind of false one.
    kinds = [row.case.kind for row in members]
    share = {kind: 1.0 / kinds.count(kind) for kind in set(kinds)}
    false = len(share) - 1
    weight = np.array([share[kind] / (1 if kind == "faithful" else false) for kind in kinds])
    numbers = fit_logistic(x, y, _PENALTY, weight / weight.sum(), list(SIGNS.values()))
    logistic = LogisticModel.of(SIGNS, numbers.round(4).tolist())
    good = [_raw(logistic, row) for row in members if row.case.kind == "faithful"]
    model = SupportModel(logistic, 1.0, round(float(np.quantile(good, ALARMS)), 4))
    return replace(model, supported=round(_sure(model, members), 4))


def _raw(model: LogisticModel, row: Row) -> float:
    """Compute the probability; 0 where a fatal feature is set."""
    assert row.values is not None
    fatal = any(row.values[name] >= 1.0 for name in FATAL)
    return 0.0 if fatal else model.probability(row.values)


def _sure(model: SupportModel, rows: Sequence[Row]) -> float:
    """Find the lowest threshold, not below ``partial``, above which a share ``SURE`` of the
    sentences is faithful, if faithful and false ones were equally many."""
    pairs = [(score(model, row.values), row.case.kind == "faithful") for row in rows]
    many = sum(good for _, good in pairs)
    factor = many / max(len(pairs) - many, 1)
    for threshold in np.linspace(model.partial, 0.99, 100):
        good = sum(value >= threshold and right for value, right in pairs)
        bad = sum(value >= threshold and not right for value, right in pairs) * factor
        if good and good / (good + bad) >= SURE:
            return float(threshold)
    return 0.99


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True, help="where exported models are")
    parser.add_argument("--out", type=Path, default=Path("rag/grounding/support_check.json"))
    options = parser.parse_args(arguments)
    encoder = ExportedModels(options.models).query_encoder("all-MiniLM-L6-v2", None)
    cases, by_id = gold_cases(options.data)
    members = [case for case in with_corruptions(cases, by_id) if case.half == 0]
    rows = read_cases(members, by_id, SupportCheck(encoder, FirstReader.load(options.models)))
    options.out.write_text(json.dumps(record(fit(rows), rows), indent=1) + "\n", encoding="utf-8")


def record(model: SupportModel, rows: Sequence[Row]) -> dict[str, Any]:
    """Return the JSON to store: the coefficients, and what they were fitted on."""
    kinds = [row.case.kind for row in rows if row.case.half == 0]
    return {
        "format": FORMAT,
        "weights": dict(model.logistic.weights),
        "intercept": model.logistic.intercept,
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
