"""Hard negatives: a passage that retrieval ranks high for a question but that lacks the answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from eval.metrics.squad import contains
from eval.training.sets import Question
from index.article import Article
from index.search.analyzer import terms_of
from index.search.lexical import LexicalIndex, LexicalRow

__all__ = ["Bm25", "lacks", "words"]

_LANGUAGE: Final = "en"


def words(text: str) -> list[str]:
    """Split a text into its terms, in order, as the library indexes English."""
    return terms_of(text, _LANGUAGE)


class Bm25:
    """Scores all documents of one set for a query with the library's lexical search, in memory.

    ``idf``: of every term of the documents, by term.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        rows = [LexicalRow(i, i, _LANGUAGE, "", text) for i, text in enumerate(texts)]
        self._size = len(texts)
        self._index = LexicalIndex.in_memory(Path("negatives"), rows)
        self.idf = {term: self._idf(term) for text in texts for term in words(text)}

    def _idf(self, term: str) -> float:
        count = self._index.document_frequency(term)
        return math.log(1 + (self._size - count + 0.5) / (count + 0.5))

    def scores(self, query: str) -> NDArray[np.float32]:
        """float32 ``[documents]``."""
        total = np.zeros(self._size, np.float32)
        keys, scores = self._index.search(words(query), max(self._size, 1))
        total[keys] = scores
        return total


def lacks(document: Article, question: Question) -> bool:
    """Whether a document is none of those that answer the question, and holds none of its answers,
    word for word."""
    is_own = document.id == question.document or bool(question.spans_in(document.id))
    return not is_own and not contains(document.text, *question.answers)
