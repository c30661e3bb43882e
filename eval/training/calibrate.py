"""Fit how sentences are ordered and how sure the best is, and measure on articles left over.

The order is three weights, from a grid; the probability is a logistic regression (Platt, 1999),
every weight of which keeps the sign it must have. Both are fitted on one half of the held-out
articles; every figure is of the other half.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, astuple, dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.article import Article, Span
from rag.sentence_reader import SentenceReader
from rag.span_confidence import FEATURES, Calibration, Order, features, wants_account
from rag.span_model import Scanner, SentenceScan
from rag.span_reader import scan_sentences
from eval.training.held_out import Case, is_right

__all__ = ["Scanned", "fit", "scan_all"]

_EVIDENCE: Final = (0.0, 0.25, 0.5, 1.0, 1.5)
_RANK: Final = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
_SIGNAL: Final = (0.0, 0.5, 1.0, 2.0, 3.0)
# What a feature may do to the probability: raise it, lower it, or either.
_SIGNS: Final = {
    "margin": 1, "evidence": 1, "passages": 0, "lead": 1, "words_missing": -1, "names_missing": -1,
    "name_instead": -1, "figure_instead": -1, "opposite": -1, "signal": 1, "sure": 1,
}  # fmt: skip
_RIDGE: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Scanned:
    """A case and what the network says of each sentence."""

    case: Case
    scans: tuple[SentenceScan, ...]
    sure: float = 0.0

    def alone(self) -> Scanned:
        """The same without the signals."""
        return Scanned(self.case, tuple(replace(scan, signal=0.0) for scan in self.scans))

    def place(self, scan: SentenceScan) -> tuple[Article, Span]:
        """The article and sentence of a scan."""
        found = self.case.passages[scan.passage]
        return found.article, found.passage.sentences[scan.sentence]

    def right(self, scan: SentenceScan) -> bool:
        return is_right(self.case, *self.place(scan))

    def features(self, scan: SentenceScan) -> tuple[float, ...]:
        return features(self.case.question.text, scan, self.scans, self.case.passages, self.sure)

    def text(self, scan: SentenceScan) -> str:
        """The characters of a scan's span."""
        return scan.span.of(self.case.passages[scan.passage].article.text)

    def best(self, calibration: Calibration) -> SentenceScan:
        return calibration.order(self.case.question.text).best(self.scans)


def scan_all(
    model: Scanner, signals: SentenceReader | None, cases: Sequence[Case], workers: int = 1
) -> list[Scanned]:
    """Read every case, so many at a time; those without a sentence are left out."""

    def one(case: Case) -> Scanned:
        return Scanned(case, *scan_sentences(model, signals, case.question.text, case.passages))

    with ThreadPoolExecutor(workers) as pool:
        return [each for each in pool.map(one, cases) if each.scans]


def fit(scanned: Sequence[Scanned]) -> tuple[Calibration, dict[str, Any]]:
    """The calibration of the fitting half, and the same as the manifest keeps it."""
    part = [each for each in scanned if each.case.half == 0 and each.case.usual]
    answered = [each for each in part if each.case.question.spans]
    phrase = _ranking([each for each in answered if not each.case.question.whole_sentences])
    account = _ranking([each for each in answered if _is_account(each)])
    order = Calibration(phrase, account, (0.0,) * len(FEATURES), 0.0)
    chosen = [each.best(order) for each in part]
    rows = np.array([each.features(scan) for each, scan in zip(part, chosen, strict=True)])
    right = np.array([each.right(scan) for each, scan in zip(part, chosen, strict=True)])
    weights, intercept = _logistic(rows, right)
    fitted = Calibration(phrase, account, tuple(weights.tolist()), intercept)
    stored = {
        "phrase": asdict(phrase),
        "account": asdict(account),
        "weights": dict(zip(FEATURES, weights.tolist(), strict=True)),
        "intercept": intercept,
        "fitted_on": {"questions": len(part), "answered": int(right.sum())},
    }
    return fitted, stored


def _is_account(each: Scanned) -> bool:
    return each.case.question.whole_sentences or wants_account(each.case.question.text)


def _ranking(part: Sequence[Scanned]) -> Order:
    """The order under which the first sentence is right most often.

    A few questions decide between neighbours in the grid, so it is the mean of all orders that come
    within one standard error of the best (after Breiman et al., 1984).
    """
    known = [({s: each.right(s) for s in each.scans}, each.scans) for each in part]
    heard = any(scan.signal for _, scans in known for scan in scans)
    grid = itertools.product(_EVIDENCE, _RANK, _SIGNAL if heard else (0.0,))
    orders = [Order(*weights) for weights in grid]
    found = [sum(right[order.best(scans)] for right, scans in known) for order in orders]
    best = max(found)
    near = best - math.sqrt(best * (1 - best / max(len(known), 1)))
    kept = [astuple(order) for order, many in zip(orders, found, strict=True) if many >= near]
    return Order(*(round(sum(each) / len(kept), 4) for each in zip(*kept, strict=True)))


def _logistic(
    rows: NDArray[np.float64], right: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], float]:
    """Weights with the signs asked for, by projected gradient steps, and the intercept."""
    mean, scale = rows.mean(0), rows.std(0) + 1e-9
    x = np.column_stack([(rows - mean) / scale, np.ones(len(rows))])
    signs = np.array([*(_SIGNS[name] for name in FEATURES), 0])
    w, before = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for step in range(3000):
        # Nesterov's method; the loss is smooth with a constant of at most a quarter a column.
        ahead = w + step / (step + 3) * (w - before)
        slope = x.T @ (1 / (1 + np.exp(-x @ ahead)) - right) / len(x) + _RIDGE * ahead
        before, w = w, ahead - slope / (0.25 * x.shape[1])
        w = np.where(w * signs < 0, 0.0, w)
    weights = w[:-1] / scale
    return weights, float(w[-1] - weights @ mean)
