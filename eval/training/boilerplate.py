"""Fit the score of lines on labelled pages and say how well cleaning does on the others.

    python -m eval.training.boilerplate                 # fit, write the coefficients, measure
    python -m eval.training.boilerplate --measure       # measure what is there
    python -m eval.training.boilerplate --measure --into docs/evaluation.md   # and write the table

Only lines that no rule settles are fitted, as they are met when an article comes in. The threshold
is MIN_THRESHOLD, or what is needed for no sentence in the fit half to be dropped when its outlet is
left out of the fit, and a margin. The pages of ``held_out`` are only measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from eval.pages import HALVES, Half, LabelledPage, read_pages
from eval.report.markdown import table, write_table
from eval.training.logistic import fit_logistic
from index.boilerplate.classifier import FEATURES, LineScorer, features, spared
from index.boilerplate.detector import Layout, by_rule, furniture, is_scored, surroundings
from index.ingest.preparation import page_day
from index.logistic import LogisticModel

__all__ = [
    "Examples",
    "Tally",
    "cleaning_table",
    "examples",
    "fit",
    "main",
    "measure",
    "measure_days",
    "report",
]

OUT: Final = Path(__file__).resolve().parents[2] / "index" / "boilerplate" / "classifier.json"
PENALTY: Final = 0.5
MIN_THRESHOLD: Final = 0.9
MARGIN: Final = 0.02
# Dropping a line of an article counts for so many menus kept.
CONTENT_WEIGHT: Final = 3.0
# After all dates on the pages but the one that is meant to be to come.
TODAY: Final = date(2026, 1, 1)


@dataclass(frozen=True)
class Examples:
    """Lines that no rule decides: features float64 ``[lines, features]``, whether each is
    boilerplate, whether it is a sentence that the classifier may judge, and its outlet."""

    x: NDArray[np.float64]
    y: NDArray[np.bool_]
    may_judge: NDArray[np.bool_]
    outlets: list[str]


def examples(pages: Sequence[LabelledPage]) -> Examples:
    """Make examples of the pages, once with their repeated lines known, and once as if each page
    were the outlet's first."""
    rows: list[list[float]] = []
    labels: list[bool] = []
    judgements: list[bool] = []
    outlets: list[str] = []
    for page in pages:
        for repetitions in (page.repeated, {}):
            layout = Layout.of(page.text)
            rules = by_rule(layout, page.title)
            core = layout.attached(rules)
            for i, (label, line) in enumerate(page.lines):
                if is_scored(layout, i, rules):
                    around = surroundings(layout, i, rules, repetitions, core)
                    values = features(line, around)
                    judgements.append(label == "C" and not spared(line, around))
                    rows.append([values[name] for name in FEATURES])
                    labels.append(label == "F")
                    outlets.append(page.outlet)
    return Examples(np.array(rows), np.array(labels), np.array(judgements), outlets)


def fit(lines: Examples) -> dict[str, Any]:
    """Fit the classifier; returns the coefficients in the form in which they are stored."""
    outlets = np.array(lines.outlets)
    left_out = np.zeros(len(outlets))
    for outlet in sorted(set(lines.outlets)):
        members = outlets == outlet
        model = _model(lines.x[~members], lines.y[~members])
        left_out[members] = [
            model.probability(dict(zip(FEATURES, row, strict=True))) for row in lines.x[members]
        ]
    threshold = max(MIN_THRESHOLD, float(left_out[lines.may_judge].max()) + MARGIN)
    model = _model(lines.x, lines.y)
    return {
        "weights": {name: round(weight, 4) for name, weight in model.weights.items()},
        "intercept": round(model.intercept, 4),
        "threshold": round(threshold, 4),
        "made_from": {
            "lines": len(lines.y),
            "furniture": int(lines.y.sum()),
            "outlets": sorted(set(lines.outlets)),
            "pages": hashlib.sha256(lines.x.tobytes()).hexdigest()[:16],
            "settings": {
                "penalty": PENALTY,
                "content_weight": CONTENT_WEIGHT,
                "min_threshold": MIN_THRESHOLD,
                "margin": MARGIN,
            },
        },
    }


def _model(x: NDArray[np.float64], y: NDArray[np.bool_]) -> LogisticModel:
    weights = np.where(y, 1.0, CONTENT_WEIGHT)
    return LogisticModel.of(FEATURES, fit_logistic(x, y, PENALTY, weights).tolist())


