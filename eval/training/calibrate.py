"""Calibrate a reader on held-out articles and measure it: ``python -m eval.training.calibrate``.

Writes ``calibration.json`` into the reader's folder, whether ``eval.training.export`` wrote it or
it holds any other extractive question-answering model, and prints the figures of the model card.
Everything is fitted on one half of the held-out articles; every figure is of the other half. With
``--nearness`` only the probability that leads depend on is fitted anew.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from eval.training.figures import measure
from eval.training.held_out import Case, ScannedCase, cases_of
from eval.training.logistic import fit_logistic
from index.logistic import LogisticModel
from rag import Pullquote, Settings
from rag.reading.calibration import FEATURES, NEARNESS_FEATURES, Calibration
from rag.reading.cascade import CascadeReader
from rag.reading.external import open_qa_model

__all__ = [
    "calibration_record", "fit", "fit_nearness", "main", "nearness_record", "open_cascade",
    "read_scans", "scan_all",
]  # fmt: skip

# Of the evidence, of the first look's score and of the closer margin in the order of sentences.
Weights = tuple[float, float, float]
_PAIRS: Final = tuple(
    (*pair, 0.0) for pair in product((0.0, 0.25, 0.5, 1.0, 1.5, 2.0), (0.0, 0.25, 0.5, 1.0, 1.5))
)
_CLOSER: Final = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
# A logit: sentences behind the best are quoted where they are likelier evidence than not, as the
# network itself says. Most sets mark one sentence of several that answer, so they cannot tell.
_FURTHER: Final = 0.0
_LEADS: Final = 3
# Of the squared weights.
_PENALTY: Final = 0.5


def scan_all(
    reader: CascadeReader, cases: Sequence[Case], is_calibrated: bool = False
) -> list[ScannedCase]:
    """Read every case, then the best sentences of each by themselves; cases without a sentence are
    left out.

    Which sentences are best the reader's calibration decides where it ``is_calibrated``, else
    weights fitted on the fitting half, which are left in ``reader.calibration``.
    """

    def read_case(case: Case) -> ScannedCase:
        last, first = reader.scan(case.question.text, case.passages)
        return ScannedCase(case, tuple(last), tuple(first))

    def compare(row: ScannedCase) -> ScannedCase:
        case = row.case
        scans = reader.compare(case.question.text, case.passages, row.scans, row.first)
        return replace(row, scans=tuple(scans))

    rows = [row for row in map(read_case, cases) if row.scans]
    if not is_calibrated:
        weights = _weights([row for row in rows if row.case.half == 0], _PAIRS)
        reader.calibration = _order(weights)
    return list(map(compare, rows))


def _order(weights: Weights) -> Calibration:
    evidence_weight, first_weight, closer_weight = weights
    return replace(
        Calibration.rough(),
        evidence_weight=evidence_weight,
        first_weight=first_weight,
        closer_weight=closer_weight,
    )


def fit(scans: Sequence[ScannedCase]) -> Calibration:
    """Fit the calibration on the fitting half."""
    part = [row for row in scans if row.case.half == 0]
    # The weights of both networks' scores first: they decided which sentences were read again.
    plain = [replace(row, scans=tuple(replace(s, closer=None) for s in row.scans)) for row in part]
    evidence_weight, first_weight, _ = _weights(plain, _PAIRS)
    is_compared = any(scan.closer is not None for row in part for scan in row.scans)
    choices = _CLOSER if is_compared else (0.0,)
    weights = _weights(part, [(evidence_weight, first_weight, weight) for weight in choices])
    order = _order(weights)
    rows = np.array([row.features(order) for row in part])
    right = np.array([row.right(row.ranking(order)[0]) for row in part])
    answers = _logistic(rows[:, : len(FEATURES)], right, FEATURES)
    calibration = replace(order, answers=answers, further=_FURTHER)
    return fit_nearness(scans, calibration)


def fit_nearness(scans: Sequence[ScannedCase], calibration: Calibration) -> Calibration:
    """Fit, on the fitting half, the probability of being near an answer; all else stays."""
    part = [row for row in scans if row.case.half == 0]
    rows = np.array([row.features(calibration) for row in part])
    tops = [row.ranking(calibration)[:_LEADS] for row in part]
    near = np.array([any(map(row.touches, top)) for row, top in zip(part, tops, strict=True)])
    return replace(calibration, touches=_logistic(rows, near, NEARNESS_FEATURES))


def _weights(part: Sequence[ScannedCase], choices: Sequence[Weights]) -> Weights:
    """Choose the weights under which the best sentence is right most often: the mean of those
    within one standard error of the best, since few questions decide between neighbouring
    values."""
    answerable_rows = [row for row in part if row.case.answerable]
    right = [{scan: row.right(scan) for scan in row.scans} for row in answerable_rows]
    counts = []
    for choice in choices:
        order = _order(choice)
        counts.append(
            sum(
                marks[order.ranking(row.scans)[0]]
                for row, marks in zip(answerable_rows, right, strict=True)
            )
        )
    best = max(counts)
    near = best - (best * (1 - best / max(len(answerable_rows), 1))) ** 0.5
    near_best = [choice for choice, many in zip(choices, counts, strict=True) if many >= near]
    evidence, first, closer = np.mean(near_best, axis=0).round(3).tolist()
    return evidence, first, closer


def _logistic(
    rows: NDArray[np.float64], marks: NDArray[np.bool_], features: Sequence[str]
) -> LogisticModel:
    """Fit the regression over features, which are scaled to unit spread for the fit."""
    scale = np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1.0)
    numbers = fit_logistic(rows / scale, marks, _PENALTY) / np.append(scale, 1.0)
    return LogisticModel.of(features, numbers.tolist())


def calibration_record(calibration: Calibration, scans: Sequence[ScannedCase]) -> dict[str, Any]:
    """Return a calibration in the form in which the reader's folder stores it."""
    return {
        "evidence_weight": calibration.evidence_weight,
        "first_weight": calibration.first_weight,
        "closer_weight": calibration.closer_weight,
        "answers": calibration.answers.as_json(),
        "touches": calibration.touches.as_json(),
        "further": calibration.further,
        "fitted_on": _fitting_count(scans),
        "nearness_fitted_on": _fitting_count(scans),
    }


