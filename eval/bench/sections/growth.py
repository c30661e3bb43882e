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
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np

from eval.bench.corpus import Corpus, TopicEncoder
from eval.bench.figures import Chart, Comparison, SectionFigures, Table
from eval.bench.library import make_library, real_identity
from eval.bench.options import BenchOptions
from eval.bench.server import serving
from eval.bench.timing import stopwatch
from eval.studies.copies import make_pairs
from index.article import Article
from index.filters import Filters
from index.library import Library
from index.store.sqlite.articles import ArticleTable
from index.store.sqlite.database import Database
from index.store.sqlite.families import FamilyTable
from index.store.sqlite.migration import migrate
from index.text.shingles import HASHES, Fingerprint
from rag.retrieval.hybrid import hybrid_search
from rag.settings import Settings

__all__ = ["exponent", "measure"]

_QUESTIONS: Final = 31
_STORIES: Final = 24
_TOP_K: Final = 20
# Articles of one transaction, and the words that each of them has.
_FILLING, _FILLER_WORDS = 1_000, 500
_READY_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class _Cost:
    """What is measured at every size: its unit, and the greatest exponent that it is to have."""

    unit: str
    limit: float | None = None


_COSTS: Final = {
    "ingest": _Cost("processor s", 1.1),
    "search, p50": _Cost("ms", 0.2),
    "search, p95": _Cost("ms"),
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
        times = _search_times(library, Corpus(options.seed).questions(_QUESTIONS))
    p50, p95 = np.percentile(times, [50, 95]).tolist()
    return count, {
        "ingest": ingest,
        "search, p50": p50,
        "search, p95": p95,
        "opening the library": 1000 * seconds,
        "bytes": sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6,
        "placing an article among copies": _placing_time(max(1, size // 5), _STORIES),
    }


def _search_times(library: Library, questions: Sequence[str]) -> list[float]:
    """Search with every question but the first, which warms up; returns milliseconds of processor
    time of the asking thread."""
    settings, encoder = Settings(), library.query_encoder()

    def search(question: str) -> None:
        with library.view() as view:
            selection = view.select(Filters())
            hybrid_search(view, encoder, question, _TOP_K, selection, settings)

    search(questions[0])
    works = (partial(search, question) for question in questions[1:])
    return [1000 * stopwatch(work, time.thread_time)[0] for work in works]


def _placing_time(articles: int, stories: int) -> float:
    """File made-up stories in a library's tables that hold the signatures of so many unrelated
    articles; returns the median of the milliseconds that finding a story's near-duplicates
    takes."""
    times: list[float] = []
    pairs = make_pairs(stories // 24 + 1, seed=3)[: stories // 2]
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Database(Path(folder) / "library", create=True)) as database,
    ):
        migrate(database)
        table, families = ArticleTable(database), FamilyTable(database)
        _fill(database, articles)
        for number, text in enumerate(text for pair in pairs for text in (pair.one, pair.other)):
            with database.writing():
                key = table.insert(Article(f"{number}", "", text), 1)
                place = partial(families.place, key, text, Fingerprint.of(text))
                times.append(1000 * stopwatch(place)[0])
    return median(times)


def _fill(database: Database, articles: int) -> None:
    table, dice = ArticleTable(database), np.random.default_rng(1)
    for start in range(0, articles, _FILLING):
        with database.writing():
            FamilyTable(database).prepare()
            for number in range(start, min(start + _FILLING, articles)):
                key = table.insert(Article(f"filler-{number}", "", "A filler."), 1)
                signature = dice.integers(0, 2**32, HASHES, dtype=np.uint32)
                stranger = Fingerprint(signature, _FILLER_WORDS)
                row = (key, key, _FILLER_WORDS, stranger.to_bytes())
                database.execute("INSERT INTO copies VALUES (?, ?, ?, ?)", row)
                for band in stranger.bands():
                    database.execute("INSERT INTO copy_bands VALUES (?, ?)", (band, key))


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
