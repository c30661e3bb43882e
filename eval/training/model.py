"""The reader's network: a BERT encoder with three linear heads on its tokens.

Start and end of the answer as in BERT's SQuAD model (Devlin et al., 2019), the first token
standing for "no answer here" (Rajpurkar et al., 2018), and one logit a token whose mean over a
sentence says whether that sentence is evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel

__all__ = ["Batch", "ReaderModel", "loss_of"]


@dataclass(frozen=True, slots=True)
class Batch:
    """int64 ``[examples, tokens]`` ids, types and mask; bool marks of the same shape.

    ``pooling``: float32 ``[examples, sentences, tokens]``, rows that take a sentence's mean (0
    throughout for a sentence that is padding); ``evidence``, ``real``: float32 ``[examples,
    sentences]``, the label and whether the sentence is there.
    """

    ids: Tensor
    types: Tensor
    mask: Tensor
    starts: Tensor
    ends: Tensor
    allowed: Tensor
    pooling: Tensor
    evidence: Tensor
    real: Tensor


class ReaderModel(nn.Module):
    """float32 logits ``[examples, tokens]`` for start, end and evidence."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.heads = nn.Linear(config.hidden_size, 3)
        nn.init.normal_(self.heads.weight, std=0.02)
        nn.init.zeros_(self.heads.bias)

    @classmethod
    def from_base(cls, folder: str, dropout: float = 0.0) -> ReaderModel:
        """A sentence-transformers BERT's weights with fresh heads; ``dropout`` of hidden units
        while it trains, none of attention (which costs more time than it helps)."""
        config = BertConfig.from_pretrained(folder)
        config.hidden_dropout_prob, config.attention_probs_dropout_prob = dropout, 0.0
        model = cls(config)
        model.encoder = BertModel.from_pretrained(folder, config=config, add_pooling_layer=False)
        return model

    def freeze(self, layers: int) -> None:
        """Keep the embeddings and the lowest ``layers`` layers as they are."""
        self.encoder.embeddings.requires_grad_(False)
        for layer in self.encoder.encoder.layer[:layers]:
            layer.requires_grad_(False)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of start, end and evidence."""
        states = self.encoder(
            input_ids=ids, attention_mask=mask, token_type_ids=types
        ).last_hidden_state
        start, end, evidence = self.heads(states).unbind(-1)
        return start, end, evidence


def loss_of(logits: tuple[Tensor, Tensor, Tensor], batch: Batch) -> Tensor:
    """Cross entropy of start and end, plus half the evidence's binary cross entropy.

    Where several tokens are right (several gold answers), their probabilities are summed.
    """
    start, end, evidence = logits
    spans = _marginal(start, batch.starts, batch.allowed) + _marginal(
        end, batch.ends, batch.allowed
    )
    pooled = (batch.pooling @ evidence.unsqueeze(-1)).squeeze(-1)
    each = functional.binary_cross_entropy_with_logits(pooled, batch.evidence, reduction="none")
    return spans.mean() / 2 + 0.5 * (each * batch.real).sum() / batch.real.sum().clamp(min=1)


def _marginal(logits: Tensor, right: Tensor, allowed: Tensor) -> Tensor:
    low = torch.finfo(logits.dtype).min
    over = torch.logsumexp(logits.masked_fill(~allowed, low), -1)
    return over - torch.logsumexp(logits.masked_fill(~right, low), -1)
