"""What a section of the benchmark gives: comparisons with a baseline, tables and charts.

All of it is data. :func:`as_json` makes the record that is kept, and ``eval.bench.page`` the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

__all__ = ["Better", "Chart", "Comparison", "SectionFigures", "Table", "as_json", "quantiles"]

Better = Literal["lower", "higher"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure, beside the same of a baseline that was measured in the same run.

    ``value`` and ``baseline_value`` are in ``unit``; without a baseline the latter is ``None``.
    ``least_factor`` is how many times better than the baseline it is to be, ``limit`` what the
    value itself is to keep: at most, where lower is better, else at least.
    """

    name: str
    value: float
    unit: str
    baseline: str = ""
    baseline_value: float | None = None
    better: Better = "lower"
    least_factor: float | None = None
    limit: float | None = None

    @property
    def factor(self) -> float | None:
        """How many times better than the baseline; ``None`` without one, or where either is 0."""
        if not self.baseline_value or not self.value:
            return None
        quotient = self.baseline_value / self.value
        return quotient if self.better == "lower" else 1 / quotient

    @property
    def keeps_target(self) -> bool | None:
        """Whether every target is kept; ``None`` where there is none that can be judged."""
        verdicts = []
        if self.least_factor is not None and self.factor is not None:
            verdicts.append(self.factor >= self.least_factor)
        if self.limit is not None:
            is_low = self.better == "lower"
            verdicts.append(self.value <= self.limit if is_low else self.value >= self.limit)
        return all(verdicts) if verdicts else None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells below column heads, as they are to be read; numbers are numbers."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | float | None]]


@dataclass(frozen=True, slots=True)
class Chart:
    """Curves over two logarithmic axes; points are ``(x, y)``, both above 0."""

    title: str
    horizontal: str
    vertical: str
    curves: Mapping[str, Sequence[tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class SectionFigures:
    """The figures of one section. ``notes`` say what was done and what the figures do not say."""

    comparisons: Sequence[Comparison] = ()
    tables: Sequence[Table] = ()
    charts: Sequence[Chart] = ()
    notes: Sequence[str] = field(default=())


def as_json(figures: SectionFigures) -> dict[str, Any]:
    """Return the figures as plain JSON types, with what follows from each comparison."""
    record = asdict(figures)
    for entry, comparison in zip(record["comparisons"], figures.comparisons, strict=True):
        entry["factor"] = comparison.factor
        entry["keeps_target"] = comparison.keeps_target
    return record


def quantiles(values: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and p99 of the values, interpolated; all are 0 for none."""
    import numpy as np

    cuts = np.percentile(values, [50, 95, 99]).tolist() if len(values) else [0.0] * 3
    return dict(zip(("p50", "p95", "p99"), cuts, strict=True))
