"""The work of encoding, counted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from eval.bench.sections.embedding import EncoderSpeeds, floating_operations, made_up_texts


class Model:
    """Two layers of width 4, 8 between them; a token a word, and at most 3 of them."""

    max_seq_length = 3

    def __getitem__(self, place: int) -> Any:
        config = SimpleNamespace(num_hidden_layers=2, hidden_size=4, intermediate_size=8)
        return SimpleNamespace(auto_model=SimpleNamespace(config=config))

    def tokenizer(self, texts: list[str], verbose: bool) -> dict[str, list[list[str]]]:
        return {"input_ids": [text.split() for text in texts]}


def test_operations_are_those_of_weights_and_attention() -> None:
    # A layer has 4 * 16 + 2 * 32 = 128 weights; attention takes 4 * 4 operations a pair and layer.
    one_token = 2 * 2 * 128 + 4 * 2 * 4
    assert floating_operations(Model(), ["a"]) == one_token
    three_tokens = 3 * 2 * 2 * 128 + 9 * 4 * 2 * 4
    assert floating_operations(Model(), ["a b c d e", "a"]) == three_tokens + one_token


def test_texts_are_passages_of_made_up_articles() -> None:
    texts = made_up_texts(12, seed=1)
    assert len(texts) == len(set(texts)) == 12
    assert texts == made_up_texts(12, seed=1)
    assert made_up_texts(12, seed=2) != texts


def test_the_factor_is_the_middle_of_the_rounds_own() -> None:
    speeds = EncoderSpeeds([(10, 5), (30, 10), (8, 8)], 1.0)
    assert speeds.factor == pytest.approx(2)
    assert (speeds.own, speeds.plain) == (10, 8)
