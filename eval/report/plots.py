"""Plots as inline SVG. Colours are CSS variables, so that they follow the page's scheme.

A plot is 420 by 300 units; its frame leaves room for ticks and axis titles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

from eval.metrics.bootstrap import Estimate
from eval.metrics.silence import Bin, reliability, risk_coverage, without_errors
from eval.results import Result

__all__ = [
    "BOTTOM",
    "HEIGHT",
    "RIGHT",
    "TOP",
    "WIDTH",
    "Axes",
    "axis_titles",
    "interval_bar",
    "reliability_plot",
    "risk_coverage_plot",
    "stage_bar",
    "svg_plot",
    "svg_text",
]

WIDTH, HEIGHT = 420.0, 300.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 12.0, 12.0, 44.0
POINTS = 400


@dataclass(frozen=True, slots=True)
class Axes:
    """Two axes that start at 0: the horizontal one ends at 1, the vertical one at ``top``."""

    top: float = 1.0

    def x(self, value: float) -> float:
        return LEFT + value * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - value / self.top * (HEIGHT - TOP - BOTTOM)

    def path(self, points: Sequence[tuple[float, float]]) -> str:
        return "M" + "L".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)

    def frame(self, horizontal: str, vertical: str) -> list[str]:
        """Draw grid lines, tick labels and axis titles."""
        parts = []
        digits = 1 if self.top >= 0.5 else 2
        for tick in np.linspace(0, 1, 6):
            x = self.x(float(tick))
            parts.append(svg_text(x, HEIGHT - BOTTOM + 16, f"{tick:.1f}", "middle"))
        for tick in np.linspace(0, self.top, 6):
            y = self.y(float(tick))
            kind = "axis" if tick == 0 else "grid"
            parts.append(
                f'<line class="{kind}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            )
            parts.append(svg_text(LEFT - 7, y + 4, f"{tick:.{digits}f}", "end"))
        return [*parts, *axis_titles(horizontal, vertical, LEFT)]


def risk_coverage_plot(results: Sequence[Result]) -> Markup:
    """Plot risk against coverage, with a point at the threshold of the run; ``results`` has one at
    least that is no error."""
    results = without_errors(results)
    curve = risk_coverage(results)
    coverage, risk = curve.coverage, curve.risk
    axes = Axes(top=_nice_top(float(risk.max())))
    places = np.unique(np.linspace(0, len(coverage) - 1, POINTS).astype(int))
    points = [(float(coverage[i]), float(risk[i])) for i in places]
    base = axes.y(0)
    first, last = axes.x(points[0][0]), axes.x(points[-1][0])
    parts = axes.frame("coverage: share of questions answered", "risk: share of those wrong")
    line = axes.path(points)
    parts.append(f'<path class="area" d="{line}L{last:.1f},{base:.1f}L{first:.1f},{base:.1f}Z"/>')
    parts.append(f'<path class="line" d="{line}"/>')
    answer_count = sum(not result.abstained for result in results)
    if answer_count:
        share = answer_count / len(results)
        # The last coverage within what was answered: with ties the two need not agree exactly.
        place = max(0, int(np.searchsorted(coverage, share + 1e-9)) - 1)
        parts += _operating_point(axes, share, float(risk[place]), float(curve.thresholds[place]))
    return svg_plot(parts, f"Risk-coverage curve over {len(results)} questions")


def reliability_plot(results: Sequence[Result]) -> Markup:
    """Plot the share right against confidence, in bins of equal mass, with the diagonal of perfect
    calibration."""
    axes = Axes()
    bins = reliability(results)
    parts = axes.frame("confidence", "share right")
    parts.append(f'<path class="ideal" d="{axes.path([(0, 0), (1, 1)])}"/>')
    for part in bins:
        x, y = axes.x(part.confidence), axes.y(part.confidence)
        parts.append(
            f'<line class="gap" x1="{x:.1f}" x2="{x:.1f}"'
            f' y1="{y:.1f}" y2="{axes.y(part.right):.1f}"/>'
        )
    parts.append(f'<path class="line" d="{axes.path([(b.confidence, b.right) for b in bins])}"/>')
    parts += [_dot(axes, part) for part in bins]
    return svg_plot(parts, f"Reliability diagram in {len(bins)} bins of equal mass")


def interval_bar(estimate: Estimate) -> Markup:
    """Draw a share between 0 and 1 as a dot with its interval, on a line of 240 units."""

    def x(value: float) -> float:
        return 4 + 232 * min(1.0, max(0.0, value))

    parts = ['<line class="track" x1="4" x2="236" y1="8" y2="8"/>']
    if estimate.has_interval:
        parts.append(
            f'<line class="spread" x1="{x(estimate.low):.1f}" '
            f'x2="{x(estimate.high):.1f}" y1="8" y2="8"/>'
        )
    parts.append(f'<circle class="dot" cx="{x(estimate.value):.1f}" cy="8" r="3.5"/>')
    return Markup(
        '<svg class="interval" viewBox="0 0 240 16" aria-hidden="true" focusable="false">'
        f"{''.join(parts)}</svg>"
    )


def stage_bar(p50: float, p95: float, most: float) -> Markup:
    """Draw median and 95th percentile of a time as two bars on a scale that ends at ``most``."""
    scale = 236 / most if most else 0.0
    return Markup(
        '<svg class="stage" viewBox="0 0 240 16" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false"><rect class="late" x="2" y="4" width="{p95 * scale:.1f}" height="8"/>'
        f'<rect class="half" x="2" y="4" width="{p50 * scale:.1f}" height="8"/></svg>'
    )


def _operating_point(axes: Axes, share: float, risk: float, threshold: float) -> list[str]:
    x, y = axes.x(share), axes.y(risk)
    anchor, shift = ("end", -8) if share > 0.5 else ("start", 8)
    above = y > TOP + 40
    return [
        f'<line class="here" x1="{x:.1f}" x2="{x:.1f}" y1="{axes.y(0):.1f}" y2="{y:.1f}"/>',
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>',
        svg_text(x + shift, y - 22 if above else y + 20, f"answered {share:.0%}", anchor, "note"),
        svg_text(
            x + shift,
            y - 8 if above else y + 34,
            f"risk {risk:.2f}, confidence ≥ {threshold:.2f}",
            anchor,
            "note",
        ),
    ]


def _dot(axes: Axes, part: Bin) -> str:
    return (
        f'<circle class="dot" cx="{axes.x(part.confidence):.1f}" cy="{axes.y(part.right):.1f}" '
        f'r="3.5"><title>confidence {part.confidence:.2f}, right {part.right:.2f}, '
        f"{part.count} questions</title></circle>"
    )


def _nice_top(highest: float) -> float:
    for top in (0.05, 0.1, 0.25, 0.5):
        if highest <= top:
            return top
    return 1.0


def axis_titles(horizontal: str, vertical: str, left: float) -> Iterator[str]:
    """Draw the titles of both axes of a plot whose frame begins at ``left``."""
    yield svg_text((left + WIDTH - RIGHT) / 2, HEIGHT - 6, horizontal, "middle", "title")
    middle = (TOP + HEIGHT - BOTTOM) / 2
    yield (
        f'<text class="title" text-anchor="middle" transform="translate(12 {middle}) '
        f'rotate(-90)">{escape(vertical)}</text>'
    )


def svg_text(x: float, y: float, text: str, anchor: str, kind: str = "tick") -> str:
    """Draw a text; ``kind`` is its class in the stylesheet."""
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def svg_plot(parts: Sequence[str], title: str, height: float = HEIGHT) -> Markup:
    """Put the parts of a plot together."""
    return Markup(
        f'<svg class="plot" viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )
