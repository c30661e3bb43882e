"""What a hundred times as much costs: ingest, search, opening, bytes, near-duplicates.

Libraries of three sizes are made with vectors that cost nothing, so that the network is no part of
it. The exponent of a cost is the slope of its logarithm over that of the size: 1 is linear, 0 flat.
The baseline of each cost is what it would be if it grew in proportion from the smallest size.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np

from eval.bench.copies import measure as measure_copies
from eval.bench.corpus import Corpus, TopicEncoder
from eval.bench.figures import Chart, Comparison, SectionFigures, Table
from eval.bench.library import make_library, real_identity
from eval.bench.options import BenchOptions
from eval.bench.search import search_times
from eval.bench.server import serving
from eval.bench.timing import stopwatch
from index.library import Library

__all__ = ["exponent", "measure"]

_QUESTIONS: Final = 31
_STORIES: Final = 24
_READY_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class _Cost:
    """What is measured at every size: its unit, and the greatest exponent that it is to have."""

    unit: str
    limit: float | None = None


_COSTS: Final = {
    "ingest": _Cost("processor s", 1.1),
    "search, p50": _Cost("ms", 0.2),
    "opening the library": _Cost("ms", 0.2),
    "bytes": _Cost("MB", 1.1),
    "placing an article among copies": _Cost("ms", 0.2),
}


def measure(options: BenchOptions) -> SectionFigures:
    """Measure every cost at the three sizes, and the start and memory of a server at the
    largest."""
    encoder = TopicEncoder(options.seed, real_identity(options.settings))
    costs: list[tuple[int, dict[str, float]]] = []
    with tempfile.TemporaryDirectory() as scratch:
        # The first one imports what the others find there.
        make_library(Path(scratch) / "warm-up", 1, options.settings, encoder)
        for size in options.sizes:
            folder = Path(scratch) / str(size)
            costs.append(_costs(folder, size, options, encoder))
        ready_seconds, megabytes = _server(folder, options)
    sizes = [size for size, _ in costs]
    comparisons = list(_comparisons(sizes, [cost_by_name for _, cost_by_name in costs]))
    comparisons.append(
        Comparison(f"serve ready at {sizes[-1]:,}", ready_seconds, "s", limit=_READY_SECONDS)
    )
    comparisons.append(Comparison(f"memory of serve at {sizes[-1]:,}", megabytes, "MB"))
    curves = {
        name: [(size, cost_by_name[name]) for size, cost_by_name in costs if cost_by_name[name] > 0]
        for name in _COSTS
    }
    heads = ["cost", "unit", *(f"{size:,}" for size in sizes), "exponent"]
    rows: list[list[str | float | None]] = [
        [
            name,
            cost.unit,
            *(cost_by_name[name] for _, cost_by_name in costs),
            exponent(sizes, [cost_by_name[name] for _, cost_by_name in costs]),
        ]
        for name, cost in _COSTS.items()
    ]
    return SectionFigures(
        comparisons,
        [Table("Cost by size, in passages", heads, rows)],
        [Chart("Costs by size, each in its unit", "passages", "cost", curves)],
        notes=["Near-duplicates: a fifth as many articles as passages, all of them strangers."],
    )


def exponent(sizes: Sequence[int], costs: Sequence[float]) -> float:
    """Fit the exponent by which costs above 0 grow with the size."""
    slope, _ = np.polyfit(np.log(sizes), np.log(costs), 1)
    return float(slope)


def _costs(
    folder: Path, size: int, options: BenchOptions, encoder: TopicEncoder
) -> tuple[int, dict[str, float]]:
    """Make a library of ``size`` passages and measure it; returns its true size and the costs."""
    began = time.process_time()
    count, _ = make_library(folder, size, options.settings, encoder)
    ingest = time.process_time() - began
    seconds, library = stopwatch(
        lambda: Library.open(folder, options.settings.index_settings(), encoder)
    )
    with closing(library):
        times = search_times(library, Corpus(options.seed).questions(_QUESTIONS))
    copies = measure_copies(max(1, size // 5), _STORIES)
    return count, {
        "ingest": ingest,
        "search, p50": median(times["first_ms"]),
        "opening the library": 1000 * seconds,
        "bytes": sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6,
        "placing an article among copies": copies["place_ms"],
    }


def _server(folder: Path, options: BenchOptions) -> tuple[float, float]:
    """Start a server over the library; returns the seconds until it is ready, and its megabytes."""
    environment = {"PULLQUOTE_LIBRARY": str(folder), "PULLQUOTE_HOME": str(options.settings.home)}
    began = time.perf_counter()
    with serving(environment) as server:
        return time.perf_counter() - began, server.resident_megabytes()


def _comparisons(
    sizes: Sequence[int], costs: Sequence[Mapping[str, float]]
) -> Iterator[Comparison]:
    for name, cost in _COSTS.items():
        values = [cost_by_name[name] for cost_by_name in costs]
        proportional = values[0] * sizes[-1] / sizes[0]
        yield Comparison(
            f"{name} at {sizes[-1]:,}", values[-1], cost.unit, "in proportion", proportional
        )
        yield Comparison(f"{name}, exponent", exponent(sizes, values), "", limit=cost.limit)
