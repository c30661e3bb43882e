"""Which examples a training sees, and the command that runs it."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from random import Random

import pytest
import torch
from transformers import MPNetConfig, MPNetModel

from eval.training.examples import Maker
from eval.training.network import ReaderNetwork, load_checkpoint
from eval.training.shipped import write_second
from eval.training.train import examples_of, main
from rag.reading.layout import Tokens
from tests.eval.training.packs import pack


def test_a_round_has_every_pack_once_typed_anew(tokens: Tokens) -> None:
    packs = [pack(gold=bool(i % 3)) for i in range(9)]
    made = list(islice(examples_of(packs, Maker(tokens), Random(1)), 18))
    for a_round in (made[:9], made[9:]):
        assert sum(not each.starts[0] for each in a_round) == 6
    assert len({tuple(each.ids.tolist()) for each in made}) > 3


def test_the_command_trains_and_says_how(
    config: MPNetConfig, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base, out = tmp_path / "base", tmp_path / "out"
    config.vocab_size = 30_527
    torch.manual_seed(4)
    MPNetModel(config).save_pretrained(base)
    packs = tmp_path / "packs.jsonl"
    rows = [asdict(pack(gold=bool(i % 2))) for i in range(4)]
    packs.write_text("".join(json.dumps(row) + "\n" for row in rows))
    paths = {"base": base, "packs": packs, "out": out}
    given = [text for name, path in paths.items() for text in (f"--{name}", str(path))]
    threads = torch.get_num_threads()
    try:
        main([*given, "--examples", "4", "--batch", "2", "--frozen", "1"])
    finally:
        torch.set_num_threads(threads)
    _, about = load_checkpoint(out / "reader.pt", base)
    assert (about["seen"], about["packs"], about["unanswerable"]) == (4, 4, 2)
    assert (about["frozen"], about["sets"]) == (1, ["set"])
    assert about["settings"]["examples"] == 4


def test_training_goes_on_from_what_ships(config: MPNetConfig, tmp_path: Path) -> None:
    base, out, shipped = tmp_path / "base", tmp_path / "out", tmp_path / "second.npz"
    config.vocab_size = 30_527
    torch.manual_seed(4)
    MPNetModel(config).save_pretrained(base)
    network = ReaderNetwork.from_base(base)
    network.prepare(1)
    write_second(network.eval(), [torch.arange(4, 20)[None]], shipped)
    packs = tmp_path / "packs.jsonl"
    packs.write_text(json.dumps(asdict(pack())) + "\n")
    paths = {"base": base, "packs": packs, "out": out, "shipped": shipped}
    options = [text for name, path in paths.items() for text in (f"--{name}", str(path))]
    threads = torch.get_num_threads()
    try:
        # So slow that nothing moves.
        rate = ["--rate", "1e-12"]
        main([*options, *rate, "--examples", "1", "--batch", "1", "--frozen", "1"])
    finally:
        torch.set_num_threads(threads)
    again, _ = load_checkpoint(out / "reader.pt", base)
    inputs = torch.arange(5, 25)[None]
    with torch.inference_mode():
        before, after = (
            torch.stack(net.eval()(inputs, torch.ones_like(inputs), torch.zeros_like(inputs)))
            for net in (network, again)
        )
    assert float((before - after).abs().max()) < 0.02
