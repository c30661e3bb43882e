"""All metrics by name, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from eval.errors import MetricError
from eval.metrics import answers, citations, cost, retrieval, silence
from eval.metrics.metric import Metric
from eval.results import Result

__all__ = ["METRICS", "Metric", "all_metrics", "metric_named"]

METRICS: tuple[Metric, ...] = (
    *answers.METRICS,
    *citations.METRICS,
    *silence.METRICS,
    *retrieval.METRICS,
    *cost.METRICS,
)


def all_metrics(results: Sequence[Result]) -> tuple[Metric, ...]:
    """Return all fixed metrics, and the latencies of every stage that these results report."""
    return METRICS + cost.stage_metrics(results)


def metric_named(name: str, among: Sequence[Metric] = METRICS) -> Metric:
    """Return the metric of that name; ``MetricError`` lists the names when there is none."""
    for metric in among:
        if metric.name == name:
            return metric
    raise MetricError(
        f"there is no metric {name!r}; there are {', '.join(metric.name for metric in among)}"
    )
