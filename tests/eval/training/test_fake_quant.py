"""Weights that are used as four bits hold them, and trained as if they were whole."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from eval.training.fake_quant import (
    BLOCK,
    FakeInt4,
    int4_of,
    quantise_frozen,
    quantise_trained,
    scales_of,
)
from eval.training.network import ReaderNetwork
from rag.reading import four_bit


def _weight(rows: int = 6, blocks: int = 2) -> torch.Tensor:
    torch.manual_seed(3)
    return torch.randn(rows, blocks * BLOCK)


def _levels(weight: torch.Tensor) -> int:
    """The most different values in a block."""
    blocks = weight.detach().reshape(-1, BLOCK)
    return max(len(set(block.tolist())) for block in blocks)


def test_a_block_has_sixteen_levels_at_most() -> None:
    weight = _weight()
    used = FakeInt4(weight)(weight)
    assert _levels(weight) > 100
    assert 8 < _levels(used) <= 16
    assert used.shape == weight.shape


def test_what_is_used_is_what_is_stored() -> None:
    weight = _weight()
    scales = scales_of(weight)
    packed = four_bit.stored(weight.numpy(), scales.numpy())
    torch.testing.assert_close(
        torch.from_numpy(four_bit.restored(*packed)), int4_of(weight, scales)
    )


def test_scales_are_better_than_those_of_the_largest_weight() -> None:
    weight = _weight()
    largest = weight.reshape(6, -1, BLOCK).abs().amax(-1) / 7

    def error(scales: torch.Tensor) -> float:
        return float((int4_of(weight, scales) - weight).pow(2).sum())

    assert error(scales_of(weight)) < 0.95 * error(largest)


def test_a_block_of_nothing_stays_nothing() -> None:
    weight = torch.zeros(1, BLOCK)
    assert (FakeInt4(weight)(weight) == 0).all()


def test_gradients_flow_as_if_nothing_was_rounded() -> None:
    linear = nn.Linear(BLOCK, 3)
    quantise_trained([linear])
    given = torch.randn(4, BLOCK)
    linear(given).sum().backward()
    trained: Any = linear
    raw = trained.parametrizations.weight.original
    torch.testing.assert_close(raw.grad, given.sum(0).expand(3, BLOCK))
    assert _levels(linear.weight) <= 16
    assert _levels(raw) > 100


def test_scales_follow_the_weights() -> None:
    weight = _weight()
    fake = FakeInt4(weight)
    torch.testing.assert_close(fake.scales(2 * weight), 2 * fake.scales(weight), rtol=2e-3, atol=0)


def test_a_frozen_weight_is_rounded_in_place() -> None:
    weight = _weight()
    quantise_frozen(weight)
    assert _levels(weight) <= 16


def test_a_network_keeps_its_embeddings_and_lowest_layers(network: ReaderNetwork) -> None:
    lower, upper = network.layers
    assert not any(p.requires_grad for p in lower.parameters())
    assert not any(p.requires_grad for p in network.encoder.embeddings.parameters())
    assert all(p.requires_grad for p in upper.parameters())
    for layer in (lower, upper):
        assert _levels(layer.intermediate.dense.weight) <= 16
        assert _levels(layer.attention.attn.q.weight) <= 16
    assert _levels(network.encoder.embeddings.word_embeddings.weight) <= 16
    assert not hasattr(lower.intermediate.dense, "parametrizations")


def test_rounded_weights_are_trained_from_where_small_steps_reach_another_value() -> None:
    stored = int4_of(_weight(), scales_of(_weight()))
    still, moving = nn.Linear(2 * BLOCK, 6), nn.Linear(2 * BLOCK, 6)
    for linear, dither in ((still, False), (moving, True)):
        with torch.no_grad():
            linear.weight.copy_(stored)
        quantise_trained([linear], dither=dither)
        torch.testing.assert_close(linear.weight, stored)
        trained: Any = linear
        with torch.no_grad():
            trained.parametrizations.weight.original += 0.05 * scales_of(stored).mean()
    changes = [
        ((linear.weight - stored).abs() > 0.5 * scales_of(stored).min()).float().mean()
        for linear in (still, moving)
    ]
    assert changes[0] == 0
    assert 0.03 < changes[1] < 0.07
