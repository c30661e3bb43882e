"""Compare the reader on an accelerator with the reader on a processor.

``python -m eval.bench.accelerator [--rounds N]`` reads the seeds' passages for questions about them
with three readers in turn: int8 as on a processor, float32 one input a run, and float32 in batches,
as on an accelerator. It prints on what the float32 networks ran, the largest differences of
confidence, whether the same sentences came first, and the times. Without an accelerator it shows
that batches change nothing; their times say nothing then.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from eval.bench.reading import QUESTIONS, passages_of_seeds
from index.encode.session import has_accelerator
from rag import Settings
from rag.evidence import Reading
from rag.reading.cascade import CascadeReader
from rag.reading.network import ACCELERATED_BATCH

__all__ = ["main", "measure"]

_READ: Final = 8
# Tokens of a batch: none has room for a second input.
_ALONE: Final = 1


def measure(models: Path, rounds: int) -> dict[str, Any]:
    """Read with each reader ``rounds`` times.

    Returns ``device``; ``p50``, milliseconds by reader; and for ``batch`` against ``alone`` (both
    float32) and ``int8`` against ``alone``: ``confidence``, the largest difference, and ``first``,
    the share of questions for which the same sentence came first.
    """
    readers = {
        "int8": CascadeReader.load(models, batch_tokens=0),
        "alone": CascadeReader.load(models, batch_tokens=_ALONE),
        "batch": CascadeReader.load(models, batch_tokens=ACCELERATED_BATCH),
    }
    passages = passages_of_seeds(_READ)
    times: dict[str, list[float]] = {name: [] for name in readers}
    readings: dict[str, list[Reading]] = {name: [] for name in readers}
    for _ in range(rounds):
        for question in QUESTIONS:
            for name, reader in readers.items():
                start = time.perf_counter()
                readings[name].append(reader.read(question, passages))
                times[name].append(1000 * (time.perf_counter() - start))
    return {
        "device": "cuda" if has_accelerator() else "processor",
        "p50": {name: round(statistics.median(values), 1) for name, values in times.items()},
        "batch": _difference(readings["batch"], readings["alone"]),
        "int8": _difference(readings["int8"], readings["alone"]),
    }


def _difference(readings: Sequence[Reading], baseline: Sequence[Reading]) -> dict[str, float]:
    pairs = list(zip(readings, baseline, strict=True))
    first_count = sum(a.nearest[0].sentence == b.nearest[0].sentence for a, b in pairs)
    return {
        "confidence": max(abs(a.confidence - b.confidence) for a, b in pairs),
        "first": first_count / len(pairs),
    }


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Measure as the arguments say, and print and return the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    figures = measure(Settings().models_folder, options.rounds)
    print(json.dumps(figures, indent=1))  # noqa: T201
    return figures


if __name__ == "__main__":
    main()
