"""Measure how long the reader takes, and what float32 and batches change of what it says.

``python -m eval.bench.reading [--reader FOLDER]`` reads five passages with one network and with
both, in turn. It prints medians and 95th percentiles in milliseconds, and the ratio of both
networks to the first alone.

``--float32`` compares three readers of eight passages instead: int8 as on a processor, float32 one
input a run, and float32 in batches, as on an accelerator. It prints on what the float32 networks
ran, the medians, the largest differences of confidence and how often the same sentence came first.
Without an accelerator it shows that batches change nothing; their times say nothing then.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from eval.bench.timing import stopwatch
from eval.dataset.passages import all_passages
from index.article import Article
from index.encode.session import has_accelerator
from index.load import load_paths
from rag import Settings
from rag.evidence import Reading
from rag.reading.cascade import CascadeReader
from rag.reading.network import ACCELERATED_BATCH

__all__ = ["main", "measure", "measure_float32"]

_QUESTIONS: Final = (
    "How much does Alibaba intend to spend on cloud computing and AI?",
    "Who is the chief executive of Nvidia?",
    "Why did the company buy chips in advance?",
)
_SEEDS: Final = Path(__file__).parents[2] / "seeds"
# Tokens of a batch that has no room for a second input.
_ALONE: Final = 1

# Milliseconds and reading of each question, in their order.
_Readings = list[tuple[float, Reading]]


def measure(models: Path, folder: Path | None, rounds: int) -> dict[str, dict[str, float]]:
    """Time one look and both ``rounds`` times; returns by variant ``p50`` and ``p95`` (ms) and
    ``ratio``, the median over that of the first network alone."""
    names = ("first look", "both looks")
    readers = {
        name: CascadeReader.load(models, folder, looks=looks) for looks, name in enumerate(names, 1)
    }
    # The first question of each warms up.
    times = {
        name: [milliseconds for milliseconds, _ in readings[1:]]
        for name, readings in _read_in_turn(readers, 5, rounds).items()
    }
    return {
        name: {
            "p50": round(median(durations), 1),
            "p95": round(sorted(durations)[int(0.95 * (len(durations) - 1))], 1),
            "ratio": round(median(durations) / median(times[names[0]]), 2),
        }
        for name, durations in times.items()
    }


def measure_float32(models: Path, rounds: int) -> dict[str, Any]:
    """Read with each reader ``rounds`` times.

    Returns ``device``; ``p50``, milliseconds by reader; and for ``batch`` against ``alone`` (both
    float32) and ``int8`` against ``alone``: ``confidence``, the largest difference, and ``first``,
    the share of questions for which the same sentence came first.
    """
    tokens = {"int8": 0, "alone": _ALONE, "batch": ACCELERATED_BATCH}
    readers = {name: CascadeReader.load(models, batch_tokens=n) for name, n in tokens.items()}
    readings = _read_in_turn(readers, 8, rounds)
    return {
        "device": "cuda" if has_accelerator() else "processor",
        "p50": {name: round(median(t for t, _ in part), 1) for name, part in readings.items()},
        "batch": _difference(readings["batch"], readings["alone"]),
        "int8": _difference(readings["int8"], readings["alone"]),
    }


def _read_in_turn(
    readers: Mapping[str, CascadeReader], most: int, rounds: int
) -> dict[str, _Readings]:
    """Have the readers read the first passages of the seeds, ``most`` of them, for each question,
    one reader after the other."""
    articles = [a for a in load_paths([_SEEDS], 1_000_000) if isinstance(a, Article)]
    passages = [passage for article in articles for passage in all_passages(article)][:most]
    readings: dict[str, _Readings] = {name: [] for name in readers}
    for question in _QUESTIONS * rounds:
        for name, reader in readers.items():
            seconds, reading = stopwatch(partial(reader.read, question, passages))
            readings[name].append((1000 * seconds, reading))
    return readings


def _difference(readings: _Readings, baseline: _Readings) -> dict[str, float]:
    pairs = [(a, b) for (_, a), (_, b) in zip(readings, baseline, strict=True)]
    first_count = sum(a.nearest[0].sentence == b.nearest[0].sentence for a, b in pairs)
    return {
        "confidence": max(abs(a.confidence - b.confidence) for a, b in pairs),
        "first": first_count / len(pairs),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure as the arguments say and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", type=Path, help="the reader's folder (default: the built-in)")
    parser.add_argument("--float32", action="store_true", help="compare float32 and batches")
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args(arguments)
    models = Settings().models_folder
    figures = (
        measure_float32(models, options.rounds)
        if options.float32
        else measure(models, options.reader, options.rounds)
    )
    print(json.dumps(figures, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
