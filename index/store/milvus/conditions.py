"""Filters as expressions of Milvus, applied in the engine before it searches."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from index.filters import Filters, publisher_forms
from index.store.base import Selection
from index.store.milvus.collections import name_hash
from index.store.milvus.engine import listing

__all__ = ["MOST_NAMES", "ConditionalSelection", "condition_of", "passage_condition"]

# More names than this in a filter are compared with those that the library has first.
MOST_NAMES = 1_000


@dataclass(frozen=True, slots=True)
class ConditionalSelection(Selection):
    """A selection that the engine makes itself. Its ``articles`` are ``None`` or none.

    ``partitions``: those that its passages lie in; ``None`` for any.
    """

    condition: str = ""
    partitions: tuple[str, ...] | None = None


def condition_of(
    filters: Filters,
    languages: Collection[str] | None = None,
    publishers: Collection[str] | None = None,
) -> str:
    """Return the expression of all filters but those by article; empty for none.

    ``languages`` and ``publishers``: those that the library has, which long lists of names are cut
    down to.
    """
    clauses: list[str] = []
    if filters.publisher:
        forms = {form for name in filters.publisher for form in publisher_forms(name)}
        if publishers is not None:
            forms &= {name.casefold() for name in publishers}
        clauses.append(f"publisher_hash in {_hashes(forms)}")
    if filters.language:
        tags = {tag.casefold().replace("_", "-") for tag in filters.language}
        if languages is not None:
            present = {language.casefold() for language in languages}
            tags &= present | {language.partition("-")[0] for language in present}
        hashes = _hashes(tags)
        clauses.append(f"(language_hash in {hashes} or base_hash in {hashes})")
    if filters.published_from:
        clauses.append(f"day >= {filters.published_from.toordinal()}")
    if filters.published_to:
        clauses.append(f"day > 0 and day <= {filters.published_to.toordinal()}")
    return " and ".join(clauses)


def passage_condition(selection: Selection) -> str:
    """Return the expression of a selection, on passages; empty for all."""
    if isinstance(selection, ConditionalSelection):
        return selection.condition
    clauses: list[str] = []
    if selection.articles is not None:
        clauses.append(f"article in {listing(selection.articles.tolist())}")
    if selection.passages is not None:
        clauses.append(f"key in {listing(selection.passages.tolist())}")
    return " and ".join(clauses)


def _hashes(names: Iterable[str]) -> str:
    """Format names as a list that is never empty: of no names, one that nobody has."""
    return listing(sorted(name_hash(name) for name in names) or ["none"])
