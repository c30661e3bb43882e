"""Plots of curves over two logarithmic axes, as inline SVG, in the style of the other plots."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from eval.report.plots import BOTTOM, HEIGHT, RIGHT, TOP, WIDTH, axis_titles, svg_plot, svg_text

__all__ = ["LogAxis", "log_plot", "short_number"]

_MARGIN = 58.0
_LINE = 15.0
# Colours of the report, then dashes, so that a dozen curves can be told apart without colours.
_COLOURS = ("accent", "reader-miss", "retrieval-miss", "wrong-answer", "gold-line", "failed")
_DASHES = ("", "6 3", "2 3")


@dataclass(frozen=True, slots=True)
class LogAxis:
    """An axis from one power of ten to another, on which values lie at ``start`` to ``end``."""

    low: int
    high: int
    start: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float) -> LogAxis:
        """The axis on which all values, above 0, have room: a decade at least."""
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        return cls(low, max(high, low + 1), start, end)

    def place(self, value: float) -> float:
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """The place and the label of every power of ten."""
        for power in range(self.low, self.high + 1):
            yield self.place(10.0**power), short_number(10.0**power)


def log_plot(
    title: str,
    horizontal: str,
    vertical: str,
    curves: Mapping[str, Sequence[tuple[float, float]]],
) -> Markup:
    """Draw curves with a dot at each point and a legend below; nothing where there is no point.

    Values have to be above 0.
    """
    points = [point for curve in curves.values() for point in curve]
    if not points:
        return Markup("")
    across = LogAxis.over([x for x, _ in points], _MARGIN, WIDTH - RIGHT)
    up = LogAxis.over([y for _, y in points], HEIGHT - BOTTOM, TOP)
    parts = list(_frame(across, up, horizontal, vertical))
    for number, (name, curve) in enumerate(curves.items()):
        parts += _curve(across, up, number, name, curve)
    return svg_plot(parts, title, HEIGHT + _LINE * len(curves) + 6)


def short_number(value: float) -> str:
    """Write a number in as few characters as three digits take: ``0.05``, ``12.3``, ``4,500``."""
    if value == 0 or math.isnan(value):
        return "0" if value == 0 else "\N{EN DASH}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _frame(across: LogAxis, up: LogAxis, horizontal: str, vertical: str) -> Iterator[str]:
    for x, label in across.ticks():
        yield svg_text(x, HEIGHT - BOTTOM + 16, label, "middle")
    for number, (y, label) in enumerate(up.ticks()):
        kind = "grid" if number else "axis"
        yield (
            f'<line class="{kind}" x1="{_MARGIN}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        yield svg_text(_MARGIN - 7, y + 4, label, "end")
    yield from axis_titles(horizontal, vertical, _MARGIN)


def _curve(
    across: LogAxis, up: LogAxis, number: int, name: str, curve: Sequence[tuple[float, float]]
) -> Iterator[str]:
    colour = f"var(--{_COLOURS[number % len(_COLOURS)]})"
    dash = _DASHES[number // len(_COLOURS) % len(_DASHES)]
    style = f'style="stroke:{colour}" stroke-dasharray="{dash}"'
    places = [(across.place(x), up.place(y)) for x, y in sorted(curve)]
    if places:
        line = "L".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<path class="line" {style} d="M{line}"/>'
    for (x, y), (size, value) in zip(places, sorted(curve), strict=True):
        label = escape(f"{name}: {short_number(value)} at {short_number(size)}")
        yield (
            f'<circle class="dot" style="fill:{colour}" cx="{x:.1f}" cy="{y:.1f}" r="3.5">'
            f"<title>{label}</title></circle>"
        )
    top = HEIGHT + _LINE * number + 8
    yield f'<path class="line" {style} d="M{_MARGIN:.0f},{top:.0f}h24"/>'
    yield svg_text(_MARGIN + 32, top + 4, name, "start")
