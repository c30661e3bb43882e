"""The extractive answer: sentences of the articles, word for word, each with its citation."""

from __future__ import annotations

from collections.abc import Sequence

from index.article import Span
from rag.answer import Citation
from rag.read import Evidence

__all__ = ["ABSTENTION", "compose"]

ABSTENTION = {
    "not_in_articles": "The articles do not say.",
    "empty_library": "There are no articles yet. Add some with pullquote add.",
    "nothing_matches_filters": "No article matches the filters.",
}


def compose(
    evidence: Sequence[Evidence], told: str = "", cited: Sequence[Citation] = ()
) -> tuple[str, tuple[Citation, ...]]:
    """The answer's text and its citations.

    The article of the best evidence comes first; within an article the sentences stand in
    reading order, and one that was found twice (passages overlap) stands once. After what is
    ``told`` and ``cited`` already, the answer goes on in a paragraph of its own.
    """
    chosen = {(each.article.id, each.sentence): each for each in reversed(evidence)}
    order = list(dict.fromkeys(each.article.id for each in evidence))
    ordered = sorted(
        chosen.values(), key=lambda each: (order.index(each.article.id), each.sentence)
    )
    articles = list(dict.fromkeys([*(each.article.id for each in cited), *order]))
    text = f"{told}\n\n" if told else ""
    citations = list(cited)
    for i, each in enumerate(ordered):
        text += " " if i else ""
        start = len(text)
        text += each.sentence.of(each.article.text)
        citations.append(
            Citation(
                article=each.article,
                span=each.sentence,
                highlight=each.highlight,
                answer_span=Span(start, len(text)),
                number=len(citations) + 1,
                document_index=articles.index(each.article.id),
                support_score=each.score,
                also_in=each.also_in,
            )
        )
        text += f" [{citations[-1].number}]"
    return text, tuple(citations)
