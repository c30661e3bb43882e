"""When a quoted stretch of text carries gold evidence.

A citation is usually a whole sentence, gold may be three words of it or two sentences, and two
sentence splitters never quite agree. So a stretch *carries* a gold span when both lie in the
same document and share at least half of the characters of the shorter one. A passage, which is
longer than what it is found for, *holds* a gold span when it has at least half of the span's
characters.
"""

from __future__ import annotations

from collections.abc import Iterable

from eval.dataset.questions import Case, GoldSpan
from eval.results import Cited, Found

__all__ = ["carries", "holds", "holds_evidence", "jointly_carry", "sentence_scores"]


def carries(citation: Cited, gold: GoldSpan) -> bool:
    """Whether a citation shares at least half of the shorter one's characters with a gold span."""
    if citation.document_id != gold.doc_id:
        return False
    span = citation.span
    overlap = min(span.end, gold.end) - max(span.start, gold.start)
    return 2 * overlap >= min(len(span), gold.end - gold.start)


def jointly_carry(citations: Iterable[Cited], gold: Iterable[GoldSpan]) -> bool:
    """Whether one citation carries a gold span, or all of them together cover half of one."""
    citations = tuple(citations)
    for span in gold:
        if any(carries(citation, span) for citation in citations):
            return True
        positions: set[int] = set()
        for citation in citations:
            if citation.document_id == span.doc_id:
                cites = citation.span
                positions.update(range(max(cites.start, span.start), min(cites.end, span.end)))
        if 2 * len(positions) >= span.end - span.start:
            return True
    return False


def holds(passage: Found, gold: GoldSpan) -> bool:
    """Whether a passage has at least half of a gold span's characters."""
    if passage.document_id != gold.doc_id:
        return False
    overlap = min(passage.end, gold.end) - max(passage.start, gold.start)
    return 2 * overlap >= gold.end - gold.start


def holds_evidence(passage: Found, case: Case) -> bool:
    """Whether a passage holds a gold span or, where a set has none, is of a relevant document."""
    spans = case.gold_spans
    if spans:
        return any(holds(passage, span) for span in spans)
    return case.relevance.get(passage.document_id, 0) > 0


def sentence_scores(citations: Iterable[Cited], case: Case) -> tuple[float, float, float]:
    """Precision, recall and F1 of the cited stretches against the gold evidence.

    Precision: the share of the different cited stretches that carry a gold span of any
    alternative. Recall: the share of an alternative's spans that are carried, for the
    alternative where it is highest. Without citations all three are 0.
    """
    unique = {(citation.document_id, citation.span): citation for citation in citations}.values()
    if not unique:
        return 0.0, 0.0, 0.0
    right = sum(any(carries(citation, span) for span in case.gold_spans) for citation in unique)
    precision = right / len(unique)
    recall = max(
        sum(any(carries(citation, span) for citation in unique) for span in spans) / len(spans)
        for spans in case.evidence
    )
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0
