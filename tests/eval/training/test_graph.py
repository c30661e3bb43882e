"""The network in training and as exported: the same numbers, and a loss that falls."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from transformers import BertConfig

from index.encode.files import BUILT_IN, find_model
from eval.training.examples import Example
from eval.training.export import averaged, write_graph
from eval.training.model import ReaderModel, loss_of
from eval.training.train import collate, go_on, learning_rate, optimiser, save


@pytest.fixture
def model() -> ReaderModel:
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=50,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return ReaderModel(config).eval()


def _example(length: int, answer: int) -> Example:
    marks = np.arange(length)
    return Example(
        ids=marks % 50,
        types=(marks > 3).astype(np.int64),
        sentence=np.where(marks > 3, 0, -1),
        starts=marks == answer,
        ends=marks == answer,
        passage=marks > 3,
        evidence=np.array([answer > 0]),
    )


def test_the_exported_graph_gives_the_models_logits(model: ReaderModel, tmp_path: Path) -> None:
    write_graph(model, tmp_path / "reader.onnx", "float32")
    session = onnxruntime.InferenceSession(str(tmp_path / "reader.onnx"))
    for length in (5, 23):
        example = _example(length, 4)
        feed = {"ids": example.ids[None], "types": example.types[None]}
        (found,) = session.run(["logits"], feed)
        batch = collate([example])
        with torch.inference_mode():
            expected = torch.stack(model(batch.ids, batch.mask, batch.types), -1)[:, :length]
        np.testing.assert_allclose(found, expected.numpy(), atol=1e-5)
        twice = {name: np.repeat(each, 2, axis=0) for name, each in feed.items()}
        (both,) = session.run(["logits"], twice)
        np.testing.assert_allclose(both[1], found[0], atol=1e-5)


def test_several_checkpoints_are_averaged(tmp_path: Path) -> None:
    folder = find_model(BUILT_IN)
    first, second = (ReaderModel.from_base(folder) for _ in range(2))
    with torch.no_grad():
        first.heads.weight.fill_(1.0)
        second.heads.weight.fill_(4.0)
    for name, each in (("a", first), ("b", second)):
        (tmp_path / name).mkdir()
        save(each, tmp_path / name, {"seen": 1})
    mean, told = averaged([tmp_path / "a" / "reader.pt", tmp_path / "b" / "reader.pt"])
    assert torch.all(mean.heads.weight == 2.5)
    layer = "encoder.encoder.layer.3.output.dense.weight"
    assert torch.equal(mean.get_parameter(layer), first.get_parameter(layer))
    assert told == [{"seen": 1}, {"seen": 1}]
    # A run may go on from the mean.
    checkpoints = [tmp_path / "a" / "reader.pt", tmp_path / "b" / "reader.pt"]
    assert go_on(second, checkpoints) == [{"seen": 1}, {"seen": 1}]
    assert torch.all(second.heads.weight == 2.5)


def test_dropout_is_for_training_alone() -> None:
    reader = ReaderModel.from_base(find_model(BUILT_IN), dropout=0.5)
    batch = collate([_example(9, 5)])

    def start() -> torch.Tensor:
        with torch.inference_mode():
            logits: torch.Tensor = reader(batch.ids, batch.mask, batch.types)[0]
            return logits

    reader.train()
    assert not torch.equal(start(), start())
    reader.eval()
    assert torch.equal(start(), start())


def test_training_lowers_the_loss(model: ReaderModel) -> None:
    batch = collate([_example(9, 5), _example(20, 7), _example(12, 0)])
    optimizer = optimiser(model, 1e-3)
    losses = []
    for _ in range(100):
        loss = loss_of(model(batch.ids, batch.mask, batch.types), batch)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        for group in optimizer.param_groups:
            group["lr"] = group["rate"]
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.5 * losses[0]


def test_the_rate_warms_up_and_ends_at_nothing() -> None:
    assert learning_rate(0.0) == 0.0
    assert learning_rate(0.05) == 1.0
    assert learning_rate(1.0) < 1e-9
