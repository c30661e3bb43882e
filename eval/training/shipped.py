"""Convert a trained second network's weights to the names and the form in which they ship.

Needs only torch and transformers, as :mod:`eval.training.loop` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor
from transformers.models.mpnet.modeling_mpnet import MPNetEncoder

from eval.training.fake_quant import scales_of
from eval.training.network import ReaderNetwork
from rag.reading.four_bit import stored, write_weights

__all__ = ["MAX_TOKENS", "Weights", "columns_apart", "weights_of", "write_second"]

MAX_TOKENS: Final = 512
# Columns of a layer's input that stay in float32, where activations are far larger than elsewhere.
_APART: Final = 8
_PARTS: Final = {"mix": "attention.attn.q", "up": "intermediate.dense", "down": "output.dense"}

# Each matrix with its scales, float32 [rows, blocks].
Weights = dict[str, tuple[Tensor, Tensor]]


def columns_apart(model: ReaderNetwork, inputs: Sequence[Tensor]) -> dict[str, Tensor]:
    """Find, for each matrix product of a layer, the columns of its input with the largest
    activations.

    inputs: int64 ``[1, tokens]`` ids of real questions and passages.

    Returns int64 ``[8]`` by the product's name in the shipped weights.
    """
    largest: dict[str, Tensor] = {}
    hooks = []

    def watch(name: str) -> Any:
        def hook(_: Any, arguments: tuple[Tensor, ...], __: Tensor) -> None:
            top = arguments[0].detach()[0].abs().amax(0)
            largest[name] = torch.maximum(largest.get(name, top), top)

        return hook

    for i, layer in enumerate(model.layers):
        for part, path in _PARTS.items():
            hooks.append(layer.get_submodule(path).register_forward_hook(watch(f"{i}.{part}")))
    with torch.inference_mode():
        for ids in inputs:
            model(ids, torch.ones_like(ids), torch.zeros_like(ids))
    for hook in hooks:
        hook.remove()
    return {name: top.topk(_APART).indices.sort().values for name, top in largest.items()}


def weights_of(model: ReaderNetwork) -> tuple[Weights, dict[str, Tensor]]:
    """Collect the matrices that are stored in four bits, with their scales, and all other weights,
    under the names of :func:`rag.reading.mpnet_graph.build_graph`."""
    encoder: Any = model.encoder
    words = encoder.embeddings
    embeddings = words.word_embeddings.weight
    matrices: Weights = {"words": (embeddings, scales_of(embeddings))}
    reach = torch.arange(1 - MAX_TOKENS, MAX_TOKENS)
    # transformers leaves it untyped.
    bucket_of: Any = MPNetEncoder.relative_position_bucket
    buckets = bucket_of(reach[None], num_buckets=32)[0]
    plain_tensors: dict[str, Tensor] = {
        # Positions begin behind the padding's.
        "positions": words.position_embeddings.weight[2 : 2 + MAX_TOKENS].half(),
        "distances": encoder.encoder.relative_attention_bias.weight[buckets].T,
        "norm.weight": words.LayerNorm.weight,
        "norm.bias": words.LayerNorm.bias,
        "heads.weight": model.heads.weight,
        "heads.bias": model.heads.bias,
    }
    for i, layer in enumerate(model.layers):
        attention = layer.attention.attn
        # The scale of the products of query and key, taken into the query: a power of two.
        shrink = (attention.q.out_features // encoder.config.num_attention_heads) ** -0.5
        parts = [
            _linear_parts(attention.q, shrink),
            _linear_parts(attention.k),
            _linear_parts(attention.v),
        ]
        weights, scales, biases = zip(*parts, strict=True)
        matrices[f"{i}.mix.weight"] = (torch.cat(weights), torch.cat(scales))
        plain_tensors[f"{i}.mix.bias"] = torch.cat(biases)
        for name, path in (
            ("out", "attention.attn.o"),
            ("up", _PARTS["up"]),
            ("down", "output.dense"),
        ):
            weight, scale, bias = _linear_parts(layer.get_submodule(path))
            matrices[f"{i}.{name}.weight"] = (weight, scale)
            plain_tensors[f"{i}.{name}.bias"] = bias
        for name, norm in (
            ("first", layer.attention.LayerNorm),
            ("second", layer.output.LayerNorm),
        ):
            plain_tensors |= {f"{i}.{name}.weight": norm.weight, f"{i}.{name}.bias": norm.bias}
    return matrices, plain_tensors


def _linear_parts(linear: Any, factor: float = 1.0) -> tuple[Tensor, Tensor, Tensor]:
    """Return a layer's weight, the scales of its blocks, and its bias, all times ``factor``."""
    if torch.nn.utils.parametrize.is_parametrized(linear):
        weight = linear.parametrizations.weight.original
        scales = linear.parametrizations.weight[0].scales(weight)
    else:
        weight = linear.weight
        scales = scales_of(weight)
    return weight * factor, scales * factor, linear.bias * factor


def write_second(model: ReaderNetwork, inputs: Sequence[Tensor], path: Path) -> None:
    """Write the archive of the second network's weights."""
    matrices, plain_tensors = weights_of(model)
    int4_matrices = {
        name: stored(weight.detach().numpy(), scales.detach().numpy())
        for name, (weight, scales) in matrices.items()
    }
    plain = {name: value.detach().numpy() for name, value in plain_tensors.items()}
    for name, columns in columns_apart(model, inputs).items():
        plain[f"{name}.apart"] = columns.numpy().astype(np.float32)
    write_weights(path, int4_matrices, plain)
