"""The figures of the model card, over articles neither trained nor fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from eval.metrics.confidence import auroc, calibration_error, risk_coverage
from eval.metrics.squad import best, exact_match, token_f1
from eval.training.held_out import ScannedCase
from rag.reading.calibration import Calibration

__all__ = ["measure"]

# Answers are few enough to look at where this many sentences are shown.
_TOP: Final = 3
_BINS: Final = 10


def measure(scans: Sequence[ScannedCase], calibration: Calibration) -> dict[str, Any]:
    """Compute figures by set and condition, and of the probability over all of them."""
    part = [scan for scan in scans if scan.case.half == 1]
    out: dict[str, Any] = {}
    for key in sorted({(s.case.set_name, s.case.condition) for s in part}):
        members = [s for s in part if (s.case.set_name, s.case.condition) == key]
        out[" ".join(key)] = _of(members, calibration)
    for name in sorted({s.case.set_name for s in part if s.case.condition == "removed"}):
        retrieval_part = [s for s in part if s.case.condition in ("retrieved", "removed")]
        set_part = [s for s in retrieval_part if s.case.set_name == name]
        out[f"{name} retrieved or removed"] = {
            "questions": len(set_part),
            "answerable_auroc": _auroc(set_part, calibration),
        }
    for name in sorted({s.case.set_name for s in part}):
        set_part = [s for s in part if s.case.set_name == name]
        near = [s for s in set_part if s.case.condition == "swapped"]
        if near:
            plain = [s for s in set_part if s.case.condition == "given" and s.case.question.spans]
            out[f"{name} given or swapped"] = {
                "questions": len(plain + near),
                "answerable_auroc": _auroc(plain + near, calibration),
            }
    chances, right = _sureness(part, calibration)
    out["all"] = {
        "questions": len(part),
        "calibration_error": calibration_error(chances, right, _BINS),
        "right_auroc": auroc(chances, right),
        "risk_coverage": _coverage_table(chances, right),
    }
    return out


def _of(scans: Sequence[ScannedCase], calibration: Calibration) -> dict[str, float]:
    answerable = [s for s in scans if s.case.question.spans]
    out: dict[str, float] = {"questions": len(scans), "answerable": len(answerable)}
    tops = [s.ranking(calibration)[:_TOP] for s in answerable]
    firsts = [top[0] for top in tops]
    if answerable and not answerable[0].case.question.whole_sentences:
        pairs = [
            (s.text(b), s.case.question.answers) for s, b in zip(answerable, firsts, strict=True)
        ]
        out["exact_match"] = 100 * float(np.mean([best(exact_match, *p) for p in pairs]))
        out["f1"] = 100 * float(np.mean([best(token_f1, *p) for p in pairs]))
    if answerable and answerable[0].case.condition != "removed":
        right = [s.right(b) for s, b in zip(answerable, firsts, strict=True)]
        out["first_sentence_right"] = 100 * float(np.mean(right))
        top_right = [any(map(s.right, top)) for s, top in zip(answerable, tops, strict=True)]
        out["right_among_three"] = 100 * float(np.mean(top_right))
    if answerable and answerable[0].case.condition == "retrieved":
        out |= _ranks(answerable, calibration)
    if 0 < len(answerable) < len(scans):
        out["answerable_auroc"] = _auroc(scans, calibration)
    return out


def _ranks(scans: Sequence[ScannedCase], calibration: Calibration) -> dict[str, float]:
    """Count how often the question's own document comes first, before and after the reader."""
    before = [s.case.passages[0].article.id == s.case.question.document for s in scans]
    tops = [s.ranking(calibration)[0].passage for s in scans]
    after = [
        s.case.passages[top].article.id == s.case.question.document
        for s, top in zip(scans, tops, strict=True)
    ]
    return {
        "found_in_5": 100 * float(np.mean([s.case.answerable for s in scans])),
        "hit_1_retrieval": 100 * float(np.mean(before)),
        "hit_1_reader": 100 * float(np.mean(after)),
    }


def _sureness(
    scans: Sequence[ScannedCase], calibration: Calibration
) -> tuple[list[float], list[bool]]:
    chances = [calibration.probability(scan.features(calibration)) for scan in scans]
    right = [scan.right(scan.ranking(calibration)[0]) for scan in scans]
    return chances, right


def _auroc(scans: Sequence[ScannedCase], calibration: Calibration) -> float:
    return auroc(_sureness(scans, calibration)[0], [s.case.answerable for s in scans])


def _coverage_table(chances: Sequence[float], right: Sequence[bool]) -> list[dict[str, float]]:
    """Compute, for each threshold, the share answered and the share of those that is right."""
    curve = risk_coverage(chances, right)
    rows = []
    for threshold in np.arange(0.05, 0.96, 0.05):
        coverage, risk = curve.at(threshold)
        rows.append(
            {"threshold": round(float(threshold), 2), "answered": coverage, "right": 1 - risk}
        )
    return rows
