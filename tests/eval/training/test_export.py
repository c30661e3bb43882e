"""From a trained network to the files that ship, and back."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import MPNetConfig, MPNetModel

from eval.training.examples import read_packs
from eval.training.export import columns_apart, main, write_second
from eval.training.network import ReaderNetwork, load_checkpoint
from eval.training.train import save
from rag.reading.four_bit import read_weights
from rag.reading.manifest import Manifest
from tests.rag.reading.passages import small_reader


@pytest.fixture
def inputs() -> list[torch.Tensor]:
    random = np.random.default_rng(5)
    return [torch.from_numpy(random.integers(4, 60, (1, size))) for size in (12, 30)]


def test_what_is_written_is_what_was_trained(
    network: ReaderNetwork, inputs: list[torch.Tensor], tmp_path: Path
) -> None:
    write_second(network, inputs, tmp_path / "second.npz")
    weights = read_weights(tmp_path / "second.npz")
    for i, layer in enumerate(network.layers):
        for name, linear in (
            ("out", layer.attention.attn.o),
            ("up", layer.intermediate.dense),
            ("down", layer.output.dense),
        ):
            stored = torch.from_numpy(weights[f"{i}.{name}.weight"])
            torch.testing.assert_close(stored, linear.weight.detach(), msg=f"{i}.{name}")
        attention = layer.attention.attn
        query = torch.from_numpy(weights[f"{i}.mix.weight"][:128])
        torch.testing.assert_close(query, attention.q.weight.detach() / 8)
    words = network.encoder.embeddings.word_embeddings.weight.detach()
    torch.testing.assert_close(torch.from_numpy(weights["words"]), words)
    assert weights["heads.weight"].tolist() == network.heads.weight.tolist()


def test_distances_are_those_of_the_network(
    network: ReaderNetwork, inputs: list[torch.Tensor], tmp_path: Path
) -> None:
    write_second(network, inputs, tmp_path / "second.npz")
    distances = read_weights(tmp_path / "second.npz")["distances"]
    with torch.inference_mode():
        # [1, heads, tokens, tokens]
        bias = network.encoder.encoder.compute_position_bias(torch.zeros(1, 300, 1))[0].numpy()
    middle = distances.shape[1] // 2
    for one, other in ((0, 0), (0, 299), (299, 0), (150, 140), (17, 20)):
        assert bias[:, one, other].tolist() == pytest.approx(
            distances[:, middle + other - one].tolist()
        )


def test_columns_that_grow_largest_stay_apart(
    network: ReaderNetwork, inputs: list[torch.Tensor]
) -> None:
    norm = network.layers[1].attention.LayerNorm
    with torch.no_grad():
        norm.weight[[3, 70]] = 90.0
    apart = columns_apart(network, inputs)
    assert set(apart) == {f"{i}.{name}" for i in (0, 1) for name in ("mix", "up", "down")}
    assert {3, 70} <= set(apart["1.up"].tolist())
    assert all(len(columns) == 8 for columns in apart.values())


def test_the_command_writes_weights_and_says_what_made_them(
    config: MPNetConfig, tmp_path: Path
) -> None:
    folder, base = small_reader(tmp_path / "reader"), tmp_path / "base"
    # The reader's own tokenizer gives the ids.
    config.vocab_size = 30_527
    torch.manual_seed(4)
    MPNetModel(config).save_pretrained(base)
    network = ReaderNetwork.from_base(base)
    network.prepare(1)
    save(network, tmp_path, {"frozen": 1, "seen": 9, "sets": ["squad2"], "log": [{}]})
    packs = tmp_path / "packs.jsonl"
    segment = {"title": "T", "text": "It ran.", "sentences": [[0, 7]], "gold": [], "group": 0}
    row = {
        "set_name": "s", "id": "q", "kind": "none", "question": "Did it?", "whole": False,
        "segments": [segment],
    }  # fmt: skip
    packs.write_text(json.dumps(row) + "\n")
    assert len(read_packs(packs)) == 1
    given = {"checkpoint": tmp_path / "reader.pt", "base": base, "packs": packs, "out": folder}
    assert main([text for name, path in given.items() for text in (f"--{name}", str(path))]) == 0
    manifest = Manifest.read(folder)
    second = manifest.second
    assert second is not None
    assert (second.layers, second.heads, second.layout) == (2, 2, "mpnet")
    assert second.trained_on == ("squad2",)
    assert second.training == ({"frozen": 1, "seen": 9},)
    again, _ = load_checkpoint(tmp_path / "reader.pt", base)
    written = read_weights(manifest.checked("second.npz"))
    assert written["heads.bias"].tolist() == again.heads.bias.tolist()
