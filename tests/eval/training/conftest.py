from __future__ import annotations

import pytest
import torch
from transformers import MPNetConfig

from eval.training.network import ReaderNetwork
from rag.reading.layout import Tokens
from rag.reading.manifest import WEIGHTS_FOLDER


@pytest.fixture(scope="session")
def tokens() -> Tokens:
    return Tokens.load(WEIGHTS_FOLDER / "tokenizer.json")


@pytest.fixture
def config() -> MPNetConfig:
    """As small as four bits in blocks of 128 allow."""
    return MPNetConfig(
        vocab_size=60, hidden_size=128, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=256, max_position_embeddings=400, initializer_range=0.1,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, layer_norm_eps=1e-5,
    )  # fmt: skip


@pytest.fixture
def network(config: MPNetConfig) -> ReaderNetwork:
    """Its lower layer frozen, its upper one trained."""
    torch.manual_seed(1)
    network = ReaderNetwork(config)
    network.prepare(frozen=1)
    return network.eval()
