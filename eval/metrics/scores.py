"""All metrics of a run with their intervals, over all questions and by kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.metrics import Metric, all_metrics
from eval.metrics.bootstrap import Estimate, estimate
from eval.metrics.outcome import Outcome, outcome_of
from eval.results import Result

__all__ = ["Scores", "Slice", "metrics_for", "score"]

SLICE_METRICS = (
    "answered",
    "right",
    "evidence_quoted",
    "evidence_first",
    "evidence_complete",
    "answer_precision",
    "false_answer_rate",
    "f1",
    "passage_hit@5",
)


@dataclass(frozen=True)
class Slice:
    """The questions of one kind."""

    kind: str
    questions: int
    outcomes: dict[Outcome, int]
    estimates: dict[str, Estimate]


@dataclass(frozen=True)
class Scores:
    """Estimates by metric name, and the slices by kind, most frequent first."""

    metrics: tuple[Metric, ...]
    estimates: dict[str, Estimate]
    outcomes: dict[Outcome, int]
    slices: tuple[Slice, ...]
    questions: int

    def __getitem__(self, name: str) -> Estimate:
        return self.estimates[name]

    def with_values(self, group: str) -> list[tuple[Metric, Estimate]]:
        """Return the metrics of a group that have a value on this set."""
        return [
            (metric, self.estimates[metric.name])
            for metric in self.metrics
            if metric.group == group and self.estimates[metric.name].is_known
        ]


def score(results: Sequence[Result], *, answers: bool = True) -> Scores:
    """Return every metric of these results; without ``answers`` those of the search alone."""
    metrics = metrics_for(results, answers=answers)
    return Scores(
        metrics=metrics,
        estimates=_estimates(metrics, results),
        outcomes=_outcomes(results),
        slices=tuple(_slice(kind, members, metrics) for kind, members in _by_kind(results)),
        questions=len(results),
    )


def _estimates(metrics: Sequence[Metric], results: Sequence[Result]) -> dict[str, Estimate]:
    return {metric.name: estimate(metric, results) for metric in metrics}


def metrics_for(results: Sequence[Result], *, answers: bool) -> tuple[Metric, ...]:
    """Return the metrics that make sense for a run that answers, or for one that only searches."""
    metrics = all_metrics(results)
    return metrics if answers else tuple(metric for metric in metrics if _of_search(metric))


def _of_search(metric: Metric) -> bool:
    return metric.group == "retrieval" or metric.name.startswith(("search_", "peak_"))


def _outcomes(results: Sequence[Result]) -> dict[Outcome, int]:
    outcomes = [outcome_of(result) for result in results]
    return {outcome: outcomes.count(outcome) for outcome in Outcome}


def _by_kind(results: Sequence[Result]) -> list[tuple[str, list[Result]]]:
    kinds: dict[str, list[Result]] = {}
    for result in results:
        kinds.setdefault(result.case.kind, []).append(result)
    return sorted(kinds.items(), key=lambda item: -len(item[1]))


def _slice(kind: str, members: list[Result], metrics: Sequence[Metric]) -> Slice:
    members_metrics = [metric for metric in metrics if metric.name in SLICE_METRICS]
    return Slice(kind, len(members), _outcomes(members), _estimates(members_metrics, members))