def _fitting_count(scans: Sequence[ScannedCase]) -> int:
    return sum(row.case.half == 0 for row in scans)


def open_cascade(folder: Path, models: Path, is_calibrated: bool = False) -> CascadeReader:
    """Open the reader in a folder, ours or any other; with its calibration, or before it has
    any."""
    if (folder / "manifest.json").exists():
        return CascadeReader.load(models, folder, threads=2, calibrated=is_calibrated)
    return CascadeReader(open_qa_model(str(folder), 2), Calibration.rough())


def read_scans(path: Path) -> list[ScannedCase]:
    """Read the scanned cases that ``--scans`` has kept. A pickle, so only of one's own making."""
    rows: list[ScannedCase] = pickle.loads(path.read_bytes())  # noqa: S301
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Calibrate and measure as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", type=Path, required=True, help="the reader's folder")
    parser.add_argument("--data", type=Path, required=True, help="folder of the question sets")
    parser.add_argument("--home", type=Path, required=True, help="PULLQUOTE_HOME")
    parser.add_argument("--scans", type=Path, help="keep what was read in this file as well")
    parser.add_argument("--questions", type=int, default=1000, help="held-out, of a set, at most")
    parser.add_argument("--news", type=int, default=0, help="so many more of retrieved news")
    parser.add_argument("--nearness", action="store_true", help="fit what leads depend on alone")
    options = parser.parse_args(arguments)
    settings = Settings(home=options.home)
    library = options.home / "held-out"
    with Pullquote.open(library, settings, create=True) as pullquote:
        cases = cases_of(options.data, pullquote, options.questions, options.news)
    reader = open_cascade(options.reader, settings.models_folder, options.nearness)
    twice = scan_all(reader, cases, options.nearness)
    if options.scans:
        options.scans.write_bytes(pickle.dumps(twice))
    once = [ScannedCase(row.case, row.first, row.first) for row in twice]
    looks = {"first": once, "second": twice} if reader.looks_twice else {"first": once}
    file = options.reader / "calibration.json"
    record = nearness_record(file, looks) if options.nearness else _all_anew(looks)
    text = json.dumps(record, indent=1)
    file.write_text(text + "\n", encoding="utf-8")
    print(text)  # noqa: T201


def _all_anew(looks: Mapping[str, Sequence[ScannedCase]]) -> dict[str, Any]:
    """Fit and measure the calibration of a reader with one network and with two."""
    record = {}
    for name, scans in looks.items():
        calibration = fit(scans)
        figures = measure(scans, calibration)
        record[name] = calibration_record(calibration, scans) | {"figures": figures}
    return record


def nearness_record(file: Path, looks: Mapping[str, Sequence[ScannedCase]]) -> dict[str, Any]:
    """Return what a calibration file holds, with the probability of being near an answer fitted
    anew."""
    record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    for name, scans in looks.items():
        calibration = fit_nearness(scans, Calibration.load(file, name))
        record[name]["touches"] = calibration.touches.as_json()
        record[name]["nearness_fitted_on"] = _fitting_count(scans)
    return record


if __name__ == "__main__":
    main()
