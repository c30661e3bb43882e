"""The protocols of what can be evaluated: a system that searches and, for most metrics, answers.

``rag.Pullquote`` is a ``System``. A baseline that only finds passages is a ``Searcher``. Both
describe themselves, so that results record what made them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from rag.answer import Answer, SearchResult
from rag.question import Turn

__all__ = ["Searcher", "System"]


class Searcher(Protocol):
    """Finds passages, best first."""

    def search(self, question: str, *, top_k: int = 20) -> list[SearchResult]:
        """Return at most ``top_k`` passages."""
        ...

    def describe(self) -> Mapping[str, Any]:
        """Settings, models and corpus as plain JSON: equal for two runs that may be joined."""
        ...


class System(Searcher, Protocol):
    """Finds passages and answers from them."""

    def ask(self, question: str, *, top_k: int = 5, history: tuple[Turn, ...] = ()) -> Answer:
        """Answer with citations, or abstain."""
        ...
