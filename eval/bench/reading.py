"""Measure how long the reader takes for five passages, with one network and with both.

``python -m eval.bench.reading [--reader FOLDER]`` prints medians and 95th percentiles in
milliseconds, and the ratio of both networks to the first alone. Rounds of the two alternate.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from eval.dataset.passages import all_passages
from index.article import Article
from index.load import load_paths
from index.snapshot import Found
from rag import Settings
from rag.reading.cascade import CascadeReader

__all__ = ["QUESTIONS", "main", "measure", "passages_of_seeds"]

QUESTIONS: Final = (
    "How much does Alibaba intend to spend on cloud computing and AI?",
    "Who is the chief executive of Nvidia?",
    "Why did the company buy chips in advance?",
)
_SEEDS: Final = Path(__file__).parents[2] / "seeds"
_READ: Final = 5


def measure(models: Path, folder: Path | None, rounds: int) -> dict[str, dict[str, float]]:
    """Time both variants ``rounds`` times; returns by variant ``p50`` and ``p95`` (ms) and
    ``ratio``, the median over that of the first network alone."""
    readers = {looks: CascadeReader.load(models, folder, looks=looks) for looks in (1, 2)}
    passages = passages_of_seeds(_READ)
    times: dict[int, list[float]] = {looks: [] for looks in readers}
    for _ in range(rounds):
        for question in QUESTIONS:
            for looks, reader in readers.items():
                start = time.perf_counter()
                reader.read(question, passages)
                times[looks].append(1000 * (time.perf_counter() - start))
    # The first question of each warms up.
    medians = {looks: statistics.median(durations[1:]) for looks, durations in times.items()}
    return {
        ("first look", "both looks")[looks - 1]: {
            "p50": round(medians[looks], 1),
            "p95": round(sorted(durations[1:])[int(0.95 * (len(durations) - 2))], 1),
            "ratio": round(medians[looks] / medians[1], 2),
        }
        for looks, durations in times.items()
    }


def passages_of_seeds(most: int) -> list[Found]:
    """Return the first passages of the seed articles, ``most`` of them."""
    articles = [a for a in load_paths([_SEEDS], 1_000_000) if isinstance(a, Article)]
    return [passage for article in articles for passage in all_passages(article)][:most]


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Measure as the arguments say, and print and return the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", type=Path, help="the reader's folder (default: the built-in)")
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args(arguments)
    figures = measure(Settings().models_folder, options.reader, options.rounds)
    print(json.dumps(figures, indent=1))  # noqa: T201
    return figures


if __name__ == "__main__":
    main()
