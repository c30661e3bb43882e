"""The second network in training: padding and checkpoints."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import MPNetConfig, MPNetModel

from eval.training.loop import save
from eval.training.network import ReaderNetwork, load_checkpoint


@pytest.fixture
def base(config: MPNetConfig, tmp_path: Path) -> Path:
    torch.manual_seed(2)
    config.hidden_dropout_prob = 0.5
    MPNetModel(config).save_pretrained(tmp_path / "base")
    return tmp_path / "base"


def _logits(network: ReaderNetwork, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        return torch.stack(network(ids, mask, torch.zeros_like(ids)), -1)


def test_padding_is_not_seen(network: ReaderNetwork) -> None:
    ids = torch.arange(4, 24)[None]
    whole = _logits(network, ids, torch.ones_like(ids))
    padded = torch.cat([ids, torch.full((1, 9), 7)], 1)
    mask = torch.cat([torch.ones_like(ids), torch.zeros((1, 9), dtype=torch.long)], 1)
    torch.testing.assert_close(_logits(network, padded, mask)[:, :20], whole)


def test_a_base_is_taken_without_its_dropout(base: Path) -> None:
    network = ReaderNetwork.from_base(base)
    own = network.encoder.embeddings.word_embeddings.weight
    there = MPNetModel.from_pretrained(base).embeddings.word_embeddings.weight
    assert torch.equal(own, there)
    network.train()
    ids = torch.arange(4, 24)[None]
    mask = torch.ones_like(ids)
    assert torch.equal(_logits(network, ids, mask), _logits(network, ids, mask))


def test_a_checkpoint_comes_back_whole(base: Path, tmp_path: Path) -> None:
    network = ReaderNetwork.from_base(base)
    network.prepare(1)
    with torch.no_grad():
        network.heads.weight.fill_(0.5)
        network.layers[1].output.dense.parametrizations.weight.original.mul_(1.5)
    save(network, tmp_path, {"frozen": 1, "seen": 7})
    again, about = load_checkpoint(tmp_path / "reader.pt", base)
    assert about == {"frozen": 1, "seen": 7}
    ids = torch.arange(4, 24)[None]
    mask = torch.ones_like(ids)
    assert torch.equal(_logits(again.eval(), ids, mask), _logits(network.eval(), ids, mask))
    assert {each.name for each in tmp_path.iterdir()} == {"reader.pt", "base"}
