"""The opening of an article: who, where and when, in whose light its later sentences are read."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from index.article import Span
from index.text.sentences import sentences
from rag.reading.statements import is_statement

__all__ = ["opening_of"]

# Of a text, so much is looked at.
_MOST_CHARACTERS: Final = 1_500
# What is shorter is a dateline, a byline or an exclamation.
_LEAST_CHARACTERS: Final = 26


@lru_cache(maxsize=512)
def opening_of(text: str, language: str) -> Span | None:
    """Return the first sentence of a text that states something; ``None`` where its beginning has
    none."""
    beginning = text[:_MOST_CHARACTERS]
    for span in sentences(beginning, language):
        if len(span) >= _LEAST_CHARACTERS and is_statement(beginning, span):
            return span
    return None
