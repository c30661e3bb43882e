"""Train the reader: ``python -m eval.training.train --data DIR --out DIR --minutes M --seed S``.

The learning rate follows the clock: it warms up over the first twentieth of the time given,
then falls to zero on half a cosine, so a run ends well trained however fast the machine is. With
``--examples N`` it follows the examples seen: a run that can be repeated, however long it takes.
Checkpoints (``reader.pt`` in ``--out``, replaced each time) are written every five minutes.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
import torch
from tokenizers import Tokenizer

from index.encode.files import BUILT_IN, find_model
from rag.pair import PairTokens
from eval.training.examples import Example, Maker, Task, tasks_of
from eval.training.export import averaged
from eval.training.mine import read_mined
from eval.training.model import Batch, ReaderModel, loss_of
from eval.training.sets import INFORMAL, SETS, read_set

__all__ = [
    "batches",
    "by_examples",
    "by_time",
    "collate",
    "go_on",
    "learning_rate",
    "main",
    "rounds_of",
]

# How far a run is (0 to 1), from how many examples it has seen.
Progress = Callable[[int], float]

_PLACES: Final = ("data", "out", "start", "mined")
_WARM_UP: Final = 0.05
_HEADS_RATE: Final = 8.0
_CHECKPOINT_SECONDS: Final = 300
# Lengths are rounded up to this many tokens: oneDNN keeps a kernel for every shape it meets.
_ROUND: Final = 16
_SORTED_BATCHES: Final = 40
# How often a set is read in every round after the first: posts and reviews no more, the few
# long answers more than the many short ones.
_AGAIN: Final = {**dict.fromkeys(INFORMAL, 0), "clapnq": 3}


def learning_rate(progress: float) -> float:
    """The share of the full rate at a point of the run (0..1)."""
    if progress < _WARM_UP:
        return progress / _WARM_UP
    rest = min((progress - _WARM_UP) / (1 - _WARM_UP), 1.0)
    return 0.5 * (1 + math.cos(math.pi * rest))


def by_time(seconds: float) -> Progress:
    """A run that lasts so long, from now."""
    begun = time.monotonic()
    return lambda seen: (time.monotonic() - begun) / seconds


def by_examples(many: int) -> Progress:
    """A run over so many examples."""
    return lambda seen: seen / many


def collate(examples: Sequence[Example]) -> Batch:
    """Examples side by side, padded to the longest, rounded up."""
    tokens = -(-max(len(e.ids) for e in examples) // _ROUND) * _ROUND
    sentences = max(1, *(len(e.evidence) for e in examples))

    def laid(name: str, dtype: Any) -> torch.Tensor:
        out = np.zeros((len(examples), tokens), dtype)
        for row, example in zip(out, examples, strict=True):
            row[: len(example.ids)] = getattr(example, name)
        return torch.from_numpy(out)

    mask, passage = np.zeros((2, len(examples), tokens), np.int64)
    pooling = np.zeros((len(examples), sentences, tokens), np.float32)
    evidence, real = np.zeros((2, len(examples), sentences), np.float32)
    for i, example in enumerate(examples):
        mask[i, : len(example.ids)] = 1
        passage[i, : len(example.ids)] = example.passage
        passage[i, 0] = 1
        evidence[i, : len(example.evidence)] = example.evidence
        real[i, : len(example.evidence)] = 1
        for k in range(len(example.evidence)):
            where = np.flatnonzero(example.sentence == k)
            pooling[i, k, where] = 1 / max(len(where), 1)
    return Batch(
        ids=laid("ids", np.int64),
        types=laid("types", np.int64),
        mask=torch.from_numpy(mask),
        starts=laid("starts", bool),
        ends=laid("ends", bool),
        allowed=torch.from_numpy(passage.astype(bool)),
        pooling=torch.from_numpy(pooling),
        evidence=torch.from_numpy(evidence),
        real=torch.from_numpy(real),
    )


def batches(
    rounds: Sequence[Sequence[Task]], maker: Maker, size: int, random: Random
) -> Iterator[Batch]:
    """Batches without end: each round's tasks once, in a new order and with new windows; the
    last round is repeated. Within ``_SORTED_BATCHES`` batches, one length stands together.
    """
    for number in itertools.count():
        tasks = rounds[min(number, len(rounds) - 1)]
        order = random.sample(tasks, len(tasks))
        step = size * _SORTED_BATCHES
        for start in range(0, len(order), step):
            made = [maker(task, random) for task in order[start : start + step]]
            chunk = sorted((e for e in made if e is not None), key=lambda e: len(e.ids))
            cut = [chunk[i : i + size] for i in range(0, len(chunk), size)]
            random.shuffle(cut)
            yield from map(collate, cut)


def optimiser(model: ReaderModel, rate: float) -> torch.optim.AdamW:
    """AdamW (Loshchilov and Hutter, 2019), the heads at a higher rate; no decay on vectors."""
    body = [p for p in model.encoder.parameters() if p.requires_grad]
    groups: list[dict[str, Any]] = [
        {"params": [p for p in body if p.ndim > 1], "rate": rate, "weight_decay": 0.01},
        {"params": [p for p in body if p.ndim < 2], "rate": rate, "weight_decay": 0.0},
        {"params": list(model.heads.parameters()), "rate": rate * _HEADS_RATE},
    ]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True)


def train(
    model: ReaderModel, stream: Iterator[Batch], rate: float, progress: Progress, out: Path
) -> dict[str, Any]:
    """Train until the run is over; returns how much was seen and how the loss went."""
    optimizer = optimiser(model, rate)
    model.train()
    begun = saved = time.monotonic()
    seen, steps, recent, log = 0, 0, [], []
    while (done := progress(seen)) < 1:
        batch = next(stream)
        for group in optimizer.param_groups:
            group["lr"] = group["rate"] * learning_rate(done)
        loss = loss_of(model(batch.ids, batch.mask, batch.types), batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        seen, steps = seen + len(batch.ids), steps + 1
        recent.append(float(loss.detach()))
        if steps % 50 == 0:
            rows = {"minutes": round((time.monotonic() - begun) / 60, 1), "seen": seen}
            log.append({**rows, "loss": round(sum(recent) / len(recent), 4)})
            print(json.dumps(log[-1]), flush=True)  # noqa: T201
            recent = []
        if time.monotonic() - saved > _CHECKPOINT_SECONDS:
            save(model, out, {"seen": seen, "steps": steps})
            saved = time.monotonic()
    return {"seen": seen, "steps": steps, "log": log}


def save(model: ReaderModel, out: Path, about: dict[str, Any]) -> None:
    """Write ``reader.pt`` whole or not at all."""
    scratch = out / "reader.pt.part"
    torch.save({"model": model.state_dict(), "about": about}, scratch)
    scratch.replace(out / "reader.pt")


def go_on(model: ReaderModel, checkpoints: Sequence[Path]) -> list[dict[str, Any]]:
    """Take the mean of checkpoints' weights; returns what each training said of itself."""
    mean, trainings = averaged(checkpoints)
    model.load_state_dict(mean.state_dict())
    return [{k: v for k, v in about.items() if k not in ("log", "before")} for about in trainings]


