"""Measure what quotations that cannot be read alone get, and write the table of docs/evaluation.md.

``python -m eval.studies.antecedents [--into FILE]``
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from eval.report.markdown import show_table, table
from eval.studies.antecedents.measure import BracketTally, measure_brackets, measure_detection

__all__ = ["antecedents_table", "main"]


def antecedents_table() -> str:
    """Format the figures in Markdown: of each half how many are right, and precision and recall."""
    rows: list[list[str]] = []
    halves = [(False, "fitted"), (True, "held out")]
    for held_out, name in halves:
        rows.append([f"refers back, {name}", *_cells(measure_detection(held_out))])
        for kind, tally in measure_brackets(held_out).items():
            rows.append([f"brackets, {kind}, {name}", *_cells(tally)])
    return table(["", "of words", "called", "right", "precision", "recall"], rows)


def _cells(tally: BracketTally) -> list[str]:
    precision = f"{tally.precision:.2f}" if tally.brackets else "-"
    counts = [str(count) for count in (tally.gold, tally.brackets, tally.right)]
    return [*counts, precision, f"{tally.recall:.2f}"]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--into", type=Path, help="the document whose table is written anew")
    options = parser.parse_args(arguments)
    show_table("antecedents", antecedents_table(), options.into)


if __name__ == "__main__":
    main()
