"""Quantisation-aware training for weights of four bits.

Forward passes use each weight as its stored 4-bit number would give it, while updates go to the
full-precision weight (the straight-through estimator; Jacob et al., 2018). So the network learns
weights that survive the rounding.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

__all__ = ["BLOCK", "FakeInt4", "int4_of", "quantise_frozen", "quantise_trained", "scales_of"]

# Weights along a row that share one scale.
BLOCK: Final = 128
_LOWEST, _HIGHEST = -8, 7
# A scale that clips the largest weights can round the many others better. Seven eighths gives back
# a block that was rounded before and whose largest weight became -8.
_RATIOS: Final = (1.0, 0.93, 0.875, 0.79, 0.72)
# How far from its middle a weight may start within what is rounded to one value (half of a step,
# less what could be lost by computing).
_DITHER: Final = 0.495


def scales_of(weight: Tensor) -> Tensor:
    """Choose a scale for each block of ``BLOCK`` weights: of five candidates the one with the least
    squared error, in half precision.

    weight: float ``[rows, columns]``.

    Returns float32 ``[rows, blocks]``.
    """
    blocks = weight.detach().float().reshape(len(weight), -1, BLOCK)
    largest = blocks.abs().amax(-1).clamp(min=1e-6) / _HIGHEST
    best, least = largest, torch.full_like(largest, torch.inf)
    for ratio in _RATIOS:
        scale = (largest * ratio).half().float()
        error = (_round(blocks, scale) * scale[..., None] - blocks).pow(2).sum(-1)
        better = error < least
        best, least = torch.where(better, scale, best), torch.where(better, error, least)
    return best


def int4_of(weight: Tensor, scales: Tensor) -> Tensor:
    """Round weights to 4 bits with ``scales`` and back; same shape."""
    blocks = weight.reshape(len(weight), -1, BLOCK)
    return (_round(blocks, scales) * scales[..., None]).reshape(weight.shape)


def _round(blocks: Tensor, scales: Tensor) -> Tensor:
    return (blocks / scales[..., None]).round().clamp(_LOWEST, _HIGHEST)


class FakeInt4(nn.Module):
    """A parametrisation of a weight that rounds it in the forward pass and passes gradients
    through.

    A block's scale is a fixed share of its largest weight; the share is chosen at construction.
    """

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        self.ratio: Tensor
        self.register_buffer("ratio", scales_of(weight) / _largest(weight))

    def scales(self, weight: Tensor) -> Tensor:
        """Compute the scales: float32 ``[rows, blocks]``, rounded to half precision."""
        return (self.ratio * _largest(weight)).half().float()

    def dither(self, weight: Tensor) -> None:
        """Move each weight (float32 ``[rows, columns]``), in place, to a random place among the
        values that are rounded as it is."""
        with torch.no_grad():
            scales = self.scales(weight)
            codes = _round(weight.reshape(len(weight), -1, BLOCK), scales)
            codes += _DITHER * (2 * torch.rand_like(codes) - 1)
            weight.copy_((codes * scales[..., None]).reshape(weight.shape))
            self.ratio = scales / _largest(weight)

    def forward(self, weight: Tensor) -> Tensor:
        """Round the weight; float32 of its shape."""
        with torch.no_grad():
            change = int4_of(weight, self.scales(weight)) - weight
        return weight + change


def _largest(weight: Tensor) -> Tensor:
    blocks = weight.detach().reshape(len(weight), -1, BLOCK)
    return blocks.abs().amax(-1).clamp(min=1e-6)


def quantise_trained(linears: list[nn.Linear], *, dither: bool = False) -> None:
    """Use the weights of these layers in 4 bits while they are trained.

    dither: whether the weights were rounded before and are to be trained on. They lie in the
        middle of what rounds to them, from where the small steps of training do not reach the next
        value: after 5,900 examples none had in the matrices compared. So each starts anywhere in
        what rounds to it, and some are always near an edge: the layers compute what they did, and
        a gradient changes as large a share of the weights as its steps are of a whole one.
    """
    for linear in linears:
        rounding = FakeInt4(linear.weight)
        if dither:
            rounding.dither(linear.weight)
        parametrize.register_parametrization(linear, "weight", rounding)


def quantise_frozen(weight: Tensor) -> None:
    """Round a weight that is no longer trained, in place."""
    with torch.no_grad():
        weight.copy_(int4_of(weight, scales_of(weight)))
