"""Measure what each part is worth: the same questions with one setting changed at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.dataset import Dataset
from eval.metrics.outcome import Outcome, outcome_of
from eval.metrics.scores import Scores, score
from eval.results import Run
from eval.run import RunOptions, run
from eval.system import System
from rag.reading.network import remembered_outputs

__all__ = ["ABLATIONS", "Ablation", "AblationResult", "OpenAblation", "ablate"]


@dataclass(frozen=True)
class Ablation:
    """A variant: its name in tables, and the settings that differ from the default, by name."""

    name: str
    overrides: Mapping[str, Any] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """The name as the name of a folder."""
        return "".join(letter if letter.isalnum() else "-" for letter in self.name.lower())


OpenAblation = Callable[[Ablation], AbstractContextManager[System]]

ABLATIONS: tuple[Ablation, ...] = (
    Ablation("hybrid"),
    Ablation("dense only", {"use_lexical": False}),
    Ablation("BM25 only", {"use_dense": False}),
    Ablation("RRF fusion", {"fusion": "rrf"}),
    Ablation("no proximity", {"proximity": False}),
    Ablation("no duplicate collapse", {"collapse_copies": False}),
    Ablation("slips as typed", {"spelling": False}),
    Ablation("no history", {"history": "none"}),
    Ablation("history concatenated", {"history": "concatenate"}),
    Ablation("no quoted article first", {"quoted_first": False}),
    Ablation("questions in parts asked whole", {"planner": False}),
    Ablation("lists as the reader found them", {"lists": False}),
    Ablation("no overviews", {"overviews": False}),
    Ablation("stories as the reader found them", {"updates": False}),
    Ablation("whoever says it", {"speakers": False}),
    Ablation("whichever number it has", {"designations": False}),
)


@dataclass(frozen=True)
class AblationResult:
    """The scores of one ablation."""

    ablation: Ablation
    run: Run
    scores: Scores
    # Questions that are right here and not in the baseline, and the other way round.
    gains: int
    losses: int


def ablate(
    dataset: Dataset,
    open_system: OpenAblation,
    out: Path,
    options: RunOptions | None = None,
) -> tuple[AblationResult, ...]:
    """Run every ablation, each into ``out/NAME/results.jsonl``. The first is the baseline. What the
    networks of a reader that the systems share make of an input, they compute once for all of
    them; latencies say nothing, therefore."""
    options = options or RunOptions()
    rows: list[AblationResult] = []
    right_ids: set[str] = set()
    with remembered_outputs():
        for ablation in ABLATIONS:
            with open_system(ablation) as system:
                file = out / ablation.slug / "results.jsonl"
                result = run(_NamedSystem(system, ablation.name), dataset, file, options)
            right = _right_ids(result)
            base = right_ids if rows else right
            changes = len(right - base), len(base - right)
            rows.append(AblationResult(ablation, result, score(result.results), *changes))
            right_ids = base
    return tuple(rows)


def _right_ids(run: Run) -> set[str]:
    return {r.case.id for r in run.results if outcome_of(r) is Outcome.RIGHT}


class _NamedSystem:
    """A system whose results carry the name of its ablation."""

    def __init__(self, system: System, name: str) -> None:
        self.ask = system.ask
        self.search = system.search
        self._system = system
        self._name = name

    def describe(self) -> Mapping[str, Any]:
        return {"name": self._name, **self._system.describe()}
