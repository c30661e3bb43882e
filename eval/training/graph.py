"""The trained network laid out for inputs without padding, which is how it is read.

The same numbers as :class:`eval.training.model.ReaderModel`, with what one input, or several of one
length, spares: no mask, query, key and value in one product, positions as a slice. The exported
graph has a third of the nodes, and quantises each activation once where it was thrice.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from eval.training.model import ReaderModel

__all__ = ["ReaderGraph"]


class _Layer(nn.Module):
    """One transformer layer (Vaswani et al., 2017), norms after each half."""

    def __init__(self, layer: Any, heads: int) -> None:
        super().__init__()
        own, output = layer.attention.self, layer.attention.output
        size = own.query.in_features
        self.heads, self.width = heads, size // heads
        self.mix = nn.Linear(size, 3 * size)
        parts = (own.query, own.key, own.value)
        self.mix.weight = nn.Parameter(torch.cat([part.weight.detach() for part in parts]))
        self.mix.bias = nn.Parameter(torch.cat([part.bias.detach() for part in parts]))
        with torch.no_grad():
            # The scale of the products of query and key, taken into the query.
            self.mix.weight[:size] /= math.sqrt(self.width)
            self.mix.bias[:size] /= math.sqrt(self.width)
        self.out, self.first = output.dense, output.LayerNorm
        self.up, self.down = layer.intermediate.dense, layer.output.dense
        self.second = layer.output.LayerNorm

    def forward(self, x: Tensor) -> Tensor:
        """float32 ``[inputs, tokens, size]`` to the same."""
        inputs = x.shape[0]
        mixed: Tensor = self.mix(x).reshape(inputs, -1, 3, self.heads, self.width)
        query, key, value = mixed.permute(2, 0, 3, 1, 4).unbind(0)
        shares = torch.softmax(query @ key.transpose(-1, -2), -1)
        seen = (shares @ value).transpose(1, 2).reshape(inputs, -1, self.heads * self.width)
        x = self.first(self.out(seen) + x)
        out: Tensor = self.second(self.down(functional.gelu(self.up(x))) + x)
        return out


class ReaderGraph(nn.Module):
    """int64 ``[inputs, tokens]`` ids and types to float32 ``[inputs, tokens, 3]``: start, end,
    evidence."""

    def __init__(self, model: ReaderModel) -> None:
        super().__init__()
        # torch types the parts of a module as tensors or modules, transformers' as neither.
        encoder: Any = model.encoder
        words = encoder.embeddings
        self.words = words.word_embeddings
        self.types = words.token_type_embeddings
        self.positions = nn.Parameter(words.position_embeddings.weight.detach().clone())
        self.norm = words.LayerNorm
        heads = encoder.config.num_attention_heads
        self.layers = nn.ModuleList(_Layer(layer, heads) for layer in encoder.encoder.layer)
        self.heads = model.heads

    def forward(self, ids: Tensor, types: Tensor) -> Tensor:
        """The logits."""
        x = self.words(ids) + self.types(types) + self.positions[: ids.shape[1]]
        x = self.norm(x)
        for layer in self.layers:
            x = layer(x)
        logits: Tensor = self.heads(x)
        return logits
