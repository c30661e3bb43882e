"""Filters as SQL conditions, by which the database selects articles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from index.filters import Filters, publisher_forms
from index.store.sqlite.database import LIST
from index.text.normalise import clean_line

__all__ = ["Condition", "conditions", "where", "word_conditions"]

# SQL with ``?`` marks, and the values for them.
Condition = tuple[str, Sequence[Any]]


def conditions(filters: Filters) -> list[Condition]:
    """Return the SQL conditions of the filters on an article; none for no filter."""
    clauses: list[Condition] = []
    # SQLite folds ASCII only; names are folded in Python on both sides.
    if filters.publisher:
        publishers = [form for name in filters.publisher for form in publisher_forms(name)]
        clauses.append((f"casefold(publisher) IN {LIST}", [json.dumps(publishers)]))
    if filters.language:
        tags = [tag.casefold().replace("_", "-") for tag in filters.language]
        kind = "substr(language, 1, instr(language || '-', '-') - 1)"
        language_match = f"casefold(language) IN {LIST} OR {kind} IN {LIST}"
        clauses.append((language_match, [json.dumps(tags), json.dumps(tags)]))
    if filters.article_ids:
        clauses.append((f"id IN {LIST}", [json.dumps(filters.article_ids)]))
    if filters.published_from:
        clauses.append(("published_at >= ?", [filters.published_from.isoformat()]))
    if filters.published_to:
        clauses.append(("published_at <= ?", [filters.published_to.isoformat()]))
    return clauses


def word_conditions(words: str) -> list[Condition]:
    """Return conditions that an article's title, publisher or author contains these words, in any
    case."""
    words = clean_line(words).casefold()
    if not words:
        return []
    columns = " || char(10) || ".join(
        f"ifnull(casefold({column}), '')" for column in ("title", "publisher", "author")
    )
    return [(f"instr({columns}, ?) > 0", [words])]


def where(conditions: Sequence[Condition]) -> tuple[str, list[Any]]:
    """Combine all conditions into one, and their values."""
    clause = " AND ".join(f"({sql})" for sql, _ in conditions) or "1"
    return clause, [value for _, values in conditions for value in values]
