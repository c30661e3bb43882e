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


def carries(cited: Cited, gold: GoldSpan) -> bool:
    """The citation shares at least half of the shorter one's characters with the gold span."""
    if cited.document_id != gold.doc_id:
        return False
    span = cited.span
    shared = min(span.end, gold.end) - max(span.start, gold.start)
    return 2 * shared >= min(len(span), gold.end - gold.start)


def jointly_carry(cited: Iterable[Cited], gold: Iterable[GoldSpan]) -> bool:
    """Some gold span is carried by one of the citations, or half covered by them together."""
    cited = tuple(cited)
    for span in gold:
        if any(carries(one, span) for one in cited):
            return True
        covered: set[int] = set()
        for one in cited:
            if one.document_id == span.doc_id:
                cites = one.span
                covered.update(range(max(cites.start, span.start), min(cites.end, span.end)))
        if 2 * len(covered) >= span.end - span.start:
            return True
    return False


def holds(passage: Found, gold: GoldSpan) -> bool:
    """The passage has at least half of the gold span's characters."""
    if passage.document_id != gold.doc_id:
        return False
    shared = min(passage.end, gold.end) - max(passage.start, gold.start)
    return 2 * shared >= gold.end - gold.start


def holds_evidence(passage: Found, case: Case) -> bool:
    """The passage holds a gold span or, where a set has none, is from a relevant document."""
    spans = case.gold_spans
    if spans:
        return any(holds(passage, span) for span in spans)
    return case.relevance.get(passage.document_id, 0) > 0


def sentence_scores(cited: Iterable[Cited], case: Case) -> tuple[float, float, float]:
    """Precision, recall and F1 of the cited stretches against the gold evidence.

    Precision: the share of the different cited stretches that carry a gold span of any
    alternative. Recall: the share of an alternative's spans that are carried, for the
    alternative where it is highest. Without citations all three are 0.
    """
    unique = {(one.document_id, one.span): one for one in cited}.values()
    if not unique:
        return 0.0, 0.0, 0.0
    right = sum(any(carries(one, span) for span in case.gold_spans) for one in unique)
    precision = right / len(unique)
    recall = max(
        sum(any(carries(one, span) for one in unique) for span in spans) / len(spans)
        for spans in case.evidence
    )
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0
