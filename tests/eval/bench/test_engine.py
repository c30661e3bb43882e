"""What questions cost on Milvus is counted by stage."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eval.bench.engine import Meter, StageCost, question_costs, stage_table
from eval.dataset.built_in import BuiltIn, open_built_in
from rag import Settings
from tests.index.store.milvus_lite import release_lite


class _Work:
    def question(self, calls: int) -> int:
        return sum(self.call(number) for number in range(calls))

    def call(self, number: int) -> int:
        return len(str(7**20_000)) if number else 1


def test_a_stage_has_its_own_calls_and_time_without_what_it_calls() -> None:
    meter, work = Meter(), _Work()
    meter.watch(work, "question", lambda calls: f"questions of {calls}")
    meter.watch(work, "call", lambda number: "slow" if number else "fast")
    assert work.question(3) > 30_000
    assert {stage: cost.calls for stage, cost in meter.costs.items()} == {
        "questions of 3": 1,
        "fast": 1,
        "slow": 2,
    }
    assert meter.costs["slow"].seconds > meter.costs["questions of 3"].seconds >= 0


def test_the_table_has_a_column_of_calls_and_one_of_milliseconds_for_each_fusion() -> None:
    costs = {
        "weighted": {
            "search by words": StageCost(6, 0.02),
            "all else": StageCost(2, 0.1),
            "reading": StageCost(2, 1.0),
        },
        "engine": {"search by both": StageCost(2, 0.03), "all else": StageCost(2, 0.1)},
    }
    lines = stage_table(costs, 2).splitlines()
    assert lines[0] == "| stage | weighted: calls | weighted: ms | engine: calls | engine: ms |"
    assert lines[2:] == [
        "| search by words | 3.0 | 10.0 | – | – |",
        "| search by both | – | – | 1.0 | 15.0 |",
        "| encoding | – | – | – | – |",
        "| reading | – | 500.0 | – | – |",
        "| all else | – | 50.0 | – | 50.0 |",
        "| together | 3.0 | 560.0 | 1.0 | 65.0 |",
    ]


@pytest.mark.cluster
def test_with_the_fusion_of_the_engine_a_question_is_one_search(home: Path, tmp_path: Path) -> None:
    pytest.importorskip("pymilvus", reason="needs the extra cluster")
    dataset = open_built_in(BuiltIn.SEEDS, 100_000)
    some = replace(dataset, cases=dataset.cases[:2])
    settings = Settings(home=home, fusion="engine")
    costs = question_costs(some, settings, f"milvus://{tmp_path}/seeds.db")
    release_lite(tmp_path / "seeds.db")
    assert costs["search by both"].calls == costs["encoding"].calls
    assert costs.keys() >= {"the state", "how rare a term is", "texts of articles", "reading"}
    assert costs.keys().isdisjoint({"search by vector", "search by words"})
