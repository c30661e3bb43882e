"""The benchmark's page: a template filled with the figures of every section. All text is
escaped."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from eval.bench.figures import Comparison, SectionFigures
from eval.bench.sections import SECTIONS
from eval.report import STYLESHEET
from eval.report.log_plot import log_plot, short_number
from eval.report.templates import open_template

__all__ = ["render"]

_FOLDER: Final = Path(__file__).parent
_VERDICTS: Final = {True: "kept", False: "missed", None: ""}


def render(sections: Mapping[str, SectionFigures], facts: Mapping[str, Any]) -> str:
    """Render the page as HTML that loads no other file.

    sections: figures by the name of the section.
    facts: of the machine and the run, shown as they are.
    """
    comparisons = [item for figures in sections.values() for item in figures.comparisons]
    return open_template(_FOLDER / "bench.html.j2").render(
        css=Markup(STYLESHEET.read_text(encoding="utf-8")),  # noqa: S704
        sections=[(SECTIONS[name], name, figures) for name, figures in sections.items()],
        facts=facts,
        plot=log_plot,
        cell=_cell,
        target=_target,
        verdict=lambda comparison: _VERDICTS[comparison.keeps_target],
        counts={
            verdict: sum(
                _VERDICTS[comparison.keeps_target] == verdict for comparison in comparisons
            )
            for verdict in ("kept", "missed")
        },
    )


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else short_number(value)


def _target(comparison: Comparison) -> str:
    """Say what a figure is to keep."""
    targets = []
    if comparison.least_factor is not None:
        targets.append(f"≥ {short_number(comparison.least_factor)} times")
    if comparison.limit is not None:
        sign = "≤" if comparison.better == "lower" else "≥"
        targets.append(f"{sign} {short_number(comparison.limit)} {comparison.unit}".strip())
    return ", ".join(targets)
