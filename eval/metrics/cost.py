"""The cost of an answer: wall time, whole and by stage, and memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.metrics.metric import FloatArray, Metric, Quantile
from eval.results import Result

__all__ = ["METRICS", "Highest", "stage_metrics", "stages"]

QUANTILES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
CLOCK = "time.perf_counter; nearest-rank quantile"


def stages(results: Sequence[Result]) -> list[str]:
    """Return the stages that answers report, in the order in which they first appear."""
    names = (stage for result in results if result.reply for stage in result.reply.usage.stages_ms)
    return list(dict.fromkeys(names))


def stage_metrics(results: Sequence[Result]) -> tuple[Metric, ...]:
    """Latency quantiles of every stage found in the results, ``latency_p95.read`` and so on."""
    return tuple(_latency(name, stage) for stage in stages(results) for name in QUANTILES)


def _latency(name: str, stage: str | None) -> Metric:
    percent = name.removeprefix("p")
    part = f"the stage {stage!r}" if stage else "an answer"
    return Metric(
        name=f"latency_{name}" + (f".{stage}" if stage else ""),
        group="cost",
        definition=f"wall time of {part}, that {percent}% of the questions stay within",
        source=CLOCK,
        of=lambda results: Quantile(_times(results, stage), QUANTILES[name]),
        better="lower",
        unit="ms",
    )


def _times(results: Sequence[Result], stage: str | None) -> FloatArray:
    def value_of(result: Result) -> float:
        if result.reply is None:
            return np.nan
        if stage is None:
            return result.reply.usage.latency_ms
        return result.reply.usage.stages_ms.get(stage, np.nan)

    return np.array([value_of(result) for result in results], dtype=np.float64)


def _search(name: str) -> Metric:
    return Metric(
        name=f"search_{name}",
        group="cost",
        definition=f"wall time of a search, that {name.removeprefix('p')}% stay within",
        source=CLOCK,
        of=lambda results: Quantile(
            np.array([result.search_ms for result in results], dtype=np.float64), QUANTILES[name]
        ),
        better="lower",
        unit="ms",
    )


@dataclass(frozen=True, slots=True)
class Highest:
    """The maximum of ``values``, ``float64 [n]``, whatever the weights."""

    values: FloatArray

    @property
    def count(self) -> int:
        return len(self.values)

    def __call__(self, weights: FloatArray) -> FloatArray:
        return np.full(len(weights), self.values.max() if len(self.values) else np.nan)


METRICS: tuple[Metric, ...] = (
    *(_latency(name, None) for name in QUANTILES),
    *(_search(name) for name in ("p50", "p95")),
    Metric(
        name="peak_memory",
        group="cost",
        definition="highest resident memory of the process up to the last question",
        source="getrusage, ru_maxrss",
        of=lambda results: Highest(
            np.array([result.peak_memory_mib for result in results], dtype=np.float64)
        ),
        better="lower",
        unit="MiB",
        interval=False,
    ),
)
