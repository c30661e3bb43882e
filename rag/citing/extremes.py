"""Find the row of a table that is first or last by what a question asks: "the highest rent".

The rows are read as they were written when the table was loaded ("Oslo | 2024: 7.5"), but for those
of a total or of all others. The column is the one that the question names with its measure ("most
stages", "employs the fewest"), or the only one with figures; of the same column in several years
that of the year in the question, else the latest. Where any of this is uncertain nothing is chosen.
English only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from index.text.patterns import lazy_regex
from rag.facts.quantities import amounts
from rag.text.english import content_stems

__all__ = ["extreme_rows"]

# Closed: superlatives of amounts. "Best" and "fastest" may be either end, "oldest" too.
_GREATEST: Final = lazy_regex(
    r"\b(?:most|highest|largest|biggest|greatest|longest|tallest|heaviest|dearest|priciest|costliest"
    r"|hottest|warmest|deepest|widest)\b",
    re.IGNORECASE,
)
_LEAST: Final = lazy_regex(
    r"\b(?:least|lowest|smallest|fewest|shortest|lightest|cheapest|coldest|shallowest|narrowest)\b",
    re.IGNORECASE,
)
# "The three largest festivals" are a row or none; "what deters women most from running" measures
# nothing that a table has.
_NO_MEASURE: Final = lazy_regex(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|\d+) \w+est\b"
    r"|\b(?:most|least) (?:from|about|by|to|at|of all)\b",
    re.IGNORECASE,
)
# What is asked for, and what stands around the measure: "which group got the longest hearing [from
# a minister]".
_ASKED_FOR: Final = lazy_regex(
    r"^(?:in |at |on |for )?(?:which|what|whose) (?:[\w-]+ )?", re.IGNORECASE
)
_AROUND: Final = lazy_regex(
    r"\b(?:from|in|at|on|by|with|to|for|among|during|according)\b.*", re.IGNORECASE
)
_SUM: Final = lazy_regex(
    r"\W*(?:(?:sub)?totals?|sum|all|overall|others?|the rest|average|mean|median)\b", re.IGNORECASE
)
# "Where has the rent fallen most" asks for no rent, and of what fell the figure may be negative.
_FALL: Final = r"f[ae]ll|falls|fallen|drop\w*|declin\w*|shr[aiu]nk|decreas\w*|reduc\w*"
_FALL_WORD: Final = lazy_regex(rf"\b(?:{_FALL})\b", re.IGNORECASE)
_CHANGE: Final = lazy_regex(
    rf"\b(?:{_FALL}|chang\w*|r[io]se|risen|rises|gr[eo]w\w*|increas\w*|gain\w*)\b", re.IGNORECASE
)
_CELL: Final = lazy_regex(r"\s\|\s")
_LABEL_AND_VALUE: Final = lazy_regex(r"(?P<label>[^:]+): (?P<value>.+)", re.DOTALL)
_YEAR: Final = lazy_regex(r"\b(?:19|20)\d\d\b")
# Of the rows, which have to have a figure in the column.
_MOST_OF_THEM: Final = 0.8


def extreme_rows(rows: Sequence[str], question: str) -> list[int]:
    """Find which rows are first by the measure of a question.

    rows: of a table, its heading among them where it has one.
    question: with a superlative.

    Returns their numbers, several where they are level; none where the measure is uncertain.
    """
    is_greatest, is_least = _GREATEST.search(question), _LEAST.search(question)
    superlative = is_greatest or is_least
    if superlative is None or (is_greatest and is_least) or _NO_MEASURE.search(question):
        return []
    columns = {i: _figures(row) for i, row in enumerate(rows) if not _SUM.match(row)}
    measure = question[: superlative.start()] + _AROUND.sub("", question[superlative.end() :])
    measure = _ASKED_FOR.sub("", measure)
    label = _choose_column(list(columns.values()), measure, question)
    values = {i: row[label] for i, row in columns.items() if label in row}
    if not label or not values or (_CHANGE.search(question) and not _CHANGE.search(label)):
        return []
    if min(values.values()) < 0 and _FALL_WORD.search(question):
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


def _choose_column(rows: Sequence[Mapping[str, float]], measure: str, question: str) -> str:
    """The heading of the column that a question is about, by the words of its measure; empty where
    that is uncertain."""
    counts = Counter(label for row in rows for label in row)
    full = [label for label, count in counts.items() if count >= _MOST_OF_THEM * (len(rows) - 1)]
    stems = content_stems(measure)
    shares = {label: len(content_stems(_YEAR.sub("", label)) & stems) for label in full}
    best = max(shares.values(), default=0)
    candidates = [label for label in full if shares[label] == best]
    if not candidates or (not best and len(candidates) > 1):
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
