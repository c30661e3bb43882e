"""Hard negatives: a passage that retrieval ranks high for a question but that lacks the answer.

BM25 (Robertson and Zaragoza, 2009) with k1 = 1.2 and b = 0.75 over the documents of one set.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from eval.metrics.squad import contains
from eval.training.sets import Question
from index.article import Article

__all__ = ["Bm25", "lacks", "words"]

_K1: Final = 1.2
_B: Final = 0.75
_WORD: Final = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Lower-cased words, a plural's or third person's final s cut."""
    return [w[:-1] if len(w) > 3 and w.endswith("s") else w for w in _WORD.findall(text.lower())]


class Bm25:
    """Scores all documents for a query; built once."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(words(text)) for text in texts]
        lengths = np.array([max(sum(c.values()), 1) for c in counts], np.float32)
        norm = _K1 * (1 - _B + _B * lengths / lengths.mean())
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for row, count in enumerate(counts):
            for word, times in count.items():
                postings[word].append((row, times))
        self._size = len(texts)
        self.idf = {
            word: float(np.log(1 + (len(texts) - len(p) + 0.5) / (len(p) + 0.5)))
            for word, p in postings.items()
        }
        self._weights: dict[str, tuple[NDArray[np.int64], NDArray[np.float32]]] = {}
        for word, pairs in postings.items():
            rows = np.array([i for i, _ in pairs], np.int64)
            often = np.array([t for _, t in pairs], np.float32)
            score = self.idf[word] * often * (_K1 + 1) / (often + norm[rows])
            self._weights[word] = (rows, score.astype(np.float32))

    def scores(self, query: str) -> NDArray[np.float32]:
        """float32 ``[documents]``."""
        total = np.zeros(self._size, np.float32)
        for word in set(words(query)):
            if word in self._weights:
                rows, weights = self._weights[word]
                total[rows] += weights
        return total


def lacks(document: Article, question: Question) -> bool:
    """Whether a document is not the question's own and holds none of its answers, word for
    word."""
    is_own = document.id == question.document
    return not is_own and not contains(document.text, *question.answers)
