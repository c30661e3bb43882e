"""A reader for tests that finds no answer, but sentences near to one."""

from __future__ import annotations

from collections.abc import Sequence

from index.article import Span
from index.snapshot import Found
from rag.evidence import Evidence, Reading

__all__ = ["NearReader"]


class NearReader:
    """The first sentence of every passage may touch on the question, its first letter most."""

    def __init__(self, confidence: float = 0.1, nearness: float = 0.9) -> None:
        self.confidence = confidence
        self.nearness = nearness

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        first = [(found.article, found.passage.sentences[0]) for found in passages]
        near = tuple(
            Evidence(source, span, Span(span.start, span.start + 1), self.confidence)
            for source, span in first
        )
        return Reading(near[:1], self.confidence, nearest=near, nearness=self.nearness)
