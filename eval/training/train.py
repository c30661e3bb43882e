"""Train the second network: ``python -m eval.training.train``.

The learning rate follows the clock, so a run ends well trained however fast the machine is. With
``--examples N`` it follows the examples seen: a run that can be repeated, however long it takes.
Checkpoints (``reader.pt`` in ``--out``, replaced each time) are written every eight minutes.

On a processor with AMX the products are so fast that half of the time goes into fresh memory. With
``MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=20000000000 GLIBC_TUNABLES=glibc.malloc.hugetlb=1`` in
the environment, glibc keeps what it has (up to 14 GB), and long batches take half as long.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import torch

from eval.training.batch import Example, batches
from eval.training.examples import Maker, read_packs
from eval.training.loop import add_run_arguments, progress_of, save, train
from eval.training.network import ReaderNetwork, of_shipped
from eval.training.packs import Pack
from rag.reading.layout import Tokens
from rag.reading.manifest import WEIGHTS_FOLDER

__all__ = ["examples_of", "main"]


def examples_of(packs: Sequence[Pack], maker: Maker, random: Random) -> Iterator[Example]:
    """Yield examples without end: each pack once a round, with new noise in its question."""
    while True:
        examples = (maker(pack, random) for pack in random.sample(packs, len(packs)))
        yield from (example for example in examples if example is not None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--packs", type=Path, required=True, help="what eval.training.packs wrote")
    parser.add_argument("--out", type=Path, required=True, help="where checkpoints go")
    start = parser.add_mutually_exclusive_group()
    start.add_argument("--checkpoint", type=Path, help="go on from such a reader.pt")
    start.add_argument("--shipped", type=Path, help="go on from a second.npz, as it ships")
    add_run_arguments(parser, minutes=90.0, batch=16, rate=3e-5, frozen=5)
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Train as the arguments say."""
    options = _parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    packs = read_packs(options.packs)
    if options.shipped:
        network = of_shipped(options.shipped, ReaderNetwork.config_of(options.base))
    else:
        network = ReaderNetwork.from_base(options.base)
    network.prepare(options.frozen, rounded=bool(options.shipped))
    if options.checkpoint:
        network.load_state_dict(torch.load(options.checkpoint, weights_only=True)["model"])
    options.out.mkdir(parents=True, exist_ok=True)
    maker = Maker(Tokens.load(WEIGHTS_FOLDER / "tokenizer.json"))
    random = Random(options.seed)
    stream = batches(examples_of(packs, maker, random), options.batch, random)
    about = {
        "packs": len(packs),
        "unanswerable": sum(not pack.answerable for pack in packs),
        "sets": sorted({pack.set_name for pack in packs}),
        "settings": {k: v for k, v in vars(options).items() if not isinstance(v, Path)},
        "frozen": options.frozen,
        "goes_on": bool(options.shipped or options.checkpoint),
    }
    about = train(network, stream, options.rate, progress_of(options), options.out, about)
    save(network, options.out, about)


if __name__ == "__main__":
    main()
