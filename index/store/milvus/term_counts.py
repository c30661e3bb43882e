"""How many passages hold a term, as far as it was asked: a question asks the same of many terms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

__all__ = ["TermCounts"]

# Terms that are remembered; an entry takes some hundred bytes.
_MOST: Final = 100_000


class TermCounts:
    """The counts of one generation, by column and term. Safe to share between threads: two that
    ask the same at once count it twice."""

    def __init__(self, most: int = _MOST) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        self._most = most

    def get(self, column: str, term: str, count: Callable[[], int]) -> int:
        """Return the count of a term in a column, by ``count`` where it was not asked before."""
        key = (column, term)
        number = self._counts.get(key)
        if number is None:
            number = count()
            if len(self._counts) >= self._most:
                self._counts = {}
            self._counts[key] = number
        return number