def rounds_of(
    data: Path, sets: Sequence[str], random: Random, mined: Path | None = None
) -> tuple[list[Task], list[Task]]:
    """What the sets give to the first round, and to every later one; ``mined``: the file of
    ``eval.training.mine``."""
    negatives = read_mined(mined) if mined else {}
    by_set = {
        name: tasks_of(read_set(data, name), random, mined=negatives.get(name)) for name in sets
    }
    first = [task for each in by_set.values() for task in each]
    return first, [t for name, each in by_set.items() for t in each * _AGAIN.get(name, 1)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the question sets")
    parser.add_argument("--out", type=Path, required=True, help="where checkpoints go")
    parser.add_argument(
        "--start", type=Path, nargs="+", help="a checkpoint to go on from, or the mean of several"
    )
    parser.add_argument("--mined", type=Path, help="hard negatives, by eval.training.mine")
    parser.add_argument("--whole", action="store_true", help="go on with a first round again")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, default=45.0)
    length.add_argument("--examples", type=int, help="train on so many, however long it takes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1.2e-4)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--freeze", type=int, default=1, help="lowest layers kept as they are")
    parser.add_argument("--threads", type=int, default=2)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    chosen = _parser().parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(chosen.seed)
    random = Random(chosen.seed)
    folder = find_model(BUILT_IN)
    tokens = PairTokens(Tokenizer.from_file(str(Path(folder) / "tokenizer.json")))
    tasks, again = rounds_of(chosen.data, SETS, random, chosen.mined)
    none = sum(not task.spans for task in tasks)
    print(json.dumps({"tasks": len(tasks), "unanswerable": none}), flush=True)  # noqa: T201
    model = ReaderModel.from_base(folder, chosen.dropout)
    before = go_on(model, chosen.start) if chosen.start else None
    model.freeze(chosen.freeze)
    chosen.out.mkdir(parents=True, exist_ok=True)
    rounds = [again] if chosen.start and not chosen.whole else [tasks, again]
    stream = batches(rounds, Maker(tokens), chosen.batch, random)
    progress = by_examples(chosen.examples) if chosen.examples else by_time(60 * chosen.minutes)
    about = train(model, stream, chosen.rate, progress, chosen.out)
    settings = {k: v for k, v in vars(chosen).items() if k not in _PLACES}
    about |= {"settings": settings, "tasks": len(tasks), "unanswerable": none, "before": before}
    save(model, chosen.out, about)
    (chosen.out / "training.json").write_text(json.dumps(about, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
