"""Measure what each part is worth: the same questions with one setting changed at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.dataset import Dataset
from eval.metrics.scores import Scores, score
from eval.results import Run
from eval.run import RunOptions, run
from eval.system import System

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
)


@dataclass(frozen=True)
class AblationResult:
    """The scores of one ablation."""

    ablation: Ablation
    run: Run
    scores: Scores


def ablate(
    dataset: Dataset,
    open_system: OpenAblation,
    out: Path,
    options: RunOptions | None = None,
) -> tuple[AblationResult, ...]:
    """Run every ablation, each into ``out/NAME/results.jsonl``. The first is the baseline."""
    options = options or RunOptions()
    rows = []
    for ablation in ABLATIONS:
        with open_system(ablation) as system:
            system_of_name = _NamedSystem(system, ablation.name)
            result = run(system_of_name, dataset, out / ablation.slug / "results.jsonl", options)
        rows.append(AblationResult(ablation, result, score(result.results)))
    return tuple(rows)


class _NamedSystem:
    """A system whose results carry the name of its ablation."""

    def __init__(self, system: System, name: str) -> None:
        self.ask = system.ask
        self.search = system.search
        self._system = system
        self._name = name

    def describe(self) -> Mapping[str, Any]:
        return {"name": self._name, **self._system.describe()}
