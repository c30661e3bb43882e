"""From a checkpoint to the files that ship, and what the manifest says of them."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from transformers import MPNetConfig, MPNetModel

from eval.training.examples import read_packs
from eval.training.export import main
from eval.training.loop import save
from eval.training.network import ReaderNetwork, load_checkpoint
from rag.reading.four_bit import read_weights
from rag.reading.manifest import Manifest
from tests.rag.reading.passages import small_reader


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
    main([text for name, path in given.items() for text in (f"--{name}", str(path))])
    manifest = Manifest.read(folder)
    second = manifest.second
    assert second is not None
    assert (second.layers, second.heads, second.layout) == (2, 2, "mpnet")
    assert second.trained_on == ("squad2",)
    assert second.training == ({"frozen": 1, "seen": 9},)
    again, _ = load_checkpoint(tmp_path / "reader.pt", base)
    written = read_weights(manifest.checked("second.npz"))
    assert written["heads.bias"].tolist() == again.heads.bias.tolist()
    # A training that went on from what ships is added to those before.
    save(network, tmp_path, {"frozen": 1, "seen": 7, "sets": ["news"], "goes_on": True})
    main([text for name, path in given.items() for text in (f"--{name}", str(path))])
    second = Manifest.read(folder).second
    assert second is not None
    assert second.trained_on == ("news", "squad2")
    assert [record["seen"] for record in second.training] == [9, 7]
