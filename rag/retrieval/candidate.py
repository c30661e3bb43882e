"""What retrieval searches with and what it finds: query variants and candidates."""

from __future__ import annotations

from dataclasses import dataclass

from index.snapshot import Found

__all__ = ["Candidate", "QueryVariant"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer: ``hit`` is the passage and its article, ``score`` orders the
    candidates of one question."""

    hit: Found
    score: float

    @property
    def text(self) -> str:
        """The passage's text."""
        return self.hit.passage.span.of(self.hit.article.text)


@dataclass(frozen=True, slots=True)
class QueryVariant:
    """Another wording of the question; ``weight`` is what its scores count beside the
    question's own, which count 1."""

    text: str
    weight: float
