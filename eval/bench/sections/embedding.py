"""Passages encoded a second, beside ``SentenceTransformer.encode`` in float32, and the share of the
processor's matrix peak that is reached.

The peak is that of a large matrix product by torch in the same run and type. The operations of
encoding are counted from the tokens: two for each weight of the layers and each token, and the
products of attention.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import islice
from typing import Any, Final

import numpy as np

from eval.bench.corpus import Corpus
from eval.bench.figures import Comparison, SectionFigures, Table
from eval.bench.indexing import compare_encoders
from eval.bench.options import BenchOptions
from index.encode.sentence_transformer import SentenceTransformerEncoder
from index.text.passages import passages_of, with_title

__all__ = ["floating_operations", "made_up_texts", "measure"]

_FAST, _FACTOR, _FAST_FACTOR = "bfloat16", 1.5, 3.5
_LEAST_COSINE: Final = 0.999
_MATRIX: Final = 1024
_PRODUCTS: Final = 5


def measure(options: BenchOptions) -> SectionFigures:
    """Encode ``options.texts`` made-up passages with both, in turn."""
    texts = made_up_texts(options.texts, options.seed)
    encoder = SentenceTransformerEncoder(options.settings.encoder)
    speeds = compare_encoders(texts, encoder, options.rounds)
    work = floating_operations(encoder.model, texts) / len(texts)
    peak = _peak(encoder.dtype)
    least = _FAST_FACTOR if encoder.dtype == _FAST else _FACTOR
    return SectionFigures(
        [
            Comparison(
                "encoded",
                speeds.own,
                "passages a second",
                "SentenceTransformer.encode",
                speeds.plain,
                better="higher",
                least_factor=least,
            ),
            Comparison(
                "least cosine to the baseline's vectors",
                speeds.least_cosine,
                "",
                better="higher",
                limit=_LEAST_COSINE,
            ),
            Comparison("share of the matrix peak", work * speeds.own / peak, "", better="higher"),
        ],
        [Table("Rounds", ["ours, passages a second", "baseline"], speeds.rounds)],
        notes=[
            f"{len(texts)} passages; type {encoder.dtype}, batches of {encoder.batch_size}.",
            f"The factor is the median of the rounds' own, {speeds.factor:.2f}. A product of "
            f"{_MATRIX} by {_MATRIX} reached {peak / 1e9:,.0f} GFLOP/s, and a passage takes "
            f"{work / 1e9:.1f} GFLOP.",
        ],
    )


def made_up_texts(count: int, seed: int) -> list[str]:
    """Cut made-up articles into so many passages, as they are encoded."""
    passages = (
        with_title(article.title, passage.span.of(article.text))
        for article in Corpus(seed).articles(count)
        for passage in passages_of(article)
    )
    return list(islice(passages, count))


def floating_operations(model: Any, texts: Sequence[str]) -> float:
    """Count the operations that a transformer needs for these texts, padding left out."""
    config = model[0].auto_model.config
    layers, width = config.num_hidden_layers, config.hidden_size
    weights = layers * (4 * width * width + 2 * width * config.intermediate_size)
    limit = int(model.max_seq_length or 512)
    lengths = [
        min(len(ids), limit) for ids in model.tokenizer(list(texts), verbose=False)["input_ids"]
    ]
    return float(sum(2 * weights * n + 4 * layers * width * n * n for n in lengths))


def _peak(dtype: str) -> float:
    """Measure the operations a second of a large matrix product, the best of a few."""
    import torch

    first, second = (torch.rand(_MATRIX, _MATRIX, dtype=getattr(torch, dtype)) for _ in range(2))
    seconds = []
    for _ in range(_PRODUCTS):
        began = time.perf_counter()
        first @ second
        seconds.append(time.perf_counter() - began)
    return float(2 * _MATRIX**3 / np.min(seconds))
