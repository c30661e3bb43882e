from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.dataset import Dataset
from eval.errors import ResultsError
from eval.report.comparison import Comparison, compare, compare_files
from eval.run import run


@pytest.fixture
def compared(dataset: Dataset, make_system: Any, tmp_path: Path) -> Comparison:
    run(make_system(threshold=0.4), dataset, tmp_path / "a.jsonl")
    run(make_system(threshold=1.01), dataset, tmp_path / "b.jsonl")
    return compare_files(tmp_path / "a.jsonl", tmp_path / "b.jsonl")


def test_differences_are_paired(compared: Comparison) -> None:
    by_name = {one.metric.name: one for one in compared.differences}
    assert compared.same_questions
    assert by_name["right"].value == by_name["right"].after - by_name["right"].before
    assert by_name["right"].verdict == "worse"
    assert by_name["right"].high < 0
    assert by_name["right"].p < 0.05
    assert by_name["hit@5"].verdict == "same"


def test_changed_questions_are_listed(compared: Comparison) -> None:
    assert {change.step for change in compared.changes} <= {-1, 0, 1}
    before, after = compared.before.results, compared.after.results
    changed = {change.before.case.id for change in compared.changes}
    assert changed == {
        one.case.id
        for one, other in zip(before, after, strict=True)
        if one.abstained != other.abstained
    }


def test_a_run_does_not_differ_from_itself(compared: Comparison) -> None:
    same = compare(compared.before, compared.before)
    assert same.changes == ()
    assert all(one.value == 0 and (math.isnan(one.p) or one.p == 1) for one in same.differences)


def test_only_shared_questions_are_compared(
    dataset: Dataset, make_system: Any, tmp_path: Path
) -> None:
    whole = run(make_system(), dataset, tmp_path / "a.jsonl")
    part = run(make_system(), replace(dataset, cases=dataset.cases[:4]), tmp_path / "b.jsonl")
    comparison = compare(whole, part)
    assert (comparison.questions, comparison.same_questions) == (4, False)


def test_runs_over_different_sets_are_refused(compared: Comparison) -> None:
    first = compared.before.results[0]
    other = first.case.model_copy(update={"question": "Something else?"})
    changed = replace(compared.after, results=(first.model_copy(update={"case": other}),))
    with pytest.raises(ResultsError, match="another one"):
        compare(compared.before, changed)
    with pytest.raises(ResultsError, match="no question in common"):
        compare(compared.before, replace(compared.after, results=()))


def test_an_interrupted_run_is_not_compared(compared: Comparison, tmp_path: Path) -> None:
    whole, part = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    part.write_text("".join(part.read_text().splitlines(keepends=True)[:4]))
    for pair in ((whole, part), (part, whole)):
        with pytest.raises(ResultsError, match=f"b.jsonl: 3 of {compared.questions} questions"):
            compare_files(*pair)
