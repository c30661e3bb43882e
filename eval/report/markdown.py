"""Format Markdown tables, and write them between markers in a document."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from eval.errors import TableError
from eval.metrics import metric_named
from eval.metrics.scores import Scores
from eval.report.formatting import DASH, figure, interval

__all__ = ["check_place", "score_rows", "show_table", "table", "write_table"]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Format a table; the text has no line end at its end."""
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines)


def score_rows(
    columns: Sequence[str],
    rows: Iterable[tuple[str, Scores, tuple[str, ...]]],
    with_interval: Collection[str] = (),
) -> Iterator[list[str]]:
    """Format the rows of a table that compares systems.

    columns: names of metrics.
    rows: name of a system, its scores, and further cells.
    with_interval: the metrics whose 95% interval stands beside the value.
    """
    for name, scores, extra in rows:
        yield [
            name,
            *(_score(column, scores, column in with_interval) for column in columns),
            *extra,
        ]


def _score(name: str, scores: Scores, with_interval: bool) -> str:
    estimate = scores.estimates.get(name)
    if estimate is None:
        return DASH
    metric = metric_named(name)
    spread = interval(metric, estimate) if with_interval else ""
    return figure(metric, estimate.value) + (f" ({spread})" if spread else "")


def write_table(document: Path, name: str, text: str) -> None:
    """Replace the text between ``<!-- table NAME -->`` and ``<!-- end NAME -->`` in a document by a
    table.

    Raises ``TableError`` unless the document has each of the two markers once.
    """
    check_place(document, name)
    before, after = _markers(name)
    content = document.read_text(encoding="utf-8")
    head, _, rest = content.partition(before)
    _, _, tail = rest.partition(after)
    document.write_text(f"{head}{before}{text}\n{after}{tail}", encoding="utf-8")


def show_table(name: str, text: str, document: Path | None = None) -> None:
    """Print a table, and write it to its place in a document where one is named."""
    if document:
        write_table(document, name, text)
    sys.stdout.write(f"{text}\n")


def check_place(document: Path, name: str) -> None:
    """Check that a document has the two markers of a table once each. Raises ``TableError`` where
    it does not."""
    before, after = _markers(name)
    content = document.read_text(encoding="utf-8")
    if content.count(before) != 1 or content.count(after) != 1:
        raise TableError(
            f"{document} must have the lines {before.strip()!r} and {after!r} once each: "
            "put them around the table"
        )


def _markers(name: str) -> tuple[str, str]:
    return f"<!-- table {name} -->\n", f"<!-- end {name} -->"
