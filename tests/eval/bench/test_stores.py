"""Answers from the embedded store and from milvus-lite are compared question by question."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eval.bench.stores import AnswerComparison, SearchComparison, compare_stores
from eval.dataset import Dataset
from eval.dataset.built_in import BuiltIn, open_built_in
from eval.library import open_pullquote
from rag import Pullquote, Settings
from tests.index.store.milvus_lite import release_lite


def test_answers_that_differ_are_named_with_both(dataset: Dataset, home: Path) -> None:
    with open_pullquote(dataset, Settings(home=home)) as ready:
        assert isinstance(ready.system, Pullquote)
        answers = [ready.system.ask(case.question) for case in dataset][:2]
    comparison = AnswerComparison()
    comparison.count("first", answers[0], answers[0])
    comparison.count("second", answers[0], answers[1])
    assert (comparison.questions, comparison.same_answers, comparison.same_records) == (2, 1, 1)
    assert comparison.differences.keys() == {"second"}
    one, other = comparison.differences["second"]
    assert one != other


def test_searches_in_another_order_are_named_with_ranks(dataset: Dataset, home: Path) -> None:
    with open_pullquote(dataset, Settings(home=home)) as ready:
        results = ready.system.search("Who runs Acme?", top_k=3)
    assert len(results) == 3
    comparison = SearchComparison()
    comparison.count("same", results, results)
    comparison.count("swapped", results, [results[1], results[0], results[2]])
    comparison.count("fewer", results[:2], [results[0], results[2]])
    assert (comparison.questions, comparison.same_order, comparison.same_passages) == (3, 1, 2)
    assert comparison.same_first_five == 1
    assert comparison.differences == {"swapped": [1, 0, 2], "fewer": [0, -1]}


@pytest.mark.cluster
def test_seeds_are_answered_the_same_from_milvus_lite(home: Path, tmp_path: Path) -> None:
    pytest.importorskip("pymilvus", reason="needs the extra cluster")
    dataset = open_built_in(BuiltIn.SEEDS, 100_000)
    some = replace(dataset, cases=dataset.cases[::12])
    comparison = compare_stores(some, Settings(home=home), f"milvus://{tmp_path}/seeds.db")
    release_lite(tmp_path / "seeds.db")
    assert comparison.questions == len(some.cases)
    assert comparison.differences == {}
