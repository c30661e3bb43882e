"""Passages encoded a second, beside ``SentenceTransformer.encode`` in float32, and the share of the
processor's matrix peak that is reached.

The peak is that of a large matrix product by torch in the same run and type. The operations of
encoding are counted from the tokens: two for each weight of the layers and each token, and the
products of attention.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Final

import numpy as np

from eval.bench.corpus import Corpus
from eval.bench.figures import Comparison, SectionFigures, Table
from eval.bench.options import BenchOptions
from eval.bench.timing import stopwatch
from index.encode.files import find_model
from index.encode.sentence_transformer import SentenceTransformerEncoder
from index.text.passages import passages_of, with_title

__all__ = ["EncoderSpeeds", "floating_operations", "made_up_texts", "measure"]

_FAST, _FACTOR, _FAST_FACTOR = "bfloat16", 1.5, 3.5
_LEAST_COSINE: Final = 0.999
_MATRIX: Final = 1024
_PRODUCTS: Final = 5


@dataclass(frozen=True, slots=True)
class EncoderSpeeds:
    """Passages a second of the encoder and of plain sentence-transformers, round by round, and the
    smallest cosine between their vectors."""

    rounds: list[tuple[float, float]]
    least_cosine: float

    @property
    def own(self) -> float:
        return float(np.median([own for own, _ in self.rounds]))

    @property
    def plain(self) -> float:
        return float(np.median([plain for _, plain in self.rounds]))

    @property
    def factor(self) -> float:
        """The median of the rounds' own ratios."""
        return float(np.median([own / plain for own, plain in self.rounds]))


def measure(options: BenchOptions) -> SectionFigures:
    """Encode ``options.texts`` made-up passages with both, in turn."""
    texts = made_up_texts(options.texts, options.seed)
    encoder = SentenceTransformerEncoder(options.settings.encoder)
    speeds = _compare_encoders(texts, encoder, options.rounds)
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


def _compare_encoders(
    texts: Sequence[str], encoder: SentenceTransformerEncoder, rounds: int
) -> EncoderSpeeds:
    """Encode the texts with both in one process, in alternating rounds, so that their ratio holds
    when the machine's speed drifts."""
    from sentence_transformers import SentenceTransformer

    model = find_model(encoder.id.name)
    plain = SentenceTransformer(model, model_kwargs={"dtype": "float32"})
    speeds = [(_speed(encoder.encode, texts), _speed(plain.encode, texts)) for _ in range(rounds)]
    sample = list(texts[:200])
    cosines = (plain.encode(sample, normalize_embeddings=True) * encoder.encode(sample)).sum(1)
    return EncoderSpeeds(speeds, float(cosines.min()))


def _speed(encode: Callable[[Sequence[str]], Any], texts: Sequence[str]) -> float:
    return len(texts) / stopwatch(partial(encode, texts))[0]


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
    seconds = [stopwatch(lambda: first @ second)[0] for _ in range(_PRODUCTS)]
    return float(2 * _MATRIX**3 / np.min(seconds))
