"""Measure encoding speed beside plain float32 sentence-transformers.

``python -m eval.bench.indexing --dataset DIR`` prints one JSON object. Both encoders encode the
same passages in one process, in alternating rounds, so that their ratio holds when the machine's
speed drifts.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.dataset import open_dataset
from index.encode.files import BUILT_IN, find_model
from index.encode.sentence_transformer import SentenceTransformerEncoder
from index.text.passages import passages_of, with_title
from rag import Pullquote, Settings

__all__ = ["EncoderSpeeds", "compare_encoders", "main", "measure"]

ROUNDS = 3


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


def compare_encoders(
    texts: Sequence[str], encoder: SentenceTransformerEncoder, rounds: int = ROUNDS
) -> EncoderSpeeds:
    """Encode the texts with both, in alternating rounds."""
    from sentence_transformers import SentenceTransformer

    model = find_model(encoder.id.name)
    plain = SentenceTransformer(model, model_kwargs={"dtype": "float32"})
    speeds = [(_speed(encoder.encode, texts), _speed(plain.encode, texts)) for _ in range(rounds)]
    sample = list(texts[:200])
    cosines = (plain.encode(sample, normalize_embeddings=True) * encoder.encode(sample)).sum(1)
    return EncoderSpeeds(speeds, float(cosines.min()))


def measure(dataset: Path, limit: int | None = None) -> dict[str, Any]:
    """Measure passages a second of both encoders (medians of three rounds), their ratio, the
    smallest cosine between their vectors, and the wall time of one command that indexes
    everything."""
    articles = open_dataset(dataset).articles
    texts = [
        with_title(article.title, passage.span.of(article.text))
        for article in articles
        for passage in passages_of(article)
    ][:limit]
    encoder = SentenceTransformerEncoder(BUILT_IN)
    speeds = compare_encoders(texts, encoder)
    if limit is not None:
        articles = articles[:limit]
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        began = time.perf_counter()
        with Pullquote.open(settings=settings, create=True) as pullquote:
            report = pullquote.add_articles(articles)
        whole = time.perf_counter() - began
    return {
        "passages": len(texts),
        "dtype": encoder.dtype,
        "plain_per_second": round(speeds.plain, 1),
        "ours_per_second": round(speeds.own, 1),
        "ratio": round(speeds.factor, 3),
        "least_cosine": round(speeds.least_cosine, 5),
        "library": {"passages": report.passages, "seconds": round(whole, 1)},
    }


def _speed(encode: Callable[[Sequence[str]], Any], texts: Sequence[str]) -> float:
    began = time.perf_counter()
    encode(texts)
    return len(texts) / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", type=Path, required=True)
    parser.add_argument("--limit", type=int, help="so many passages and articles only")
    options = parser.parse_args()
    print(json.dumps(measure(options.dataset, options.limit), indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
