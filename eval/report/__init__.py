"""The report: one HTML file that needs nothing but itself."""

from __future__ import annotations

from eval.report.page import render, write_report

__all__ = ["render", "write_report"]
