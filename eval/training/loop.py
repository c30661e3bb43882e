"""The training loop of both networks.

The learning rate depends on the progress of the run: it warms up over the first hundredths, then
falls to zero. On a GPU, and on processors that compute in bfloat16 (AMX, AVX512-BF16), it trains
under autocast. Needs only torch and transformers, so that it can run where nothing else is
installed.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

import torch
from torch import Tensor, nn

from eval.training.batch import Batch, loss_of
from eval.training.network import ReaderNetwork

__all__ = [
    "HeadNetwork",
    "Progress",
    "Step",
    "add_run_arguments",
    "by_examples",
    "by_time",
    "learning_rate",
    "optimiser",
    "precision",
    "progress_of",
    "run_training",
    "save",
    "train",
]


class HeadNetwork(Protocol):
    """A network with heads on an encoder, as far as training uses it."""

    @property
    def encoder(self) -> nn.Module: ...

    @property
    def heads(self) -> nn.Module: ...

    def to(self, device: str) -> nn.Module: ...

    def parameters(self) -> Iterator[nn.Parameter]: ...

    def state_dict(self) -> Mapping[str, Tensor]: ...


# The loss of the next batch on a device, computed in a type (None: float32), and its examples.
Step = Callable[[str, torch.dtype | None], tuple[Tensor, int]]
# How far a run is (0 to 1), from how many examples it has seen.
Progress = Callable[[int], float]

_WARM_UP: Final = 0.03
_HEADS_RATE: Final = 5.0
_CHECKPOINT_SECONDS: Final = 480
_REPORTED_STEPS: Final = 10


def add_run_arguments(
    parser: argparse.ArgumentParser, *, minutes: float, batch: int, rate: float, frozen: int
) -> None:
    """Add the arguments of a run's length, seed, batches, rate, layers and threads, with these
    defaults."""
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, default=minutes)
    length.add_argument("--examples", type=int, help="train on so many, however long it takes")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--batch", type=int, default=batch, help="so many at a time")
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument("--frozen", type=int, default=frozen, help="lowest layers kept as they are")
    parser.add_argument("--threads", type=int, default=2)


def learning_rate(progress: float) -> float:
    """Compute the share of the full rate at a point of the run (0 to 1)."""
    if progress < _WARM_UP:
        return progress / _WARM_UP
    return max(0.0, 1 - progress) / (1 - _WARM_UP)


def progress_of(options: argparse.Namespace) -> Progress:
    """Return the progress of a run of the length that :func:`add_run_arguments` read."""
    return by_examples(options.examples) if options.examples else by_time(60 * options.minutes)


def by_time(seconds: float) -> Progress:
    """Measure progress by the clock: a run of ``seconds`` from now."""
    start = time.monotonic()
    return lambda count: (time.monotonic() - start) / seconds


def by_examples(many: int) -> Progress:
    """Measure progress by the number of examples seen."""
    return lambda count: count / many


def optimiser(network: HeadNetwork, rate: float) -> torch.optim.AdamW:
    """Make AdamW (Loshchilov and Hutter, 2019) with a higher rate for the heads and no weight decay
    on vectors."""
    body = [p for p in network.encoder.parameters() if p.requires_grad]
    groups: list[dict[str, Any]] = [
        {"params": [p for p in body if p.ndim > 1], "rate": rate, "weight_decay": 0.01},
        {"params": [p for p in body if p.ndim < 2], "rate": rate, "weight_decay": 0.0},
        {"params": list(network.heads.parameters()), "rate": rate * _HEADS_RATE},
    ]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), weight_decay=0.0)


def precision() -> tuple[str, torch.dtype | None]:
    """Choose the device to train on and the type to compute in under autocast; ``None`` for
    float32."""
    if torch.cuda.is_available():
        return "cuda", torch.bfloat16
    fast = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return "cpu", torch.bfloat16 if fast else None


def run_training(
    network: HeadNetwork,
    step: Step,
    rate: float,
    progress: Progress,
    keep: Callable[[dict[str, Any]], None],
    about: dict[str, Any],
) -> dict[str, Any]:
    """Train until the run is over.

    step: computes the loss of the next batch, and how many examples it has.
    keep: writes a checkpoint with a record of the training; called every eight minutes.

    Returns ``about`` with how many examples were seen and the course of the loss.
    """
    device, dtype = precision()
    network.to(device).train()
    optimizer = optimiser(network, rate)
    start = last_save = time.monotonic()
    example_count, recent, log = 0, [], []
    while (position := progress(example_count)) < 1:
        for group in optimizer.param_groups:
            group["lr"] = group["rate"] * learning_rate(position)
        loss, size = step(device, dtype)
        _descend(network, optimizer, loss)
        example_count += size
        recent.append(float(loss.detach()))
        if len(recent) == _REPORTED_STEPS:
            minutes = round((time.monotonic() - start) / 60, 1)
            log.append(
                {
                    "minutes": minutes,
                    "seen": example_count,
                    "loss": round(sum(recent) / len(recent), 3),
                }
            )
            print(json.dumps(log[-1]), flush=True)  # noqa: T201
            recent = []
        if time.monotonic() - last_save > _CHECKPOINT_SECONDS:
            keep(about | {"seen": example_count})
            last_save = time.monotonic()
    return about | {
        "seen": example_count,
        "device": device,
        "dtype": str(dtype or torch.float32),
        "log": log,
    }


def _descend(network: HeadNetwork, optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    """Change the weights by one step against the gradient of a loss, which is clipped."""
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()


def train(
    network: ReaderNetwork,
    stream: Iterator[Batch],
    rate: float,
    progress: Progress,
    out: Path,
    about: dict[str, Any],
) -> dict[str, Any]:
    """Train the second network until the run is over; returns ``about`` with how many examples were
    seen and the course of the loss."""

    def step(device: str, dtype: torch.dtype | None) -> tuple[Tensor, int]:
        batch = next(stream).to(device)
        with torch.autocast(device, dtype, enabled=dtype is not None):
            logits = network(batch.ids, batch.mask, batch.types)
        return loss_of(logits, batch), len(batch.ids)

    def keep(record: dict[str, Any]) -> None:
        save(network, out, record)

    return run_training(network, step, rate, progress, keep, about)


def save(network: HeadNetwork, out: Path, about: dict[str, Any], name: str = "reader.pt") -> None:
    """Write the checkpoint ``name`` atomically."""
    scratch = out / f"{name}.part"
    weights = {key: value.cpu() for key, value in network.state_dict().items()}
    torch.save({"model": weights, "about": about}, scratch)
    scratch.replace(out / name)
