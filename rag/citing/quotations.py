"""Group sentences into quotations, and order these.

A quotation states that its words follow each other in the article. So sentences of one article
stand in reading order, a mark of omission stands between those that are not neighbours, and another
article begins a quotation of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from index.article import Span
from rag.contract import CitationRole
from rag.evidence import Evidence

__all__ = ["OMISSION", "Aside", "follows_on", "group_quotations"]

# What stands for the words that were left out between two sentences of a quotation.
OMISSION: Final = "[…]"


@dataclass(frozen=True, slots=True)
class Aside:
    """A quotation beside those that answer: its role, our introduction, and the evidence that it
    quotes."""

    role: CitationRole
    introduction: str
    evidence: tuple[Evidence, ...]


def group_quotations(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    """Group evidence (best first) into quotations, one an article.

    The article of the best evidence comes first; within a quotation the sentences stand in reading
    order, and one that was found twice (passages overlap) stands once.
    """
    unique = {(item.article.id, item.sentence): item for item in reversed(evidence)}
    quotations: dict[str, list[Evidence]] = {item.article.id: [] for item in evidence}
    for item in sorted(unique.values(), key=lambda item: item.sentence):
        quotations[item.article.id].append(item)
    return list(quotations.values())


def follows_on(text: str, before: Span, after: Span) -> bool:
    """Whether nothing but white space stands between two stretches of an article's text."""
    return before.end <= after.start and not text[before.end : after.start].strip()
