"""Fit the score of lines on labelled pages and say how well cleaning does on the others.

    python -m eval.training.boilerplate                 # fit, write the coefficients, measure
    python -m eval.training.boilerplate --measure       # measure what is there
    python -m eval.training.boilerplate --page FILE...  # what would be dropped of these, and kept

Only lines that no rule settles are fitted, as they are met when an article comes in. The threshold
is MIN_THRESHOLD, or what is needed for no sentence in the fit half to be dropped when its outlet is
left out of the fit, and a margin. The pages of ``held_out`` are only measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict

from eval.pages import HALVES, Half, LabelledPage, read_pages
from index.boilerplate.classifier import FEATURES, LineScorer, features, spared
from index.boilerplate.detector import Layout, by_rule, furniture, is_scored, surroundings
from index.ingest.preparation import page_day
from index.text.normalise import clean

__all__ = [
    "Examples",
    "Tally",
    "examples",
    "fit",
    "main",
    "measure",
    "measure_days",
    "report",
    "show",
]

OUT: Final = Path(__file__).resolve().parents[2] / "index" / "boilerplate" / "classifier.json"
STRENGTH: Final = 1.0
MIN_THRESHOLD: Final = 0.9
MARGIN: Final = 0.02
# Dropping a line of an article counts for so many menus kept.
CONTENT_WEIGHT: Final = 3.0
# After all dates on the pages but the one that is meant to be to come.
TODAY: Final = date(2026, 1, 1)


@dataclass(frozen=True)
class Examples:
    """Lines that no rule settles: features float64 [lines, features], whether each is furniture,
    whether it is a sentence that the score may judge, and its outlet."""

    x: NDArray[np.float64]
    y: NDArray[np.bool_]
    judged: NDArray[np.bool_]
    outlets: list[str]


def examples(pages: Sequence[LabelledPage]) -> Examples:
    """With the repetition that is there, and once more as if each page were the outlet's first."""
    rows: list[list[float]] = []
    labels: list[bool] = []
    judged: list[bool] = []
    outlets: list[str] = []
    for page in pages:
        for repeated in (page.repeated, {}):
            layout = Layout.of(page.text)
            rules = by_rule(layout, page.title)
            for i, (label, line) in enumerate(page.lines):
                if is_scored(layout, i, rules):
                    around = surroundings(layout, i, rules, repeated)
                    found = features(line, around)
                    judged.append(label == "C" and not spared(line, around))
                    rows.append([found[name] for name in FEATURES])
                    labels.append(label == "F")
                    outlets.append(page.outlet)
    return Examples(np.array(rows), np.array(labels), np.array(judged), outlets)


def fit(found: Examples) -> dict[str, Any]:
    """The coefficients as they are stored."""
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    weight = np.where(found.y, 1.0, CONTENT_WEIGHT)
    left_out = cross_val_predict(
        model,
        found.x,
        found.y,
        groups=found.outlets,
        cv=LeaveOneGroupOut(),
        params={"sample_weight": weight},
        method="predict_proba",
    )[:, 1]
    threshold = max(MIN_THRESHOLD, float(left_out[found.judged].max()) + MARGIN)
    model.fit(found.x, found.y, sample_weight=weight)
    return {
        "weights": dict(zip(FEATURES, np.round(model.coef_[0], 4).tolist(), strict=True)),
        "bias": round(float(model.intercept_[0]), 4),
        "threshold": round(threshold, 4),
        "made_from": {
            "lines": len(found.y),
            "furniture": int(found.y.sum()),
            "outlets": sorted(set(found.outlets)),
            "pages": hashlib.sha256(found.x.tobytes()).hexdigest()[:16],
            "settings": {
                "strength": STRENGTH,
                "content_weight": CONTENT_WEIGHT,
                "min_threshold": MIN_THRESHOLD,
                "margin": MARGIN,
            },
        },
    }


@dataclass
class Tally:
    """Lines by what they are and what became of them."""

    dropped: int = 0
    kept: int = 0
    sentences_dropped: int = 0
    sentences: int = 0
    headings_dropped: int = 0
    headings: int = 0
    wrong: list[str] | None = None

    def as_json(self) -> dict[str, Any]:
        lost = self.sentences_dropped + self.headings_dropped
        return {
            "precision": round(self.dropped / max(self.dropped + lost, 1), 4),
            "recall": round(self.dropped / max(self.dropped + self.kept, 1), 4),
            "furniture_lines": self.dropped + self.kept,
            "sentences_dropped": f"{self.sentences_dropped} of {self.sentences}",
            "headings_dropped": f"{self.headings_dropped} of {self.headings}",
        }


def measure(
    pages: Sequence[LabelledPage], scorer: LineScorer | None, repetition: bool = True
) -> Tally:
    """What cleaning does to these pages; ``scorer`` ``None`` for the rules alone."""
    tally = Tally(wrong=[])
    for page in pages:
        layout = Layout.of(page.text)
        repeated = page.repeated if repetition else {}
        gone = {each.line for each in furniture(layout, page.title, scorer, repeated)}
        for number, (label, line) in zip(layout.numbers, page.lines, strict=True):
            out = number in gone
            if label == "F":
                tally.dropped += out
                tally.kept += not out
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
    """How often the day found is the day labelled (none counts as one), by how it was found."""
    right = wrong = 0
    said: list[str] = []
    for page in pages:
        day, how = page_day(page.text, page.url, TODAY)
        if (day, how) == (page.day, page.day_from):
            right += 1
        else:
            wrong += 1
            said.append(f"{page.outlet}, {page.title}: {day} ({how}), not {page.day}")
    return {"right": right, "of": right + wrong, "wrong": said}


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


def show(paths: Sequence[Path]) -> Iterator[str]:
    """What cleaning drops of files, and which short lines it keeps, for reading."""
    for path in paths:
        text = clean(path.read_text(encoding="utf-8"))
        layout = Layout.of(text)
        gone = {each.line: each for each in furniture(layout, "", LineScorer.load())}
        yield f"{path}: {len(gone)} of {len(layout.lines)} lines, day {page_day(text, None, TODAY)}"
        for number, line in zip(layout.numbers, layout.lines, strict=True):
            if number in gone:
                yield f"  - {gone[number].reason:10} {line}"
            elif len(line) < 120:
                yield f"  + {'':10} {line}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--wrong", action="store_true", help="list the lines it gets wrong")
    parser.add_argument("--page", type=Path, nargs="+", default=[])
    given = parser.parse_args(arguments)
    if given.page:
        sys.stdout.writelines(f"{line}\n" for line in show(given.page))
        return
    if not given.measure:
        OUT.write_text(json.dumps(fit(examples(read_pages("fit"))), indent=1) + "\n", "utf-8")
    json.dump({half: report(half) for half in HALVES}, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
    if given.wrong:
        for half in HALVES:
            wrong = measure(read_pages(half), LineScorer.load()).wrong or []
            sys.stdout.writelines(f"{half} {line}\n" for line in wrong)


if __name__ == "__main__":
    main()