@dataclass
class Tally:
    """Counts of lines by label and by whether they were dropped."""

    hits: int = 0
    misses: int = 0
    sentences_dropped: int = 0
    sentences: int = 0
    headings_dropped: int = 0
    headings: int = 0
    wrong: list[str] | None = None

    def as_json(self) -> dict[str, Any]:
        lost = self.sentences_dropped + self.headings_dropped
        return {
            "precision": round(self.hits / max(self.hits + lost, 1), 4),
            "recall": round(self.hits / max(self.hits + self.misses, 1), 4),
            "furniture_lines": self.hits + self.misses,
            "sentences_dropped": f"{self.sentences_dropped} of {self.sentences}",
            "headings_dropped": f"{self.headings_dropped} of {self.headings}",
        }


def measure(
    pages: Sequence[LabelledPage], scorer: LineScorer | None, repetition: bool = True
) -> Tally:
    """Count what cleaning drops and keeps of labelled pages; with ``scorer`` ``None`` by rules
    alone."""
    tally = Tally(wrong=[])
    for page in pages:
        layout = Layout.of(page.text)
        repetitions = page.repeated if repetition else {}
        removal = {line.line for line in furniture(layout, page.title, scorer, repetitions)}
        for number, (label, line) in zip(layout.numbers, page.lines, strict=True):
            out = number in removal
            if label == "F":
                tally.hits += out
                tally.misses += not out
            elif label == "C":
                tally.sentences += 1
                tally.sentences_dropped += out
            else:
                tally.headings += 1
                tally.headings_dropped += out
            if out == (label != "F") and tally.wrong is not None:
                tally.wrong.append(f"{'LOST' if out else 'kept'} {label} {page.outlet}: {line}")
    return tally


def measure_days(pages: Sequence[LabelledPage]) -> dict[str, Any]:
    """Count by source how often the day found is the day labelled; no day counts as one."""
    right = wrong = 0
    mistakes: list[str] = []
    for page in pages:
        day, how = page_day(page.text, page.url, TODAY)
        if (day, how) == (page.day, page.day_from):
            right += 1
        else:
            wrong += 1
            mistakes.append(f"{page.outlet}, {page.title}: {day} ({how}), not {page.day}")
    return {"right": right, "of": right + wrong, "wrong": mistakes}


def report(half: Half) -> dict[str, Any]:
    pages = read_pages(half)
    scorer = LineScorer.load()
    return {
        "pages": len(pages),
        "rules": measure(pages, None).as_json(),
        "with_score": measure(pages, scorer, repetition=False).as_json(),
        "with_repetition": measure(pages, scorer).as_json(),
        "days": measure_days(pages),
    }


def cleaning_table(reports: Mapping[str, Mapping[str, Any]]) -> str:
    """Format the reports of :func:`report`, one a half, as the table of ``docs/evaluation.md``."""
    rows: list[list[str]] = []
    for half, report in reports.items():
        lines = report["rules"]["furniture_lines"]
        title = f"{half.replace('_', ' ')} ({report['pages']} pages, {lines} lines of furniture)"
        names = (f"{title}, rules alone", "with the score", "with the score and repetition")
        for name, key in zip(names, ("rules", "with_score", "with_repetition"), strict=True):
            tally = report[key]
            shares = [f"{tally[share]:.2f}" for share in ("precision", "recall")]
            rows.append([name, *shares, tally["sentences_dropped"], tally["headings_dropped"]])
    heads = ("lines", "precision", "recall", "sentences dropped", "headings dropped")
    return table(heads, rows)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--wrong", action="store_true", help="list the lines it gets wrong")
    parser.add_argument("--into", type=Path, help="the document whose table is written anew")
    options = parser.parse_args(arguments)
    if not options.measure:
        OUT.write_text(json.dumps(fit(examples(read_pages("fit"))), indent=1) + "\n", "utf-8")
    reports = {str(half): report(half) for half in HALVES}
    if options.into:
        write_table(options.into, "cleaning", cleaning_table(reports))
    json.dump(reports, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
    if options.wrong:
        for half in HALVES:
            wrong = measure(read_pages(half), LineScorer.load()).wrong or []
            sys.stdout.writelines(f"{half} {line}\n" for line in wrong)


if __name__ == "__main__":
    main()
