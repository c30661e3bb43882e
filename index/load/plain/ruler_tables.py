"""Read tables of plain text whose columns a line of dashes marks, as Pandoc and reStructuredText
have them: under a line of headings, or between two such lines, and with cells of several lines."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.load.rows import row_lines

__all__ = ["write_ruler_tables"]

# A run of dashes for each column, and one over the whole width.
_RULER = re.compile(
    r"^ {0,3}(?:-{2,}+(?: ++-{2,}+)++|={2,}+(?: ++={2,}+)++)[ \t]*+\r?$", re.MULTILINE
)
_EDGE = re.compile(r" {0,3}-{5,}[ \t]*\r?\Z")
_RUN = re.compile(r"-+|=+")
_MOST_COLUMNS, _MOST_LINES, _MOST_HEADINGS = 30, 2_000, 10


@dataclass(frozen=True, slots=True)
class _Table:
    """``rows``: its lines. ``end``: the number of the first line below it."""

    rows: list[str]
    end: int


def write_ruler_tables(text: str) -> tuple[str, tuple[str, ...]]:
    """Write such tables as lines (:mod:`index.load.rows`); returns the text and those lines."""
    if not _RULER.search(text):
        return text, ()
    lines = text.split("\n")
    parts: list[str] = []
    rows: list[str] = []
    at = 0
    while at < len(lines):
        table = None
        if lines[at].strip() and not (at and lines[at - 1].strip()):
            table = _table_at(lines, at)
        if table is None:
            parts.append(lines[at])
            at += 1
        else:
            rows += table.rows
            parts += ["", "\n\n".join(table.rows), ""]
            at = table.end
    return "\n".join(parts), tuple(rows)


def _table_at(lines: Sequence[str], at: int) -> _Table | None:
    """Return the table that begins with a line, if one does."""
    if _RULER.fullmatch(lines[at]):
        end = _next_edge(lines, at + 1, lines[at])
        if end is None or _is_blank(lines, end + 1):
            return None if end is None else _between(lines, at, at, end)
        below = _next_edge(lines, end + 1, lines[end])
        return None if below is None else _between(lines, at, end, below)
    if _EDGE.match(lines[at]):
        places = range(at + 2, min(at + 2 + _MOST_HEADINGS, len(lines)))
        ruler = next((i for i in places if _RULER.fullmatch(lines[i])), None)
        end = None if ruler is None else _next_edge(lines, ruler + 1, lines[ruler])
        return None if ruler is None or end is None else _between(lines, at, ruler, end)
    if at + 1 < len(lines) and _RULER.fullmatch(lines[at + 1]):
        end = at + 2
        while not _is_blank(lines, end) and not _is_edge(lines[end], lines[at + 1]):
            end += 1
        return _between(lines, at - 1, at + 1, end)
    return None


def _between(lines: Sequence[str], top: int, ruler: int, end: int) -> _Table | None:
    """Return the table with headings between ``top`` and its ruler, and rows from there to ``end``;
    ``None`` where a word stands over the edge of a column."""
    columns = [match.start() for match in _RUN.finditer(lines[ruler])]
    columns[0] = 0
    head, body = lines[top + 1 : ruler], lines[ruler + 1 : end]
    bounds = list(itertools.pairwise([*columns, max(map(len, [*head, *body, ""])) + 1]))
    words = [line for line in (*head, *body) if line.strip()]
    is_cut = any(line[at - 1 : at].strip() for line in words for at in columns[1:])
    if is_cut or len(columns) > _MOST_COLUMNS or not any(map(str.strip, body)):
        return None
    if not all(map(str.strip, head)):
        return None
    rows = [
        [" ".join(line[start:stop].strip() for line in group).strip() for start, stop in bounds]
        for group in _groups(body, lines[ruler], columns[1])
    ]
    names = [" ".join(line[start:stop].strip() for line in head).strip() for start, stop in bounds]
    headings = [names] if any(names) else []
    is_blank = end >= len(lines) or not lines[end].strip()
    return _Table(list(row_lines(headings + rows, len(headings))), end if is_blank else end + 1)


def _groups(body: Sequence[str], ruler: str, second: int) -> list[list[str]]:
    """Group the lines of each row: blank lines part rows where there are any; in reStructuredText
    a line without a first cell goes on with the one above."""
    groups: list[list[str]] = []
    is_spaced = "=" not in ruler and not all(map(str.strip, body))
    before = ""
    for line in body:
        goes_on = before.strip() if is_spaced else "=" in ruler and not line[:second].strip()
        if line.strip() and groups and goes_on:
            groups[-1].append(line)
        elif line.strip():
            groups.append([line])
        before = line
    return groups


def _next_edge(lines: Sequence[str], start: int, ruler: str) -> int | None:
    """Return the number of the next line that ends a part of the table, if there is one."""
    places = range(start, min(start + _MOST_LINES, len(lines)))
    return next((at for at in places if _is_edge(lines[at], ruler)), None)


def _is_edge(line: str, ruler: str) -> bool:
    if "=" in ruler:
        return bool(_RULER.fullmatch(line)) and "=" in line
    return bool(_RULER.fullmatch(line) or _EDGE.match(line))


def _is_blank(lines: Sequence[str], at: int) -> bool:
    return at >= len(lines) or not lines[at].strip()
