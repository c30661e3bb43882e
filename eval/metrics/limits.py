"""Limits that a run must keep: ``hit@5=0.9``, ``false_answer_rate=0.1``, ``violations=0``.

For a metric of which more is better the limit is a floor, for the others a ceiling. Where there is
a limit, no question may end in an error.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from eval.errors import MetricError
from eval.metrics import Metric, metric_named
from eval.metrics.bootstrap import Estimate
from eval.metrics.scores import Scores

__all__ = ["Failure", "Limit", "check", "parse_limits"]


@dataclass(frozen=True, slots=True)
class Limit:
    """A metric by name and the value that it must reach, or not exceed."""

    name: str
    value: float


_NO_ERRORS = Limit("errors", 0)


@dataclass(frozen=True, slots=True)
class Failure:
    """A limit that was not kept."""

    limit: Limit
    metric: Metric
    estimate: Estimate

    def __str__(self) -> str:
        if not self.estimate.is_known:
            return f"{self.limit.name} has no value on this question set"
        side = "below" if self.metric.better == "higher" else "above"
        return f"{self.limit.name} is {self.estimate.value:.4g}, {side} {self.limit.value:g}"


def parse_limits(texts: Sequence[str]) -> tuple[Limit, ...]:
    """Parse limits written as ``metric=value``.

    Raises ``MetricError`` where no metric has that name or the value is no finite number. Names
    with a dot (latencies of a stage) are known only once the results are there, and are checked
    then.
    """
    return tuple(map(_parse, texts))


def check(limits: Sequence[Limit], scores: Scores) -> tuple[Failure, ...]:
    """Return the limits that these scores do not keep; where there are any, that of no errors is
    one of them."""
    failures = []
    for limit in dict.fromkeys((*limits, _NO_ERRORS) if limits else ()):
        metric = metric_named(limit.name, scores.metrics)
        estimate = scores[limit.name]
        if not _is_within(metric, estimate.value, limit.value):
            failures.append(Failure(limit, metric, estimate))
    return tuple(failures)


def _parse(text: str) -> Limit:
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals:
        raise MetricError(f"{text!r} is no limit: write metric=value, such as hit@5=0.9")
    if "." not in name:
        metric_named(name)
    try:
        number = float(value)
    except ValueError as exc:
        raise MetricError(f"the limit for {name} is {value!r}, which is no number") from exc
    if not math.isfinite(number):
        raise MetricError(f"the limit for {name} must be a finite number, not {value}")
    return Limit(name, number)


def _is_within(metric: Metric, value: float, limit: float) -> bool:
    if math.isnan(value):
        return False
    return value >= limit if metric.better == "higher" else value <= limit
