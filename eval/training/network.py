"""The second network in training: MPNet with three linear heads on its tokens.

Start and end of the answer are as in BERT's SQuAD model (Devlin et al., 2019), the first token
standing for "no answer here" (Rajpurkar et al., 2018). The third head gives one logit a token,
whose mean over a sentence says whether that sentence is evidence. Its weights are used as their
four bits will hold them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import MPNetConfig, MPNetModel

from eval.training.fake_quant import quantise_frozen, quantise_trained
from rag.reading.four_bit import read_weights

__all__ = ["ReaderNetwork", "load_checkpoint", "of_shipped", "shipped_config"]

_PADDING = 1


class ReaderNetwork(nn.Module):
    """The network: ids to float32 logits ``[examples, tokens]`` for start, end and evidence."""

    def __init__(self, config: MPNetConfig) -> None:
        super().__init__()
        self.encoder = MPNetModel(config, add_pooling_layer=False)
        self.heads = nn.Linear(config.hidden_size, 3)
        nn.init.normal_(self.heads.weight, std=0.02)
        nn.init.zeros_(self.heads.bias)

    @staticmethod
    def config_of(folder: Path) -> MPNetConfig:
        """Read the shape of a sentence-transformers MPNet, without dropout: each example is read
        once or twice, too seldom to overfit."""
        config = MPNetConfig.from_pretrained(folder)
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
        return config

    @classmethod
    def from_base(cls, folder: Path) -> ReaderNetwork:
        """Load the weights of a sentence-transformers MPNet, with random heads."""
        config = cls.config_of(folder)
        network = cls(config)
        network.encoder = MPNetModel.from_pretrained(folder, config=config, add_pooling_layer=False)
        return network

    @property
    def layers(self) -> Any:
        """The transformer layers, lowest first."""
        return self.encoder.encoder.layer

    def prepare(self, frozen: int, *, rounded: bool = False) -> None:
        """Use the weights in four bits, and exclude the embeddings and the lowest ``frozen`` layers
        from training.

        rounded: whether they are in four bits already, as those that ship are.
        """
        quantise_frozen(self.encoder.embeddings.word_embeddings.weight)
        self.encoder.embeddings.requires_grad_(False)
        for number, layer in enumerate(self.layers):
            linears = [part for part in layer.modules() if isinstance(part, nn.Linear)]
            if number >= frozen:
                quantise_trained(linears, dither=rounded)
                continue
            layer.requires_grad_(False)
            for linear in linears:
                quantise_frozen(linear.weight)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Compute the logits of start, end and evidence. ``types`` is unused; BERT needs it."""
        ids = ids.masked_fill(~mask.bool(), _PADDING)
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        start, end, evidence = self.heads(states).float().unbind(-1)
        return start, end, evidence


def shipped_config(path: Path) -> MPNetConfig:
    """Read the vocabulary and the reach of the network whose weights ship at ``path``; all else is
    that of all-mpnet-base-v2, without dropout."""
    with np.load(path, allow_pickle=False) as archive:
        words, positions = len(archive["words.q"]), len(archive["positions"])
    return MPNetConfig(
        vocab_size=words, max_position_embeddings=positions + _PADDING + 1, layer_norm_eps=1e-5,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip


def of_shipped(path: Path, config: MPNetConfig) -> ReaderNetwork:
    """Load the network whose weights ship at ``path`` (``second.npz``), to train it further: the
    inverse of :func:`eval.training.shipped.write_second`."""
    network = ReaderNetwork(config)
    weights = {name: torch.from_numpy(value) for name, value in read_weights(path).items()}
    encoder: Any = network.encoder
    words = encoder.embeddings
    with torch.no_grad():
        words.word_embeddings.weight.copy_(weights["words"])
        words.position_embeddings.weight[2 : 2 + len(weights["positions"])] = weights["positions"]
        # A distance's bias is that of its bucket; each bucket has some distance within reach.
        reach = weights["distances"].shape[1] // 2
        far = torch.arange(-reach, reach + 1)
        buckets = encoder.encoder.relative_position_bucket(far[None], num_buckets=32)[0]
        encoder.encoder.relative_attention_bias.weight[buckets] = weights["distances"].T
        _fill(words.LayerNorm, weights, "norm")
        _fill(network.heads, weights, "heads")
        for number, layer in enumerate(network.layers):
            attention = layer.attention.attn
            grow = (attention.q.out_features // config.num_attention_heads) ** 0.5
            weights[f"{number}.mix.weight"][: config.hidden_size] *= grow
            weights[f"{number}.mix.bias"][: config.hidden_size] *= grow
            for part, name in enumerate("qkv"):
                rows = slice(part * config.hidden_size, (part + 1) * config.hidden_size)
                linear = getattr(attention, name)
                linear.weight.copy_(weights[f"{number}.mix.weight"][rows])
                linear.bias.copy_(weights[f"{number}.mix.bias"][rows])
            parts = {
                "out": attention.o, "up": layer.intermediate.dense, "down": layer.output.dense,
                "first": layer.attention.LayerNorm, "second": layer.output.LayerNorm,
            }  # fmt: skip
            for name, module in parts.items():
                _fill(module, weights, f"{number}.{name}")
    return network


def _fill(module: Any, weights: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(weights[f"{name}.weight"])
    module.bias.copy_(weights[f"{name}.bias"])


def load_checkpoint(path: Path, base: Path) -> tuple[ReaderNetwork, dict[str, Any]]:
    """Load the network of a checkpoint, and the record of its training."""
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    network = ReaderNetwork.from_base(base)
    network.prepare(int(checkpoint["about"]["frozen"]))
    network.load_state_dict(checkpoint["model"])
    return network, checkpoint["about"]
