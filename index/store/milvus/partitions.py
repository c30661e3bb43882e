"""Passages lie in a partition by the year of their article, so that a search within days reads the
years in question alone. What has no day lies in the default partition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter

from index.filters import Filters
from index.store.milvus.engine import Row

__all__ = ["by_year", "partition_name", "partitions_within", "year_of"]


def year_of(day: int) -> int:
    """The year of a day, counted as ``date.toordinal`` does; 0 for none."""
    return date.fromordinal(day).year if day else 0


def partition_name(year: int) -> str:
    """The name of a year's partition; empty for the default one, of what has no day."""
    return f"y{year}" if year else ""


def by_year(rows: Iterable[Row]) -> Iterator[tuple[int, list[Row]]]:
    """Group rows, which have a ``day``, by its year."""
    dated_rows = sorted(((year_of(row["day"]), row) for row in rows), key=itemgetter(0))
    for year, group in groupby(dated_rows, key=itemgetter(0)):
        yield year, [row for _, row in group]


def partitions_within(filters: Filters, years: Sequence[int] | None) -> tuple[str, ...] | None:
    """Name the partitions that passages within the days of filters may lie in; ``None`` for all:
    without days to search within, or where the collection has no partitions (``years``)."""
    first, last = filters.published_from, filters.published_to
    if years is None or not (first or last):
        return None
    begin, end = first.year if first else 1, last.year if last else date.max.year
    return tuple(partition_name(year) for year in sorted(years) if begin <= year <= end)
