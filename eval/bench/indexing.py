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
from pathlib import Path
from typing import Any

import numpy as np

from eval.dataset import open_dataset
from index.encode.files import BUILT_IN, find_model
from index.encode.sentence_transformer import SentenceTransformerEncoder
from index.text.passages import passages_of, with_title
from rag import Pullquote, Settings

__all__ = ["main", "measure"]

ROUNDS = 3


def measure(dataset: Path, limit: int | None = None) -> dict[str, Any]:
    """Measure passages a second of both encoders (medians of three rounds), their ratio, the
    smallest cosine between their vectors, and the wall time of one command that indexes
    everything."""
    from sentence_transformers import SentenceTransformer

    articles = open_dataset(dataset).articles
    texts = [
        with_title(article.title, passage.span.of(article.text))
        for article in articles
        for passage in passages_of(article)
    ][:limit]
    plain = SentenceTransformer(find_model(BUILT_IN), model_kwargs={"dtype": "float32"})
    encoder = SentenceTransformerEncoder(BUILT_IN)
    rounds = [(_speed(plain.encode, texts), _speed(encoder.encode, texts)) for _ in range(ROUNDS)]
    cosines = (
        plain.encode(texts[:200], normalize_embeddings=True) * encoder.encode(texts[:200])
    ).sum(1)
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
        "plain_per_second": round(float(np.median([a for a, _ in rounds])), 1),
        "ours_per_second": round(float(np.median([b for _, b in rounds])), 1),
        "ratio": round(float(np.median([b / a for a, b in rounds])), 3),
        "least_cosine": round(float(cosines.min()), 5),
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
