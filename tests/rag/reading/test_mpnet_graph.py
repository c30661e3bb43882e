"""The graph that is built from stored weights against transformers' own MPNet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from transformers import MPNetConfig

from eval.training.network import ReaderNetwork
from eval.training.shipped import write_second
from index.encode.base import Floats
from index.encode.files import hash_file
from rag.reading.expansion import expand_networks
from rag.reading.manifest import Manifest
from tests.rag.reading.passages import small_reader

LAYERS, HEADS = 2, 4


@pytest.fixture(scope="module")
def network() -> ReaderNetwork:
    torch.manual_seed(7)
    config = MPNetConfig(
        vocab_size=80, hidden_size=128, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
        intermediate_size=256, max_position_embeddings=400, initializer_range=0.15,
        layer_norm_eps=1e-5,
    )  # fmt: skip
    network = ReaderNetwork(config)
    with torch.no_grad():
        network.heads.weight.mul_(10)
        network.heads.bias.copy_(torch.tensor([1.0, -1.0, 0.5]))
        encoder: Any = network.encoder
        encoder.encoder.relative_attention_bias.weight.mul_(5)
    network.prepare(frozen=1)
    return network.eval()


def _ids(size: int) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(size).integers(4, 80, (1, size)))


@pytest.fixture(scope="module")
def folder(network: ReaderNetwork, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader's folder with the network."""
    folder = small_reader(tmp_path_factory.mktemp("reader") / "small", layers=LAYERS)
    write_second(network, [_ids(40)], folder / "second.npz")
    path = folder / "manifest.json"
    stored = json.loads(path.read_text())
    stored["second"]["heads"] = HEADS
    stored["files"]["second.npz"] = hash_file(folder / "second.npz")
    path.write_text(json.dumps(stored))
    return folder


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def session(folder: Path, models: Path) -> onnxruntime.InferenceSession:
    """Through the files, as a reader is opened."""
    made = expand_networks(Manifest.read(folder), models)
    return onnxruntime.InferenceSession(str(made / "second.onnx"))


@pytest.fixture(scope="module")
def float_session(folder: Path, models: Path) -> onnxruntime.InferenceSession:
    """The network for an accelerator, on the processor."""
    made = expand_networks(Manifest.read(folder), models, precision="float32")
    return onnxruntime.InferenceSession(str(made / "second.onnx"))


def _expected(network: ReaderNetwork, ids: torch.Tensor) -> Floats:
    with torch.inference_mode():
        logits = network(ids, torch.ones_like(ids), torch.zeros_like(ids))
    return np.asarray(torch.stack(logits, -1)[0].numpy())


def _is_near(logits: Floats, expected: Floats) -> bool:
    """Eight bits are not exact; a wrong weight, head or distance is off by far more."""
    off = np.abs(logits - expected)
    return bool(off.mean() < 0.05 * expected.std() and off.max() < 0.3 * expected.std())


@pytest.mark.parametrize("size", [1, 7, 60, 384])
def test_logits_are_those_of_the_network(
    network: ReaderNetwork, session: onnxruntime.InferenceSession, size: int
) -> None:
    ids = _ids(size)
    (found,) = session.run(["logits"], {"ids": ids.numpy()})
    assert found.shape == (1, size, 3)
    assert _is_near(found[0], _expected(network, ids))


def test_the_place_of_a_token_matters(session: onnxruntime.InferenceSession) -> None:
    ids = _ids(20).numpy()
    turned = ids[:, ::-1].copy()
    (one,), (other,) = (session.run(["logits"], {"ids": each}) for each in (ids, turned))
    assert np.abs(one - other[:, ::-1]).max() > 0.5


def test_a_batch_on_an_accelerator_is_each_input_alone(
    network: ReaderNetwork, float_session: onnxruntime.InferenceSession
) -> None:
    sizes = (60, 7, 1)
    ids, mask = np.zeros((3, 60), np.int64), np.zeros((3, 60), np.float32)
    for row, size in enumerate(sizes):
        ids[row, :size] = _ids(size).numpy()
        mask[row, :size] = 1
    (logits,) = float_session.run(["logits"], {"ids": ids, "mask": mask})
    for row, size in enumerate(sizes):
        feed = {"ids": _ids(size).numpy(), "mask": np.ones((1, size), np.float32)}
        (alone,) = float_session.run(["logits"], feed)
        assert np.abs(logits[row, :size] - alone[0]).max() < 1e-3
        # Words have eight bits here, too.
        assert _is_near(alone[0], _expected(network, _ids(size)))
