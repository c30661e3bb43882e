"""The first network: trained on lists, written as the graph that ships, and read back from it."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from random import Random

import numpy as np
import onnxruntime
import pytest
import torch
from transformers import BertConfig

from eval.training.first_network import FirstNetwork, of_shipped_graph, write_first
from eval.training.lists import ListMaker, batches_of_lists, list_of
from eval.training.loop import by_examples
from eval.training.packs import Bank
from eval.training.tasks import Task
from eval.training.train_first import train_lists, write_into
from index.encode.files import hash_file
from rag.reading.layout import Tokens
from rag.reading.manifest import WEIGHTS_FOLDER
from tests.eval.training.packs import question_set


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    config = BertConfig(
        vocab_size=30522, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=384, initializer_range=0.2,
    )  # fmt: skip
    config.save_pretrained(tmp_path / "base")
    return tmp_path / "base"


@pytest.fixture
def first(folder: Path) -> FirstNetwork:
    torch.manual_seed(2)
    network = FirstNetwork.of_config(folder)
    # Vectors that are alike would be one in the graph.
    for weight in network.parameters():
        if weight.ndim == 1:
            torch.nn.init.normal_(weight, mean=0.8, std=0.1)
    return network.eval()


def _graph_logits(
    path: Path, ids: torch.Tensor
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    session = onnxruntime.InferenceSession(
        gzip.decompress(path.read_bytes()), providers=["CPUExecutionProvider"]
    )
    inputs = {"ids": ids.numpy(), "types": np.zeros(ids.shape, np.int64)}
    return np.asarray(session.run(["logits"], inputs)[0])


def test_a_graph_read_back_and_written_again_is_the_same(
    first: FirstNetwork, folder: Path, tmp_path: Path
) -> None:
    once, again = tmp_path / "once.gz", tmp_path / "again.gz"
    write_first(first, once)
    write_first(of_shipped_graph(once, folder), again)
    ids = torch.arange(100, 130)[None]
    assert np.array_equal(_graph_logits(once, ids), _graph_logits(again, ids))


def test_the_graph_says_what_the_network_says(first: FirstNetwork, tmp_path: Path) -> None:
    write_first(first, tmp_path / "first.gz")
    ids = torch.arange(200, 240)[None]
    with torch.inference_mode():
        exact = torch.stack(first(ids, torch.ones_like(ids), torch.zeros_like(ids)), -1).numpy()
    assert (
        np.corrcoef(exact.ravel(), _graph_logits(tmp_path / "first.gz", ids).ravel())[0, 1] > 0.98
    )


def test_training_on_lists_lowers_the_loss(
    first: FirstNetwork, tokens: Tokens, tmp_path: Path
) -> None:
    bank = Bank(question_set(4))
    tasks = [Task("qed_nq", q, "own") for q in bank.questions.questions if q.spans]
    lists = [made for task in tasks if (made := list_of(task, bank, Random(1)))]
    stream = batches_of_lists(lists, ListMaker(tokens), 2, Random(1))
    about = train_lists(first, stream, 3e-3, by_examples(200), tmp_path, {})
    losses = [entry["loss"] for entry in about["log"]]
    assert about["seen"] >= 200
    assert losses[-1] < losses[0]


def test_a_written_network_is_named_by_the_manifest(first: FirstNetwork, tmp_path: Path) -> None:
    target = tmp_path / "reader"
    target.mkdir()
    shutil.copyfile(WEIGHTS_FOLDER / "manifest.json", target / "manifest.json")
    write_into(target, first, {"sets": ["news"], "seen": 5, "log": [{"loss": 1}]})
    manifest = json.loads((target / "manifest.json").read_text())
    assert manifest["files"]["first.onnx.gz"] == hash_file(target / "first.onnx.gz")
    assert "news" in manifest["first"]["trained_on"]
    assert manifest["first"]["training"][-1] == {"seen": 5}
