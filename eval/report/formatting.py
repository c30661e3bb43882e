"""Format figures, the same way in the terminal and in the report."""

from __future__ import annotations

import math

from eval.metrics import Metric
from eval.metrics.bootstrap import Estimate

__all__ = ["DASH", "figure", "interval", "signed_figure"]

DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"


def figure(metric: Metric, value: float) -> str:
    """Format a value: a share as ``0.812``, a time as ``61 ms``, memory as ``512 MiB``; a dash for
    NaN."""
    if math.isnan(value):
        return DASH
    if metric.unit == "share":
        return f"{value:.3f}"
    if metric.unit == "ms":
        return f"{value:,.1f} ms" if value < 100 else f"{value:,.0f} ms"
    if metric.unit == "MiB":
        return f"{value:,.0f} MiB"
    return f"{value:,.0f}"


def interval(metric: Metric, estimate: Estimate) -> str:
    """Format an interval as ``0.741 to 0.870``; empty where there is none."""
    if not estimate.has_interval:
        return ""
    low, high = figure(metric, estimate.low), figure(metric, estimate.high)
    return f"{low.removesuffix(' ms')} to {high}"


def signed_figure(metric: Metric, value: float) -> str:
    """Format a difference with its sign."""
    if math.isnan(value):
        return DASH
    return ("+" if value >= 0 else MINUS) + figure(metric, abs(value))
