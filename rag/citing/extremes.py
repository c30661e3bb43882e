"""Find the row of a table that is first or last by what a question asks: "the highest rent".

The rows are read as they were written when the table was loaded ("Oslo | 2024: 7.5"). The column is
the one that the question names, or the only one with figures; of the same column in several years
that of the year in the question, else the latest. Where any of this is uncertain nothing is chosen.
English only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from rag.facts.quantities import amounts
from rag.text.english import content_stems

__all__ = ["extreme_rows"]

# Closed: superlatives of amounts. "Best" and "fastest" may be either end, "oldest" too.
_GREATEST: Final = re.compile(
    r"\b(?:most|highest|largest|biggest|greatest|longest|tallest|heaviest|dearest|priciest|costliest"
    r"|hottest|warmest|deepest|widest)\b",
    re.IGNORECASE,
)
_LEAST: Final = re.compile(
    r"\b(?:least|lowest|smallest|fewest|shortest|lightest|cheapest|coldest|shallowest|narrowest)\b",
    re.IGNORECASE,
)
_CELL: Final = re.compile(r"\s\|\s")
_LABEL_AND_VALUE: Final = re.compile(r"(?P<label>[^:]+): (?P<value>.+)", re.DOTALL)
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
# Of the rows, which have to have a figure in the column.
_MOST_OF_THEM: Final = 0.8


def extreme_rows(rows: Sequence[str], question: str) -> list[int]:
    """Find which rows are first by the measure of a question.

    rows: of a table, its heading among them where it has one.
    question: with a superlative.

    Returns their numbers, several where they are level; none where the measure is uncertain.
    """
    is_greatest, is_least = _GREATEST.search(question), _LEAST.search(question)
    if bool(is_greatest) == bool(is_least):
        return []
    columns = [_figures(row) for row in rows]
    label = _choose_column(columns, question)
    values = {i: row[label] for i, row in enumerate(columns) if label in row}
    if not label or not values:
        return []
    extreme = max(values.values()) if is_greatest else min(values.values())
    return [i for i, value in values.items() if value == extreme]


def _figures(row: str) -> dict[str, float]:
    """The cells of a row that are one figure, by their headings."""
    cells: dict[str, float] = {}
    for cell in _CELL.split(row):
        match = _LABEL_AND_VALUE.fullmatch(cell.strip())
        figures = amounts(match["value"]) if match else []
        if match and len(figures) == 1:
            cells[match["label"].strip()] = figures[0].readings[0][0]
    return cells


def _choose_column(rows: Sequence[Mapping[str, float]], question: str) -> str:
    """The heading of the column that a question is about; empty where that is uncertain."""
    counts = Counter(label for row in rows for label in row)
    full = [label for label, count in counts.items() if count >= _MOST_OF_THEM * (len(rows) - 1)]
    stems = content_stems(question)
    shares = {label: len(content_stems(_YEAR.sub("", label)) & stems) for label in full}
    best = max(shares.values(), default=0)
    candidates = [label for label in full if shares[label] == best]
    if not best and len(candidates) > 1:
        return ""
    return candidates[0] if len(candidates) == 1 else _of_year(candidates, question)


def _of_year(labels: Sequence[str], question: str) -> str:
    """Of headings that differ in their year alone, the one of the question's year, or the
    latest."""
    by_year = {match.group(): label for label in labels if (match := _YEAR.search(label))}
    if len(by_year) < len(labels) or len({_YEAR.sub("", label) for label in labels}) > 1:
        return ""
    question_years = [year for year in _YEAR.findall(question) if year in by_year]
    return by_year[question_years[0] if question_years else max(by_year)]
