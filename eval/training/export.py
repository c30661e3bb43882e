"""Write a checkpoint of the second network in the form that ships: ``python -m
eval.training.export``.

Writes ``second.npz`` (weights in four bits) into a reader's folder, and records in
``manifest.json`` what made it. ``eval.training.calibrate`` then calibrates it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import torch

from eval.training.examples import Maker, read_packs
from eval.training.network import load_checkpoint
from eval.training.shipped import MAX_TOKENS, write_second
from index.encode.files import hash_file
from rag.reading.expansion import SECOND_WEIGHTS
from rag.reading.layout import Tokens
from rag.reading.manifest import Base, Manifest, Network

__all__ = ["main"]

_BASE: Final = "all-mpnet-base-v2"
_PROBES: Final = 48


def main(arguments: Sequence[str] | None = None) -> None:
    """Export the checkpoint that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="reader.pt of a training")
    parser.add_argument("--base", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--packs", type=Path, required=True, help="what eval.training.packs wrote")
    parser.add_argument("--out", type=Path, required=True, help="the reader's folder")
    options = parser.parse_args(arguments)
    model, about = load_checkpoint(options.checkpoint, options.base)
    maker = Maker(Tokens.load(options.out / "tokenizer.json"))
    examples = (
        maker(pack, Random(i)) for i, pack in enumerate(read_packs(options.packs)[:_PROBES])
    )
    inputs = [torch.from_numpy(example.ids)[None] for example in examples if example is not None]
    write_second(model.eval(), inputs, options.out / SECOND_WEIGHTS)
    manifest = Manifest.read(options.out)
    config = model.encoder.config
    trained_on, training = set(about.get("sets", ())), _record(about)
    earlier = manifest.second if about.get("goes_on") else None
    second = Network(
        base=Base(
            name=_BASE,
            weights=hash_file(options.base / "model.safetensors"),
            licence="Apache-2.0",
        ),
        layout="mpnet",
        precision="int4",
        max_tokens=MAX_TOKENS,
        layers=config.num_hidden_layers,
        heads=config.num_attention_heads,
        trained_on=tuple(sorted(trained_on.union(earlier.trained_on if earlier else ()))),
        training=(*(earlier.training if earlier else ()), training),
    )
    files = manifest.files | {SECOND_WEIGHTS: hash_file(options.out / SECOND_WEIGHTS)}
    new_manifest = manifest.model_copy(update={"second": second, "files": files})
    stored_manifest = json.dumps(new_manifest.model_dump(mode="json"), indent=1) + "\n"
    (options.out / "manifest.json").write_text(stored_manifest, encoding="utf-8")


def _record(about: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in about.items() if key not in ("sets", "log")}


if __name__ == "__main__":
    main()
