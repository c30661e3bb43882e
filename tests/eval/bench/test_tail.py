"""What a question waits for the last of many shards, in a simulation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.bench.tail import Setup, simulate, tail_table

IDLE = Setup(10.0, 16.0, load=0.001)


def test_one_idle_shard_takes_what_was_measured() -> None:
    result = simulate(IDLE, 4_000)
    assert result["p50"] == pytest.approx(10.0, rel=0.03)
    assert result["p95"] == pytest.approx(16.0, rel=0.05)
    assert result["requests"] == 1.0


def test_the_median_over_many_shards_is_the_tail_of_one() -> None:
    # Half of the questions meet none of fourteen in the slowest twentieth: 0.95 ** 14 is 0.49.
    result = simulate(replace(IDLE, shards=14), 2_000)
    assert result["p50"] == pytest.approx(16.0, rel=0.05)


def test_hedges_shorten_the_tail_for_a_twentieth_more_requests() -> None:
    alone, hedged = (
        simulate(replace(IDLE, shards=8, hedging=hedging), 2_000) for hedging in (False, True)
    )
    assert hedged["p99"] < alone["p99"]
    assert hedged["requests"] == pytest.approx(1.05, abs=0.01)


def test_a_slow_replica_is_the_tail_of_all_and_hedges_take_it_away() -> None:
    slow = replace(IDLE, shards=4, slowness=10.0)
    alone, hedged = (simulate(replace(slow, hedging=hedging), 2_000) for hedging in (False, True))
    assert alone["p95"] > 80
    assert hedged["p95"] < 40


def test_waiting_grows_with_load() -> None:
    busy = simulate(Setup(10.0, 16.0, shards=2, load=0.8), 4_000)
    assert busy["p95"] > 2 * simulate(replace(IDLE, shards=2), 4_000)["p95"]


def test_a_table_has_a_line_for_each_kind() -> None:
    table = tail_table(IDLE, [1, 2], 50)
    assert table.count("\n") == 9
    assert "| 2 | three times as slow | hedged |" in table
