"""The input and output of retrieval: query variants and candidates."""

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
    """Another wording of the question; ``weight`` is the weight of its scores, beside 1 for the
    question's own."""

    text: str
    weight: float
