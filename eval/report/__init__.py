"""The report of a run: one self-contained HTML file."""

from __future__ import annotations

from eval.report.page import render, write_report

__all__ = ["render", "write_report"]
