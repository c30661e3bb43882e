"""Questions asked side by side, and what is said of them."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from eval.bench.options import BenchOptions
from eval.bench.sections import warm
from eval.bench.sections.warm import Phase, RecordingReader, _comparisons, in_parallel, measure
from index.article import Article
from rag.evidence import Reading


def test_so_many_work_at_once_as_there_are_clients() -> None:
    barrier = threading.Barrier(3)

    def work() -> dict[str, float]:
        barrier.wait(timeout=60)
        return {"latency": 1.0}

    phase = in_parallel([work], 3, 0)
    assert phase.answers == [{"latency": 1.0}] * 3
    assert phase.throughput > 0


def test_a_failure_is_told() -> None:
    def work() -> dict[str, float]:
        raise ValueError("no answer")

    with pytest.raises(ValueError, match="no answer"):
        in_parallel([work], 2, 1)


def test_stages_are_those_of_any_answer() -> None:
    phase = Phase([{"latency": 10, "read": 6}, {"latency": 20, "retrieve": 2}], 2.0)
    assert phase.stages == ["latency", "read", "retrieve"]
    assert phase.of("latency")["p50"] == 15
    assert phase.of("retrieve")["p99"] == 2
    assert phase.throughput == 1


def test_a_tail_and_lost_throughput_are_seen() -> None:
    steady = [{"latency": 10.0, "retrieve": 1.0}] * 100
    ragged = [*steady[:90], *[{"latency": 900.0}] * 10]
    one, alone = Phase(steady, 10), Phase(steady, 5)
    kept, missed = (
        {each.name: each.keeps_target for each in _comparisons("9", {1: one, 8: many}, alone, [2])}
        for many in (Phase(steady, 5.1), Phase(ragged, 10))
    )
    assert kept["9: throughput at 8 clients"] is True
    assert kept["9: p99 over p50 at 8 clients"] is True
    assert missed["9: throughput at 8 clients"] is False
    assert missed["9: p99 over p50 at 8 clients"] is False


@pytest.mark.parametrize(("budget", "sizes"), [(0.0, [20]), (600.0, [20, 200])])
def test_no_larger_library_is_begun_when_the_budget_is_spent(
    budget: float, sizes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    phase = Phase([{"latency": 2.0, "retrieve": 1.0}], 1.0)
    sizes_made: list[int] = []

    def make(folder: Path, size: int, *rest: object) -> tuple[int, list[Article]]:
        sizes_made.append(size)
        return size, []

    monkeypatch.setattr(warm, "real_identity", lambda settings: None)
    monkeypatch.setattr(warm, "make_library", make)
    monkeypatch.setattr(warm, "_phases", lambda *rest: ({1: phase, 8: phase}, phase))
    monkeypatch.setattr(warm, "_baseline", lambda *rest: [1.0])
    figures = measure(BenchOptions(passages=20, largest=200, budget=budget))
    assert sizes_made == sizes
    (table,) = figures.tables
    assert {row[0] for row in table.rows} == set(sizes)
    assert {len(row) for row in table.rows} == {len(table.heads)}
    assert any("budget" in note for note in figures.notes) == (sizes == [20])


def test_a_recorder_keeps_what_was_read() -> None:
    class Blank:
        def read(self, question: str, passages: object) -> Reading:
            return Reading((), 0.0)

    recorder = RecordingReader(Blank())
    recorder.read("Who?", [])
    assert recorder.calls == [("Who?", ())]
