"""Tables that lay out a mail or a page: what stands in them keeps its place."""

from __future__ import annotations

import pytest

from tests.index.load.webpages import HEADLINE, P, read


def _row(*cells: str, role: str = "") -> str:
    inside = "".join(f"<td>{cell}</td>" for cell in cells)
    return f"<table{role}><tr>{inside}</tr></table>"


def _stacked(figure: str, words: str) -> str:
    rows = f"<tr><td>{figure}</td></tr><tr><td>{words}</td></tr>"
    return f'<table role="presentation">{rows}</table>'


BOXES = _row(_stacked("74%", "of all trips were full"), _stacked("12", "boats are left"))


@pytest.mark.parametrize(
    ("figures", "lines"),
    [
        (BOXES, ["74% of all trips were full", "12 boats are left"]),
        (
            _row("<b>74%</b><br>of all trips were full", "<b>12</b><br>boats are left"),
            ["74% of all trips were full", "12 boats are left"],
        ),
        (
            _row("<div>74%</div>", "<div>of all trips were full</div>"),
            ["74%", "of all trips were full"],
        ),
        (
            "<table><tr><td>Pier</td><td>1,120</td></tr><tr><td>Quay</td><td>400</td></tr></table>",
            ["Pier | 1,120", "Quay | 400"],
        ),
    ],
)
@pytest.mark.parametrize("role", ["", ' role="presentation"'])
def test_figures_between_paragraphs(figures: str, lines: list[str], role: str) -> None:
    parts = (f"<h1>{HEADLINE}</h1><p>{P[0]}</p>", figures, f"<p>{P[1]}</p><p>{P[2]}</p>")
    rows = "".join(f"<tr><td>{part}</td></tr>" for part in parts)
    found = read(f"<table{role}>{rows}</table>")
    assert found.text.split("\n\n") == [P[0], *lines, P[1], P[2]]
