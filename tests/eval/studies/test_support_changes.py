from __future__ import annotations

from collections import Counter

import pytest

from eval.studies.support.cases import Case
from eval.studies.support.changes import (
    ALTERATIONS,
    HARMLESS,
    change_cases,
    change_table,
    feature_table,
)
from eval.studies.support.measure import Row
from index.logistic import LogisticModel
from rag.grounding.support_check import FATAL, SupportModel

NOTHING = dict.fromkeys(FATAL, 0.0)


def row(dataset: str, kind: str, **values: float) -> Row:
    return Row(Case(dataset, "It rose.", ("story",), kind, 1), NOTHING | values)


def test_the_corpus_has_enough_of_both_and_no_claim_twice() -> None:
    cases, stories = change_cases()
    counts = Counter(case.dataset for case in cases)
    assert counts[ALTERATIONS] >= 120
    assert counts[HARMLESS] >= counts[ALTERATIONS]
    assert len({(case.documents, case.sentence) for case in cases}) == len(cases)
    assert all(case.documents[0] in stories for case in cases)


def test_labels_are_counted_by_kind() -> None:
    rows = [
        row(ALTERATIONS, "names", swapped=1.0),
        row(ALTERATIONS, "bound"),
        row(HARMLESS, "passive"),
    ]
    table = change_table(rows, SupportModel(LogisticModel({}, 0.0), 0.5, 0.2))
    assert [tuple(line.values()) for line in table] == [
        (ALTERATIONS, "all", 2, 1, 0, 1),
        (ALTERATIONS, "bound", 1, 1, 0, 0),
        (ALTERATIONS, "names", 1, 0, 0, 1),
        (HARMLESS, "all", 1, 1, 0, 0),
        (HARMLESS, "passive", 1, 1, 0, 0),
    ]


def test_a_feature_is_measured_by_itself() -> None:
    rows = [
        row(ALTERATIONS, "names", swapped=1.0),
        row(ALTERATIONS, "bound"),
        row(HARMLESS, "passive", swapped=1.0),
        Row(Case(ALTERATIONS, "Yes.", ("story",), "bound", 1), None),
    ]
    swapped, opposite = feature_table("changes", rows, frozenset((ALTERATIONS,)))
    assert swapped["set for"] == 2
    assert swapped["precision"] == pytest.approx(0.5)
    assert swapped["recall"] == pytest.approx(1 / 3)
    assert opposite["set for"] == 0
