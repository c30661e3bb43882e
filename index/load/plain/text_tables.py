"""Find tables in plain text: cells separated by tabs, bars, or columns of spaces.

Only unambiguous tables count: consecutive lines with equally many tabs; with a bar at both ends;
with a gap of two spaces or more at the same places; or what a ruler divides
(:mod:`index.load.plain.ruler_tables`).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from index.load.plain.grid_tables import grid_cells
from index.load.plain.ruler_tables import write_ruler_tables
from index.load.rows import row_lines, table_lines

__all__ = ["write_text_tables"]

# A row between bars, or one whose cells a rule divides in part.
_BAR = re.compile(r"\s{0,3}(?:\|.*[|+]|\+[-=].*\|)\s*\Z")
# What divides rows, or headings from rows: in Markdown, grids and reStructuredText.
_RULE = re.compile(r"(?=.*[=-]{2})[ \t|+:=-]+\r?\Z")
_GAP = re.compile(r"\S {2,}\S")
_MIN_ALIGNED = 3
# Above and below the headings, and below the last row.
_LEAST_RULES = 3
_MAX_CELL, _MAX_COLUMNS, _MAX_ROWS = 60, 30, 2_000
# A column of text beside another one is no column of a table.
_USUAL_CELL = 24


def write_text_tables(text: str) -> tuple[str, tuple[str, ...]]:
    """Write the tables of a plain text as lines (:mod:`index.load.rows`); returns the text and
    those lines."""
    text, ruler_rows = write_ruler_tables(text)
    if "\t" not in text and "|" not in text and "  " not in text:
        return text, ruler_rows
    parts: list[str] = []
    rows_of_tables = list(ruler_rows)
    for kind, group in itertools.groupby(text.split("\n"), _kind):
        lines = list(group)
        table = _table(kind, lines)
        if table:
            rows_of_tables += table
            parts += ["", "\n\n".join(table), ""]
        else:
            parts += lines
    return "\n".join(parts), tuple(rows_of_tables)


def _kind(line: str) -> str:
    """Return the kind of table that the line may be a row of; consecutive lines of one kind may be
    a table."""
    bare = line.rstrip("\r")
    if "\t" in bare.strip():
        return f"tabs {bare.count(chr(9))}"
    if _BAR.match(bare) or (bare.lstrip().startswith(("+", "|")) and _RULE.match(bare)):
        return "bars"
    return "spaces" if _GAP.search(bare) or (len(bare) > 3 and _RULE.match(bare)) else ""


def _table(kind: str, lines: list[str]) -> list[str]:
    if len(lines) < 2 or not kind:
        return []
    if kind == "bars":
        return _bars(lines)
    if kind == "spaces":
        return _columns(lines) if len(lines) <= _MAX_ROWS else []
    return list(row_lines([[cell.strip() for cell in line.split("\t")] for line in lines]))


def _bars(lines: Sequence[str]) -> list[str]:
    """Return the rows of a table with bars; a rule below the first makes it a row of headings,
    unless such a rule parts all rows."""
    if grid := grid_cells(lines):
        return list(table_lines(grid))
    rows: list[list[str]] = []
    rules: dict[int, str] = {}
    for line in lines:
        if _RULE.match(line):
            rules.setdefault(len(rows), line.strip())
            continue
        cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
        rows.append([cell.replace("\\|", "|").strip() for cell in cells])
    columns = {len(row) for row in rows}
    if len(rows) < 2 or len(columns) != 1 or columns == {1}:
        return []
    if lines[0].startswith("+") and len(rules) > _LEAST_RULES:
        # Lines between two rules are one row, where rules part more than the headings.
        rows = _rows_between(rows, sorted(rules))
        rules = dict(enumerate(rules.values()))
    inner = [at for at in rules if 0 < at < len(rows)]
    is_only = inner == [1] and (len(rows) > 2 or not rules[1].startswith("+"))
    has_head = is_only or (1 in inner and "=" in rules[1])
    return list(row_lines(rows, headings=int(has_head)))


def _rows_between(lines: Sequence[list[str]], rules: Sequence[int]) -> list[list[str]]:
    """Join the cells of the lines between one rule and the next."""
    groups = [lines[start:end] for start, end in itertools.pairwise(rules) if start < end]
    return [
        [" ".join(filter(None, cells)) for cells in zip(*group, strict=True)] for group in groups
    ]


def _columns(lines: Sequence[str]) -> list[str]:
    """Return the rows of a table whose columns are separated by spaces in every line."""
    rules = [at for at, line in enumerate(lines) if _RULE.match(line)]
    rows = [line.rstrip() for at, line in enumerate(lines) if at not in rules]
    if len(rows) < _MIN_ALIGNED:
        return []
    starts = _starts(rows)
    if not 1 < len(starts) <= _MAX_COLUMNS:
        return []
    edges = list(itertools.pairwise([*starts, max(map(len, rows))]))
    cells = [[row[start:end].strip() for start, end in edges] for row in rows]
    texts = [cell for row in cells for cell in row if cell]
    if max(map(len, texts)) > _MAX_CELL or _usual_length(texts) > _USUAL_CELL:
        return []
    # A rule below the first row, under that of the table's upper edge if it has one.
    upper_edge = int(0 in rules)
    has_head = upper_edge + 1 in rules and len(rules) <= 2 + upper_edge
    return list(row_lines(cells, headings=int(has_head)))


def _starts(rows: Sequence[str]) -> list[int]:
    """Find where columns begin: after two places or more that are blank in every row."""
    ink = bytearray(max(map(len, rows)))
    for row in rows:
        for at, char in enumerate(row):
            if char != " ":
                ink[at] = 1
    return list(_runs_after_gaps(ink))


def _runs_after_gaps(ink: bytearray) -> Iterator[int]:
    blank = 2
    for at, is_used in enumerate(ink):
        if is_used and blank >= 2:
            yield at
        blank = 0 if is_used else blank + 1


def _usual_length(texts: Sequence[str]) -> int:
    return sorted(map(len, texts))[len(texts) // 2]
