"""The report of a run: one self-contained HTML file."""

from __future__ import annotations

from pathlib import Path

from eval.report.page import render, write_report

__all__ = ["STYLESHEET", "render", "write_report"]

# Of every page that the evaluation writes.
STYLESHEET = Path(__file__).parent / "report.css"
