"""Go on training the shipped second network on an accelerator: ``python -m
eval.training.accelerated``.

For a machine that has torch and transformers, and that files travel to and from in pieces. It is
given examples that were made beforehand (:mod:`eval.training.prepared`) and the weights that ship;
it trains for the minutes given (in bfloat16 where the device has it), and writes the new weights
cut into pieces. ``cat second.npz.* > second.npz`` puts them together; then
``eval.training.calibrate`` goes on as after any export, once ``--adopt`` has put the file's hash
into the manifest.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Final

import torch

from eval.training.batch import Example, batches
from eval.training.loop import by_examples, by_time, train
from eval.training.network import of_shipped, shipped_config
from eval.training.prepared import read_examples
from eval.training.shipped import write_second

__all__ = ["in_random_order", "main", "pieces"]

_PROBES: Final = 48


def pieces(path: Path, out: Path, size: int) -> list[Path]:
    """Cut a file into pieces of at most ``size`` bytes, named so that they sort in order; returns
    their paths."""
    content = path.read_bytes()
    batch = []
    for number, start in enumerate(range(0, len(content), size)):
        piece = out / f"{path.name}.{number:02}"
        piece.write_bytes(content[start : start + size])
        batch.append(piece)
    return batch


def in_random_order(examples: Sequence[Example], random: Random) -> Iterator[Example]:
    """Yield the examples without end, in a new order each round."""
    while True:
        yield from random.sample(examples, len(examples))


def _adopt(path: Path, about: Path) -> int:
    """Put the hash of new weights, and the record of their training, into the manifest beside them;
    returns the exit code."""
    from index.encode.files import hash_file

    manifest = path.with_name("manifest.json")
    record = json.loads(manifest.read_text(encoding="utf-8"))
    record["files"][path.name] = hash_file(path)
    record["second"]["training"].append(json.loads(about.read_text(encoding="utf-8")))
    manifest.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, or adopt weights, as the arguments say; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="second.npz to go on from")
    parser.add_argument("--examples", type=Path, help="what eval.training.prepared wrote")
    parser.add_argument("--out", type=Path, help="where the pieces go")
    parser.add_argument("--adopt", type=Path, help="a training.json: only note it and the weights")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, default=7.0)
    length.add_argument("--many", type=int, help="train on so many examples instead")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=4e-5)
    parser.add_argument("--frozen", type=int, default=0, help="lowest layers kept as they are")
    parser.add_argument("--piece", type=int, default=15 * 1024 * 1024, help="bytes of a piece")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    if options.adopt:
        return _adopt(options.weights, options.adopt)
    if not options.examples or not options.out:
        parser.error("--examples and --out are needed to train")
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    network = of_shipped(options.weights, shipped_config(options.weights))
    network.prepare(options.frozen, rounded=True)
    examples = read_examples(options.examples)
    random = Random(options.seed)
    stream = batches(in_random_order(examples, random), options.batch, random)
    progress = by_examples(options.many) if options.many else by_time(60 * options.minutes)
    settings = {k: v for k, v in vars(options).items() if not isinstance(v, Path)}
    about = {"examples": len(examples), "settings": settings, "frozen": options.frozen}
    about = train(network, stream, options.rate, progress, options.out, about)
    probes = [torch.from_numpy(e.ids)[None] for e in examples[:_PROBES]]
    whole = options.out / "second.npz"
    write_second(network.cpu().eval(), probes, whole)
    pieces(whole, options.out, options.piece)
    # The whole, and the checkpoint, are too large to travel.
    whole.unlink()
    (options.out / "reader.pt").unlink(missing_ok=True)
    record = json.dumps({k: v for k, v in about.items() if k != "log"})
    (options.out / "training.json").write_text(record, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
