"""Return the sentences of an article in the library."""

from __future__ import annotations

from index.article import Span
from index.snapshot import View

__all__ = ["article_sentences"]


def article_sentences(view: View, article_id: str) -> list[Span]:
    """Return all sentences of an article in reading order, each once, as offsets into its text."""
    passages = view.passages_of(article_id)
    return sorted({span for passage in passages for span in passage.sentences})
