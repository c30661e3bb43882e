"""Each FAISS index that could be chosen, beside the exact one: time to build, bytes, recall, times.

Indexes are built and searched as the library does (:mod:`index.search.dense`). Vectors lie in
clusters of clusters; queries are further ones of the same kind. A filter leaves a share of the
vectors, drawn evenly; it is short where fewer are found than were wanted and are there. Times are
processor time: of the thread that searches, and of the process that builds.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from eval.bench.corpus import DIM, clustered_vectors
from eval.bench.figures import Chart, Comparison, SectionFigures, Table, quantiles
from eval.bench.options import BenchOptions
from eval.bench.timing import stopwatch
from index.encode.base import Floats
from index.errors import SettingsError
from index.search.dense import VectorIndex, base_name, choose_factory, list_count, write_base
from index.store.base import Keys

__all__ = ["SHARES", "IndexFigures", "factories", "measure", "measure_index"]

SHARES: Final = (0.5, 0.01, 0.0001)
_K: Final = 10
_QUERIES: Final = 100
_FILTER_QUERIES: Final = 20
# A graph over more takes longer to build than all the others together.
_GRAPH_LIMIT: Final = 10_000
_LEAST_RECALL: Final = 0.97
# At a million: milliseconds at p95, seconds to build, megabytes.
_MILLION, _P95_MS, _BUILD_SECONDS, _MEGABYTES = 1_000_000, 4.0, 90.0, 500.0


class _Searchable(Protocol):
    def search(
        self, query: Floats, k: int, selection: Keys | None = None
    ) -> tuple[Keys, Floats]: ...


@dataclass(frozen=True, slots=True)
class IndexFigures:
    """What one index took over ``count`` vectors. ``filters`` has recall and short searches for
    each share of :data:`SHARES`."""

    factory: str
    count: int
    build_seconds: float
    megabytes: float
    recall: float
    p50_ms: float
    p95_ms: float
    filters: list[tuple[float, int]]


def measure(options: BenchOptions) -> SectionFigures:
    """Measure every index at a tenth of the largest size and at the largest."""
    rows = [
        figures for count in options.sizes[1:] for figures in _measure_size(count, options.seed)
    ]
    return SectionFigures(
        list(_comparisons(rows, options)),
        [_table(rows)],
        list(_charts(rows)),
        notes=[
            f"Unit vectors of {DIM} dimensions; recall of the nearest {_K} over {_QUERIES} queries,"
            f" {_FILTER_QUERIES} for each filter.",
        ],
    )


def factories(count: int) -> list[str]:
    """Name the indexes to compare over so many vectors; the exact one is the first."""
    lists = list_count(count)
    names = ["IDMap2,Flat", "IDMap2,SQ8", f"IVF{lists},SQ8"]
    return [*names, "IDMap2,HNSW32"] if count <= _GRAPH_LIMIT else names


def measure_index(factory: str, vectors: Floats, queries: Floats, seed: int) -> IndexFigures:
    """Build one index and search it. ``SettingsError`` where FAISS does not build it."""
    keys = np.arange(len(vectors), dtype=np.int64)
    dice = np.random.default_rng([seed, 6])
    with tempfile.TemporaryDirectory() as scratch:
        seconds, index = stopwatch(
            lambda: _build(Path(scratch), factory, keys, vectors), time.process_time
        )
        size = sum(file.stat().st_size for file in Path(scratch).iterdir())
        recall, _, times = _search(index, vectors, queries, None)
        filters = []
        for share in SHARES:
            depth = max(1, round(share * len(vectors)))
            selection = np.sort(dice.choice(keys, depth, replace=False))
            result = _search(index, vectors, queries[:_FILTER_QUERIES], selection)
            filters.append((result[0], result[1]))
    cuts = quantiles(times)
    return IndexFigures(
        factory, len(vectors), seconds, size / 1e6, recall, cuts["p50"], cuts["p95"], filters
    )


def _measure_size(count: int, seed: int) -> Iterator[IndexFigures]:
    vectors = clustered_vectors(count + _QUERIES, seed=seed)
    for factory in factories(count):
        try:
            yield measure_index(factory, vectors[:count], vectors[count:], seed)
        except SettingsError:
            # Too few vectors to train it, as in a trial run.
            continue


def _build(folder: Path, factory: str, keys: Keys, vectors: Floats) -> VectorIndex:
    """Write the index to a file, as the library keeps it, and open that."""
    base = write_base(folder, base_name(1), factory, keys, vectors)
    return VectorIndex.open(folder, base, keys[:0], vectors[:0], keys[:0])


def _search(
    index: _Searchable, vectors: Floats, queries: Floats, selection: Keys | None
) -> tuple[float, int, list[float]]:
    """Return the recall, how many searches were short, and milliseconds of each."""
    candidates = vectors if selection is None else vectors[selection]
    depth = min(_K, len(candidates))
    hits, short, times = 0, 0, []
    for query in queries:
        nearest = np.argsort(-(candidates @ query), kind="stable")[:depth]
        right = nearest if selection is None else selection[nearest]
        seconds, (keys, _) = stopwatch(
            partial(index.search, query, _K, selection), time.thread_time
        )
        times.append(1000 * seconds)
        hits += len(set(keys.tolist()) & set(right.tolist()))
        short += len(keys) < depth
    return hits / (depth * len(queries)), short, times


def _comparisons(rows: Sequence[IndexFigures], options: BenchOptions) -> Iterator[Comparison]:
    """Compare what the library chooses with the exact index of the same size."""
    exact = {row.count: row for row in rows if row.factory == "IDMap2,Flat"}
    setting = options.settings.vector_index
    for row in rows:
        if row.factory != choose_factory(setting, row.count):
            continue
        flat, size = exact[row.count], f"{row.count:,}: {row.factory}"
        is_million = row.count >= _MILLION
        p95, build, weight = (
            limit if is_million else None for limit in (_P95_MS, _BUILD_SECONDS, _MEGABYTES)
        )
        yield Comparison(f"{size}, p95", row.p95_ms, "ms", "exact", flat.p95_ms, limit=p95)
        yield Comparison(
            f"{size}, recall", row.recall, "", "exact", flat.recall, "higher", limit=_LEAST_RECALL
        )
        yield Comparison(
            f"{size}, built", row.build_seconds, "s", "exact", flat.build_seconds, limit=build
        )
        yield Comparison(
            f"{size}, file", row.megabytes, "MB", "exact", flat.megabytes, limit=weight
        )
        for share, (recall, short) in zip(SHARES, row.filters, strict=True):
            label = f"{size}, {share:.2%} left"
            yield Comparison(f"{label}, recall", recall, "", better="higher", limit=_LEAST_RECALL)
            yield Comparison(f"{label}, short", short, f"of {_FILTER_QUERIES}", limit=0)


def _table(rows: Sequence[IndexFigures]) -> Table:
    heads = ["vectors", "index", "built, s", "MB", f"recall@{_K}", "p50, ms", "p95, ms"]
    heads += [f"{share:.2%} left: {column}" for share in SHARES for column in ("recall", "short")]
    cells = [
        [
            row.count,
            row.factory,
            row.build_seconds,
            row.megabytes,
            row.recall,
            row.p50_ms,
            row.p95_ms,
            *(figure for pair in row.filters for figure in pair),
        ]
        for row in rows
    ]
    return Table("Every index", heads, cells)


def _charts(rows: Sequence[IndexFigures]) -> Iterator[Chart]:
    curves: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        # Lists grow with the vectors; the kind stays.
        kind = row.factory.replace(f"IVF{list_count(row.count)}", "IVF")
        curves.setdefault(kind, []).append((row.count, row.p95_ms))
    yield Chart("Vector search, p95", "vectors", "milliseconds", curves)
