"""A network's scores of a sentence, and the best span in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from index.article import Span
from index.encode.base import Floats
from index.snapshot import Found

__all__ = ["Scanner", "SentenceScan", "best_of_each", "best_span", "first_score"]

# Answers longer than this many tokens are sentences' business, not spans'.
_MAX_SPAN_TOKENS: Final = 30


@dataclass(frozen=True, slots=True)
class SentenceScan:
    """A network's scores and best span of one sentence.

    ``passage`` and ``sentence`` count from 0 within what was read. ``span``: the best answer in
    it, offsets into the article's text. ``margin``: the span's start and end logits minus those
    of "no answer" (Rajpurkar et al., 2018). ``evidence``: the mean logit of the sentence's tokens
    for being evidence. ``first``: of a second look, the first look's score of the sentence
    (:func:`first_score`); 0 of the first look itself. ``closer``: the margin when the sentence is
    read with nothing but its neighbours; ``None`` where it was not.
    """

    passage: int
    sentence: int
    span: Span
    margin: float
    evidence: float
    first: float = 0.0
    closer: float | None = None


def first_score(scan: SentenceScan) -> float:
    """Score how much a sentence of the first look deserves the second: larger is better.

    A phrase that answers raises the margin, a sentence that answers as a whole the evidence.
    """
    return scan.margin + scan.evidence / 2


class Scanner(Protocol):
    """A reader that scores passages sentence by sentence."""

    def scan(self, question: str, passages: Sequence[Found]) -> list[SentenceScan]:
        """Scan every sentence that holds a token, in the order given."""
        ...


def best_span(starts: Floats, ends: Floats) -> tuple[int, int, float]:
    """Find the best span, of at most 30 tokens: its first and last token, and its score.

    starts, ends: float32 ``[tokens]``, the logits of one sentence's tokens.
    """
    size = len(starts)
    scores = starts[:, None] + ends[None, :]
    reach = np.arange(size)[None, :] - np.arange(size)[:, None]
    scores = np.where((reach >= 0) & (reach < _MAX_SPAN_TOKENS), scores, -np.inf)
    start, end = divmod(int(scores.argmax()), size)
    return start, end, float(scores[start, end])


def best_of_each(scans: Sequence[SentenceScan]) -> list[SentenceScan]:
    """Keep, of each sentence that was read twice, the scan with the higher margin."""
    best: dict[tuple[int, int], SentenceScan] = {}
    for scan in scans:
        previous = best.setdefault((scan.passage, scan.sentence), scan)
        if scan.margin > previous.margin:
            best[scan.passage, scan.sentence] = scan
    return list(best.values())
