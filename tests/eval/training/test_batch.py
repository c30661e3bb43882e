"""Examples side by side, and a loss worked out by hand."""

from __future__ import annotations

import math
from dataclasses import fields
from random import Random

import numpy as np
import pytest
import torch

from eval.training.batch import Batch, Example, batches, collate, loss_of


def example(length: int, *answers: int, first: int = 4, sentences: int = 2) -> Example:
    """Text from ``first`` on, in sentences of one length; answers of one token each."""
    marks = np.arange(length)
    inside = marks >= first
    number = np.where(inside, (marks - first) * sentences // (length - first), -1)
    right = np.isin(marks, answers or (0,))
    evidence = np.isin(np.arange(sentences), number[list(answers)])
    ids = np.where(inside, marks % 50 + 4, 3)
    return Example(ids, np.zeros_like(ids), number, right, right, inside, evidence)


def test_shorter_examples_are_padded() -> None:
    batch = collate([example(9, 5), example(20, 7)])
    # Rounded up to a multiple of 16.
    assert batch.ids.shape == (2, 32)
    assert batch.mask.sum(1).tolist() == [9, 20]
    assert batch.starts.sum(1).tolist() == [1, 1]
    # The first token and the text's may be chosen, not the question's nor the padding's.
    assert batch.valid[0].nonzero()[:, 0].tolist() == [0, 4, 5, 6, 7, 8]


def test_pooling_takes_each_sentences_mean() -> None:
    batch = collate([example(10, 5, sentences=2), example(16, 5, sentences=3)])
    assert batch.real.tolist() == [[1, 1, 0], [1, 1, 1]]
    tokens = torch.arange(batch.ids.shape[1], dtype=torch.float32)
    assert (batch.pooling[0] @ tokens).tolist() == [5.0, 8.0, 0.0]
    assert batch.evidence[0].tolist() == [1, 0, 0]


def test_the_loss_of_a_network_that_knows_nothing() -> None:
    batch = collate([example(9, 5), example(12, 6, 7)])
    nothing = torch.zeros(batch.ids.shape)
    # One of six is right, then two of nine; start and end alike. Evidence is even odds.
    spans = (math.log(6) + math.log(9 / 2)) / 2
    loss = loss_of((nothing, nothing, nothing), batch)
    assert float(loss) == pytest.approx(spans + math.log(2) / 2)


def test_the_loss_of_one_that_is_right_is_nothing() -> None:
    batch = collate([example(9, 5), example(12)])
    right = 50.0 * batch.starts
    evidence = 50.0 * (2 * (batch.pooling.transpose(1, 2) @ batch.evidence[..., None] > 0) - 1)
    assert float(loss_of((right, right, evidence[..., 0]), batch)) < 1e-6
    wrong = 50.0 * ~batch.starts
    assert float(loss_of((wrong, wrong, evidence[..., 0]), batch)) > 10


def test_padding_changes_nothing() -> None:
    one = example(9, 5)
    both = collate([one, example(60, 7, sentences=4)])
    padded = Batch(*(getattr(both, field.name)[:1] for field in fields(Batch)))
    torch.manual_seed(1)
    start, end, evidence = torch.randn(3, 1, 64)
    narrow = loss_of((start[:, :16], end[:, :16], evidence[:, :16]), collate([one]))
    torch.testing.assert_close(loss_of((start, end, evidence), padded), narrow)


def test_batches_have_every_example_once_and_one_length_together() -> None:
    given = [example(8 + i, 5) for i in range(40)]
    made = list(batches(iter(given), 4, Random(1)))
    assert sorted(n for batch in made for n in batch.mask.sum(1).tolist()) == list(range(8, 48))
    assert all(int(m.max() - m.min()) == 3 for m in (batch.mask.sum(1) for batch in made))
    # In no order of length, or the last steps would be of long ones alone.
    first = [int(batch.mask.sum(1).min()) for batch in made]
    assert first != sorted(first)
