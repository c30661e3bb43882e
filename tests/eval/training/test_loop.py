"""The course of a training, on networks so small that it takes no time."""

from __future__ import annotations

import json
from itertools import cycle
from pathlib import Path

import pytest
import torch

from eval.training.batch import collate, loss_of
from eval.training.loop import by_examples, by_time, learning_rate, optimiser, train
from eval.training.network import ReaderNetwork
from tests.eval.training.test_batch import example


def test_the_rate_warms_up_and_ends_at_nothing() -> None:
    rates = [learning_rate(i / 1000) for i in range(1001)]
    assert rates[0] == rates[-1] == 0.0
    assert rates[30] == max(rates) == 1.0
    assert rates[:31] == sorted(rates[:31])
    assert rates[30:] == sorted(rates[30:], reverse=True)


def test_how_far_a_run_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert by_examples(200)(50) == 0.25
    monkeypatch.setattr("time.monotonic", lambda: 100.0)
    progress = by_time(60)
    monkeypatch.setattr("time.monotonic", lambda: 115.0)
    assert progress(0) == 0.25


def test_the_heads_learn_faster_and_vectors_do_not_decay(network: ReaderNetwork) -> None:
    matrices, vectors, heads = optimiser(network, 1e-3).param_groups
    assert heads["rate"] == 5e-3
    assert matrices["rate"] == vectors["rate"] == 1e-3
    assert matrices["weight_decay"] > vectors["weight_decay"] == 0
    given = {id(p) for group in (matrices, vectors, heads) for p in group["params"]}
    assert given == {id(p) for p in network.parameters() if p.requires_grad}


def test_training_lowers_the_loss_and_leaves_what_is_frozen(
    network: ReaderNetwork, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = collate([example(9, 5), example(20, 7), example(12)])

    def loss() -> float:
        with torch.inference_mode():
            return float(loss_of(network(batch.ids, batch.mask, batch.types), batch))

    frozen = network.layers[0].output.dense.weight.clone()
    trained = network.layers[1].output.dense.weight.clone()
    before = loss()
    progress = by_examples(3 * 40)
    about = train(network, cycle([batch]), 1e-3, progress, tmp_path, {"frozen": 1})
    assert loss() < 0.5 * before
    assert torch.equal(network.layers[0].output.dense.weight, frozen)
    assert not torch.equal(network.layers[1].output.dense.weight, trained)
    assert (about["frozen"], about["seen"]) == (1, 120)
    assert [json.loads(line)["seen"] for line in capsys.readouterr().out.splitlines()] == [
        30, 60, 90, 120,
    ]  # fmt: skip
