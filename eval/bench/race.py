"""Compare several systems over one question set; each indexes the same articles first."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from eval.bench.baselines.baseline import Baseline
from eval.bench.process import Command, Cost, alternate
from eval.bench.timing import stopwatch
from eval.bench.upkeep import Upkeep, measure_upkeep
from eval.dataset import Dataset
from eval.metrics.scores import Scores, score
from eval.results import Run
from eval.run import RunOptions, run_search
from rag.errors import MissingExtra

__all__ = ["Finish", "race"]

WARM_UP = "What is this about?"
_COLD_ROUNDS: Final = 3


@dataclass(frozen=True)
class Finish:
    """The result of one system.

    ``index_seconds`` is the wall time from articles to a ready index, without the loading of the
    model where the system does that apart. ``cold`` is what a whole process costs that opens what
    was saved and answers one search: medians.
    """

    name: str
    run: Run
    scores: Scores
    index_seconds: float
    upkeep: Upkeep
    cold: Cost


def race(
    dataset: Dataset,
    systems: Mapping[str, Callable[[Path], Baseline]],
    out: Path,
    options: RunOptions | None = None,
    on_missing: Callable[[str, MissingExtra], None] = lambda name, missing: None,
) -> tuple[Finish, ...]:
    """Run every system in turn; each is made for a folder of its own.

    Each writes ``out/NAME/results.jsonl``. Each is asked one question before, uncounted, so that no
    first search includes lazy initialisation. One that is not installed is left out, and
    ``on_missing`` is told.
    """
    entries: dict[str, Callable[[Cost], Finish]] = {}
    commands: dict[str, Command] = {}
    with tempfile.TemporaryDirectory(prefix="pq-") as scratch:
        for name, build in systems.items():
            build_there = partial(build, Path(scratch) / name)
            try:
                system = build_there()
            except MissingExtra as missing:
                on_missing(name, missing)
                continue
            run, seconds = _searches(system, dataset, out / name / "results.jsonl", options)
            system.save()
            system = build_there()
            upkeep = measure_upkeep(system, dataset)
            system.save()
            commands[name] = system.cold_search(dataset.cases[0].question)
            scores = score(run.results, answers=False)
            entries[name] = partial(Finish, name, run, scores, seconds, upkeep)
        costs = alternate(commands, _COLD_ROUNDS)
    return tuple(finish(Cost.median(costs[name])) for name, finish in entries.items())


def _searches(
    system: Baseline, dataset: Dataset, results: Path, options: RunOptions | None
) -> tuple[Run, float]:
    """Index the articles and search for every question; returns the seconds of the first too."""
    seconds, _ = stopwatch(lambda: system.index(dataset.articles))
    system.search(WARM_UP, top_k=1)
    timed_options = replace(
        options or RunOptions(), preparation={"index_seconds": round(seconds, 2)}
    )
    run = run_search(system, dataset, results, timed_options)
    return run, run.header.preparation.get("index_seconds", seconds)
