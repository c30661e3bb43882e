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

__all__ = ["WINDOW", "bigram_share", "window_share"]

# In terms, so about 30 words of running text. 12 to 25 measured alike.
WINDOW = 16


def bigram_share(
    question: Sequence[str], passage: Sequence[str], idf: Mapping[str, float]
) -> float:
    """Compute the share (0 to 1, by idf) of the question's adjacent pairs that are adjacent, in
    that order, in the passage. 0 for a question of one word."""
    passage_pairs = set(itertools.pairwise(passage))
    total = matches = 0.0
    for pair in itertools.pairwise(question):
        weight = idf[pair[0]] + idf[pair[1]]
        total += weight
        matches += weight * (pair in passage_pairs)
    return matches / total if total else 0.0


def window_share(
    question: Sequence[str], passage: Sequence[str], idf: Mapping[str, float]
) -> float:
    """Compute the largest share (0 to 1, by idf) of the question's words within ``WINDOW``
    terms."""
    query_terms = set(question)
    total = sum(idf[word] for word in query_terms)
    hits = [(at, word) for at, word in enumerate(passage) if word in query_terms]
    best = 0.0
    for i, (start, _) in enumerate(hits):
        inside: set[str] = set()
        for at, word in hits[i:]:
            if at >= start + WINDOW:
                break
            inside.add(word)
        best = max(best, sum(idf[word] for word in inside))
    return best / total if total else 0.0
