"""Compute the features of every case, and a model's AUROC, precision, recall and false alarms."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from eval.dataset.passages import all_passages
from eval.metrics.confidence import auroc
from eval.studies.support.cases import Case, Documents, JudgedResponse
from rag.grounding.alignment import Grounds
from rag.grounding.support_check import FATAL, SupportCheck, SupportModel
from rag.grounding.support_features import align

__all__ = ["Row", "detection", "read_cases", "read_judged", "score"]


@dataclass(frozen=True, slots=True)
class Row:
    """A case, its features (``None`` where there is nothing to check), and the seconds that they
    took."""

    case: Case
    values: Mapping[str, float] | None
    seconds: float = field(default=0.0, compare=False)


class _Grounds:
    """Makes the grounds of documents, and keeps the last ones, as cases come in the order of
    documents."""

    def __init__(self, by_id: Documents, check: SupportCheck) -> None:
        self._by_id = by_id
        self._check = check
        self._last: tuple[tuple[str, ...], Grounds] | None = None

    def of(self, ids: tuple[str, ...]) -> Grounds:
        if self._last is None or self._last[0] != ids:
            passages = [passage for id in ids for passage in all_passages(self._by_id[id])]
            self._last = (ids, self._check.grounds(passages))
        return self._last[1]


def _values(sentence: str, grounds: Grounds, check: SupportCheck) -> Mapping[str, float] | None:
    statement = grounds.statement(sentence)
    alignment = align(statement, grounds)
    return check.values(statement, alignment, grounds) if alignment else None


def read_cases(cases: Iterable[Case], by_id: Documents, check: SupportCheck) -> list[Row]:
    """Compute the features of every case."""
    grounds = _Grounds(by_id, check)
    rows: list[Row] = []
    for case in sorted(cases, key=lambda case: (case.dataset, case.documents)):
        ground = grounds.of(case.documents)
        start = time.perf_counter()
        values = _values(case.sentence, ground, check)
        rows.append(Row(case, values, time.perf_counter() - start))
    return rows


def read_judged(
    responses: Sequence[JudgedResponse], by_id: Documents, check: SupportCheck
) -> list[list[Mapping[str, float] | None]]:
    """Compute the features of every sentence of every response."""
    grounds = _Grounds(by_id, check)
    return [
        [
            _values(sentence, grounds.of(response.documents), check)
            for sentence in response.sentences
        ]
        for response in responses
    ]


def score(model: SupportModel, values: Mapping[str, float] | None) -> float:
    """Compute the score that the check gives: the probability, lowered where a fatal feature is
    set."""
    if values is None:
        return 0.0
    probability = model.probability(values)
    if any(values[name] >= 1.0 for name in FATAL):
        return min(probability, model.partial / 2)
    return probability


def detection(good: Sequence[float], bad: Sequence[float], threshold: float) -> dict[str, float]:
    """Compute how well the scores of ``good`` sentences are told from those of ``bad`` ones
    (AUROC), precision and recall of calling the ``bad`` ones unsupported (score below
    ``threshold``), and the share of ``good`` ones called so (false alarms)."""
    detections = sum(value < threshold for value in bad)
    alarms = sum(value < threshold for value in good)
    return {
        "auroc": auroc([*good, *bad], [True] * len(good) + [False] * len(bad)),
        "precision": _share(detections, detections + alarms),
        "recall": _share(detections, len(bad)),
        "false_alarms": _share(alarms, len(good)),
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
