"""Format Markdown tables, and write them between markers in a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from eval.errors import TableError

__all__ = ["table", "write_table"]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Format a table; the text has no line end at its end."""
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines)


def write_table(document: Path, name: str, text: str) -> None:
    """Replace the text between ``<!-- table NAME -->`` and ``<!-- end NAME -->`` in a document by a
    table.

    Raises ``TableError`` unless the document has each of the two markers once.
    """
    before, after = f"<!-- table {name} -->\n", f"<!-- end {name} -->"
    content = document.read_text(encoding="utf-8")
    if content.count(before) != 1 or content.count(after) != 1:
        raise TableError(
            f"{document} must have the lines {before.strip()!r} and {after!r} once each: "
            "put them around the table"
        )
    head, _, rest = content.partition(before)
    _, _, tail = rest.partition(after)
    document.write_text(f"{head}{before}{text}\n{after}{tail}", encoding="utf-8")
