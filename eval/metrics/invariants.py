"""Check the promise of every citation from outside.

An answer checks itself when it is made. This checks it against the articles of the question set,
not against those that the answer carries, so it detects an article that was changed while it was
indexed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from index.article import Article
from rag.answer import Answer, Citation

__all__ = ["violations"]


def violations(answer: Answer, articles: Mapping[str, Article]) -> tuple[str, ...]:
    """List every way in which an answer breaks the promise, in words; empty when it keeps it."""
    problems = [
        reason
        for citation in answer.citations
        for reason in _violations_of(citation, answer, articles)
    ]
    if answer.abstained == bool(answer.citations):
        problems.append(
            "an answer without citations"
            if not answer.abstained
            else "an abstention with citations"
        )
    if not 0.0 <= answer.confidence <= 1.0:
        problems.append(f"confidence {answer.confidence} is no probability")
    return tuple(problems)


def _violations_of(
    citation: Citation, answer: Answer, articles: Mapping[str, Article]
) -> Iterator[str]:
    name = f"citation {citation.number}"
    span, highlight, place = citation.span, citation.highlight, citation.answer_span
    article = articles.get(citation.article.id)
    if article is None:
        yield f"{name} names {citation.article.id!r}, which is not among the articles"
        return
    if not 0 <= span.start < span.end <= len(article.text):
        yield f"{name} runs out of its article"
    elif article.text[span.start : span.end] != citation.cited_text:
        yield f"{name} quotes what its article does not say there"
    if not span.start <= highlight.start < highlight.end <= span.end:
        yield f"{name} highlights outside its quotation"
    if not 0 <= place.start < place.end <= len(answer.answer):
        yield f"{name} stands outside the answer"
    if answer.answer[citation.marker_start : citation.marker_end] != f"[{citation.number}]":
        yield f"{name} has no mark in the answer"
