"""Weights that ship are the network's own, and can be trained on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import MPNetConfig

from eval.training.accelerated import main, pieces
from eval.training.batch import Example
from eval.training.fake_quant import int4_of, scales_of
from eval.training.network import ReaderNetwork, of_shipped, shipped_config
from eval.training.prepared import read_examples, write_examples
from eval.training.shipped import columns_apart, write_second
from rag.reading.four_bit import read_weights

CONFIG = MPNetConfig(
    vocab_size=40, hidden_size=128, num_hidden_layers=2, num_attention_heads=2,
    intermediate_size=256, layer_norm_eps=1e-5, hidden_dropout_prob=0.0,
    attention_probs_dropout_prob=0.0,
)  # fmt: skip
IDS = torch.tensor([[0, 7, 9, 2, 2, 11, 13, 8, 21, 2]])


@pytest.fixture
def network() -> ReaderNetwork:
    """A small network of random weights, rounded to the four bits that ship."""
    torch.manual_seed(3)
    made = ReaderNetwork(CONFIG).eval()
    made.prepare(frozen=2)
    return made


def test_what_ships_is_the_network(network: ReaderNetwork, tmp_path: Path) -> None:
    path = tmp_path / "second.npz"
    write_second(network, [IDS], path)
    again = of_shipped(path, CONFIG).eval()
    shape = shipped_config(path)
    assert shape.vocab_size == CONFIG.vocab_size
    assert shape.max_position_embeddings == CONFIG.max_position_embeddings
    ones, zeros = torch.ones_like(IDS), torch.zeros_like(IDS)
    with torch.inference_mode():
        before, after = (torch.stack(each(IDS, ones, zeros)) for each in (network, again))
    # Positions are kept in half precision.
    assert torch.allclose(before, after, atol=5e-3)
    assert before.abs().max() > 0.01


def test_what_is_stored_is_what_was_trained(tmp_path: Path) -> None:
    torch.manual_seed(4)
    network = ReaderNetwork(CONFIG)
    network.prepare(frozen=0)
    with torch.no_grad():
        for layer in network.layers:
            layer.output.dense.parametrizations.weight.original.mul_(1.3)
    write_second(network.eval(), [IDS], tmp_path / "second.npz")
    weights = {n: torch.from_numpy(w) for n, w in read_weights(tmp_path / "second.npz").items()}
    for i, layer in enumerate(network.layers):
        attention = layer.attention.attn
        torch.testing.assert_close(weights[f"{i}.down.weight"], layer.output.dense.weight.detach())
        torch.testing.assert_close(weights[f"{i}.out.weight"], attention.o.weight.detach())
        # The query is kept shrunk by the root of a head's width.
        query = attention.q.weight.detach() / 8
        torch.testing.assert_close(weights[f"{i}.mix.weight"][:128], query)
    assert torch.equal(weights["heads.weight"], network.heads.weight)


def test_distances_are_those_of_the_network(network: ReaderNetwork, tmp_path: Path) -> None:
    write_second(network, [IDS], tmp_path / "second.npz")
    distances = read_weights(tmp_path / "second.npz")["distances"]
    with torch.inference_mode():
        # [1, heads, tokens, tokens]
        encoder: Any = network.encoder
        bias = encoder.encoder.compute_position_bias(torch.zeros(1, 300, 1))[0].numpy()
    middle = distances.shape[1] // 2
    for one, other in ((0, 0), (0, 299), (299, 0), (150, 140), (17, 20)):
        expected = distances[:, middle + other - one].tolist()
        assert bias[:, one, other].tolist() == pytest.approx(expected)


def test_columns_apart_are_those_that_grow(network: ReaderNetwork) -> None:
    with torch.no_grad():
        network.encoder.embeddings.LayerNorm.bias[77] = 50.0
    assert 77 in columns_apart(network, [IDS])["0.mix"].tolist()


def test_a_frozen_weight_rounds_to_itself(network: ReaderNetwork) -> None:
    weight = network.layers[0].intermediate.dense.weight
    torch.testing.assert_close(int4_of(weight, scales_of(weight)), weight)


def _examples() -> list[Example]:
    def one(size: int, answer: int) -> Example:
        marks = np.arange(size)
        return Example(
            ids=(marks % 40).astype(np.int64), types=np.zeros(size, np.int64),
            sentence=np.where(marks > 3, 0, -1), starts=marks == answer, ends=marks == answer,
            passage=marks > 3, evidence=np.array([answer > 0]),
        )  # fmt: skip

    return [one(9, 5), one(12, 0), one(7, 6)]


def test_prepared_examples_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "examples.npz"
    assert write_examples(_examples(), path) == 3
    for before, after in zip(_examples(), read_examples(path), strict=True):
        for name in ("ids", "sentence", "starts", "ends", "passage", "evidence"):
            np.testing.assert_array_equal(getattr(before, name), getattr(after, name))


def test_pieces_put_together_are_the_file(tmp_path: Path) -> None:
    path = tmp_path / "second.npz"
    path.write_bytes(bytes(range(256)) * 10)
    made = pieces(path, tmp_path, 1000)
    assert [piece.stat().st_size for piece in made] == [1000, 1000, 560]
    assert b"".join(piece.read_bytes() for piece in sorted(made)) == path.read_bytes()


def test_training_needs_examples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--weights", str(tmp_path / "second.npz")])
    assert "--examples" in capsys.readouterr().err
