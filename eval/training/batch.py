"""Batches of padded examples, and the loss of a network's logits on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from random import Random
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

__all__ = [
    "Batch", "Example", "batches", "collate", "edge_losses", "evidence_loss", "loss_of",
    "sentence_logits",
]  # fmt: skip

# Lengths are rounded up to this many tokens: oneDNN keeps a kernel for every shape it meets.
_ROUND: Final = 16
_SORTED_BATCHES: Final = 20


@dataclass(frozen=True, slots=True)
class Example:
    """One training example: int64 ``[tokens]`` ids, types and sentence numbers (-1: none); the
    other arrays mark tokens (bool ``[tokens]``) and sentences (bool ``[sentences]``).

    Without an answer, ``starts`` and ``ends`` mark the first token alone. For an answer of whole
    sentences they mark all of its tokens.
    """

    ids: NDArray[np.int64]
    types: NDArray[np.int64]
    sentence: NDArray[np.int64]
    starts: NDArray[np.bool_]
    ends: NDArray[np.bool_]
    passage: NDArray[np.bool_]
    evidence: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded examples: int64 ``[examples, tokens]`` ids, types and mask; bool marks of the same
    shape.

    ``pooling``: float32 ``[examples, sentences, tokens]``; each row averages the tokens of a
    sentence (all 0 for a padding sentence). ``evidence``, ``real``: float32 ``[examples,
    sentences]``, the label, and 1 where there is a sentence.
    """

    ids: Tensor
    types: Tensor
    mask: Tensor
    starts: Tensor
    ends: Tensor
    valid: Tensor
    pooling: Tensor
    evidence: Tensor
    real: Tensor

    def to(self, device: str) -> Batch:
        """Copy the batch to a device."""
        return Batch(*(getattr(self, field.name).to(device) for field in fields(self)))


def collate(examples: Sequence[Example]) -> Batch:
    """Pad examples to the longest, rounded up, and stack them."""
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
        valid=torch.from_numpy(passage.astype(bool)),
        pooling=torch.from_numpy(pooling),
        evidence=torch.from_numpy(evidence),
        real=torch.from_numpy(real),
    )


def batches(examples: Iterator[Example], size: int, random: Random) -> Iterator[Batch]:
    """Yield batches of ``size`` examples. Within ``_SORTED_BATCHES`` batches, examples are sorted
    by length, so that there is little padding."""
    while chunk := list(islice(examples, size * _SORTED_BATCHES)):
        chunk.sort(key=lambda example: len(example.ids))
        cut = [chunk[i : i + size] for i in range(0, len(chunk), size)]
        random.shuffle(cut)
        yield from map(collate, cut)


def loss_of(logits: tuple[Tensor, Tensor, Tensor], batch: Batch) -> Tensor:
    """Compute the loss: cross entropy of start and end, plus half the evidence's binary cross
    entropy.

    Where several tokens are right (several gold answers), their probabilities are summed.
    """
    start, end, evidence = logits
    spans = edge_losses(start, batch.starts, batch) + edge_losses(end, batch.ends, batch)
    return spans.mean() / 2 + evidence_loss(sentence_logits(evidence, batch), batch)


def sentence_logits(evidence: Tensor, batch: Batch) -> Tensor:
    """Average the evidence logits of each sentence's tokens: ``[examples, sentences]``."""
    return (batch.pooling @ evidence.unsqueeze(-1)).squeeze(-1)


def evidence_loss(logits: Tensor, batch: Batch) -> Tensor:
    """Compute half the binary cross entropy of sentences (``[examples, sentences]``)."""
    losses = functional.binary_cross_entropy_with_logits(logits, batch.evidence, reduction="none")
    return 0.5 * (losses * batch.real).sum() / batch.real.sum().clamp(min=1)


def edge_losses(logits: Tensor, right: Tensor, batch: Batch) -> Tensor:
    """Compute the cross entropy of an answer's start or end within each example: ``[examples]``."""
    valid = batch.valid
    low = torch.finfo(logits.dtype).min
    over = torch.logsumexp(logits.masked_fill(~valid, low), -1)
    return over - torch.logsumexp(logits.masked_fill(~right, low), -1)
