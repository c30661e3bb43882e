"""Proximity: how closely the words of a question stand together in a passage.

BM25 counts words wherever they stand. Two more signals tell a passage about the question from one
that merely shares its words: words adjacent in the question that are adjacent in the passage too
(the ordered bigrams of Metzler and Croft, "A Markov random field model for term dependencies",
SIGIR 2005), and how much of the question falls into one short window (Tao and Zhai, "An exploration
of proximity measures in information retrieval", SIGIR 2007).

Words are the lexical index's terms: stemmed, without stop words, in the order of the text.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

__all__ = ["WINDOW", "Proximity"]

# In terms, so about 30 words of running text. 12 to 25 measured alike.
WINDOW = 16

# Where a term of the question stands in a passage.
_Hit = tuple[int, str]


class Proximity:
    """Measures how closely the words of one question stand together in passages.

    ``question``: its terms, in order. ``idf``: of each of them.
    """

    def __init__(self, question: Sequence[str], idf: Mapping[str, float]) -> None:
        self._idf = idf
        self._words = frozenset(question)
        self._pairs = [(pair, idf[pair[0]] + idf[pair[1]]) for pair in itertools.pairwise(question)]
        self._pair_weight = sum(weight for _, weight in self._pairs)
        self._word_weight = sum(idf[word] for word in self._words)

    def shares(self, passage: Sequence[str]) -> tuple[float, float]:
        """Compute two shares (0 to 1, by idf) for a passage, given by its terms: of the question's
        adjacent pairs, those that are adjacent in that order in the passage (0 for a question of
        one word); and of its words, the most that stand within ``WINDOW`` terms."""
        # Most candidates of a dense search hold few of the words: only these are looked at.
        if self._words.isdisjoint(passage):
            return 0.0, 0.0
        hits = [(at, word) for at, word in enumerate(passage) if word in self._words]
        return self._bigram_share(hits), self._window_share(hits)

    def _bigram_share(self, hits: Sequence[_Hit]) -> float:
        if not self._pair_weight:
            return 0.0
        adjacent = {
            (word, following)
            for (at, word), (next_at, following) in itertools.pairwise(hits)
            if next_at == at + 1
        }
        matches = 0.0
        for pair, weight in self._pairs:
            matches += weight * (pair in adjacent)
        return matches / self._pair_weight

    def _window_share(self, hits: Sequence[_Hit]) -> float:
        if not self._word_weight:
            return 0.0
        best = 0.0
        for i, (start, _) in enumerate(hits):
            inside: set[str] = set()
            for at, word in hits[i:]:
                if at >= start + WINDOW:
                    break
                inside.add(word)
            best = max(best, sum(self._idf[word] for word in inside))
        return best / self._word_weight
