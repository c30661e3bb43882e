"""Compare several systems over one question set; each indexes the same articles first."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.bench.baselines.baseline import Baseline
from eval.dataset import Dataset
from eval.metrics.scores import Scores, score
from eval.results import Run
from eval.run import RunOptions, run_search
from eval.system import Searcher

__all__ = ["Finish", "race"]

WARM_UP = "What is this about?"


@dataclass(frozen=True)
class Finish:
    """The result of one system.

    ``index_seconds`` is the wall time from articles to a ready index, without the loading of the
    model where the system does that apart.
    """

    name: str
    run: Run
    scores: Scores
    index_seconds: float


def race(
    dataset: Dataset,
    baselines: Mapping[str, Callable[[], Baseline]],
    out: Path,
    options: RunOptions | None = None,
    ready: Sequence[tuple[str, Searcher, float]] = (),
) -> tuple[Finish, ...]:
    """Run every baseline in turn, after the systems in ``ready`` (name, system, seconds of
    indexing).

    Each writes ``out/NAME/results.jsonl``. Each is asked one question before, uncounted, so that no
    first search includes lazy initialisation.
    """
    finishes = [
        _finish(name, searcher, seconds, dataset, out, options) for name, searcher, seconds in ready
    ]
    for name, build in baselines.items():
        baseline = build()
        began = time.perf_counter()
        baseline.index(dataset.articles)
        seconds = time.perf_counter() - began
        finishes.append(_finish(name, baseline, seconds, dataset, out, options))
    return tuple(finishes)


def _finish(
    name: str,
    searcher: Searcher,
    seconds: float,
    dataset: Dataset,
    out: Path,
    options: RunOptions | None,
) -> Finish:
    searcher.search(WARM_UP, top_k=1)
    timed_options = replace(
        options or RunOptions(), preparation={"index_seconds": round(seconds, 2)}
    )
    result = run_search(searcher, dataset, out / name / "results.jsonl", timed_options)
    index_seconds = result.header.preparation.get("index_seconds", seconds)
    return Finish(name, result, score(result.results, answers=False), index_seconds)
