"""Train the first network: ``python -m eval.training.train_first``.

It goes on from the graph that ships, or from a checkpoint. The learning rate follows the clock, or
with ``--examples N`` the lists seen. The checkpoint is ``first.pt`` in ``--out``; with ``--write
FOLDER`` the graph is written into a reader's folder and its manifest says what made it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import torch
from torch import Tensor

from eval.training.batch import Batch
from eval.training.first_network import FirstNetwork, of_shipped_graph, write_first
from eval.training.lists import LIST_MIXTURE, ListMaker, batches_of_lists, lists_of, loss_of_lists
from eval.training.loop import Progress, add_run_arguments, progress_of, run_training, save
from index.encode.files import BUILT_IN, find_model, hash_file
from rag.reading.expansion import FIRST_WEIGHTS
from rag.reading.layout import Tokens
from rag.reading.manifest import WEIGHTS_FOLDER, Manifest

__all__ = ["main", "train_lists", "write_into"]

_CHECKPOINT: Final = "first.pt"


def train_lists(
    network: FirstNetwork,
    stream: Iterator[tuple[Batch, Tensor]],
    rate: float,
    progress: Progress,
    out: Path,
    about: dict[str, Any],
) -> dict[str, Any]:
    """Train until the run is over; returns ``about`` with how many lists were seen and the course
    of the loss."""

    def step(device: str, dtype: torch.dtype | None) -> tuple[Tensor, int]:
        batch, groups = next(stream)
        inputs = batch.to(device)
        with torch.autocast(device, dtype, enabled=dtype is not None):
            logits = network(inputs.ids, inputs.mask, inputs.types)
        return loss_of_lists(logits, inputs, groups.to(device)), int(groups.max()) + 1

    def keep(record: dict[str, Any]) -> None:
        save(network, out, record, _CHECKPOINT)

    return run_training(network, step, rate, progress, keep, about)


def write_into(folder: Path, network: FirstNetwork, about: dict[str, Any]) -> None:
    """Write the graph into a reader's folder, and the record of its training into the manifest."""
    write_first(network.cpu().eval(), folder / FIRST_WEIGHTS)
    manifest = Manifest.read(folder)
    training = ({k: v for k, v in about.items() if k not in ("sets", "log")},)
    sets = tuple(sorted({*manifest.first.trained_on, *about["sets"]}))
    first = manifest.first.model_copy(
        update={"trained_on": sets, "training": (*manifest.first.training, *training)}
    )
    files = manifest.files | {FIRST_WEIGHTS: hash_file(folder / FIRST_WEIGHTS)}
    new_manifest = manifest.model_copy(update={"first": first, "files": files})
    text = json.dumps(new_manifest.model_dump(mode="json"), indent=1) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the question sets")
    parser.add_argument("--out", type=Path, required=True, help="where the checkpoint goes")
    parser.add_argument("--checkpoint", type=Path, help="go on from such a first.pt")
    parser.add_argument("--write", type=Path, help="a reader's folder to write the graph into")
    add_run_arguments(parser, minutes=45.0, batch=6, rate=8e-5, frozen=0)
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Train as the arguments say."""
    options = _parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    random = Random(options.seed)
    base = Path(find_model(BUILT_IN))
    network = of_shipped_graph(WEIGHTS_FOLDER / FIRST_WEIGHTS, base)
    if options.checkpoint:
        network.load_state_dict(torch.load(options.checkpoint, weights_only=True)["model"])
    about: dict[str, Any] = {"sets": sorted(LIST_MIXTURE)}
    options.out.mkdir(parents=True, exist_ok=True)
    length = options.examples is None or options.examples > 0
    if length:
        network.freeze(options.frozen)
        lists = list(lists_of(options.data, random))
        about |= {"lists": len(lists), "answered": sum(any(item.gold) for item in lists)}
        about["settings"] = {k: v for k, v in vars(options).items() if not isinstance(v, Path)}
        maker = ListMaker(Tokens.load(WEIGHTS_FOLDER / "tokenizer.json"))
        stream = batches_of_lists(lists, maker, options.batch, random)
        progress = progress_of(options)
        about = train_lists(network, stream, options.rate, progress, options.out, about)
        save(network, options.out, about, _CHECKPOINT)
    if options.write:
        write_into(options.write, network, about)


if __name__ == "__main__":
    main()
