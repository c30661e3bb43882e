"""The trained reader: short answers inside their sentences, and how surely they answer.

:mod:`rag.span_model` reads each passage with the question, :mod:`rag.span_confidence` orders
the sentences and says how sure the best one is. Here the sentences to quote are chosen:

* first the one that holds the best span, the span highlighted;
* a span of another article that answers otherwise and nearly as surely, so that articles that
  disagree are seen to;
* for questions that want an account (why, how, what somebody said) further sentences that are
  evidence, of that article or another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from index.article import Span
from index.view import Found
from rag.read import Evidence, Reading
from rag.span_confidence import Calibration, features, same_answer, sigmoid, wants_account
from rag.span_model import SentenceScan, SpanModel

__all__ = ["SpanReader"]

_MAX_QUOTED: Final = 3
# Another article's differing answer is quoted when it is this probable by itself, and its
# share of the best one's probability is at least this.
_DISSENT: Final = 0.75
_DISSENT_SHARE: Final = 0.9
# A further sentence of an account has to be evidence with at least this probability.
_FURTHER: Final = 0.5


class SpanReader:
    """Reads passages with the trained network. Safe to share between threads."""

    def __init__(self, model: SpanModel, calibration: Calibration) -> None:
        self.model = model
        self.calibration = calibration

    @classmethod
    def load(cls, folder: Path | None = None, threads: int = 0) -> Self:
        """The reader in ``folder``, or the one that comes with Pullquote.

        ``threads`` passages are read at a time, 0 for one a processor (at most four). Raises
        ``ModelError`` when a file is missing or changed.
        """
        model = SpanModel.load(folder, threads)
        return cls(model, Calibration.from_manifest(model.manifest))

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        """The one to three sentences to quote, best first, each with its probability."""
        scans = self.model.scan(question, passages)
        if not scans:
            return Reading((), 0.0)
        order = self.calibration.order(question)
        best = order.best(scans)
        read = _Read(question, passages, tuple(scans))
        probability = self.calibration.probability(read.features(best))
        quoted = [read.evidence(best, best.span, probability)]
        quoted += self._dissent(best, read, probability)
        if wants_account(question):
            quoted += _account(read, {each.sentence for each in quoted})
        return Reading(tuple(quoted[:_MAX_QUOTED]), probability)

    def scores(self, question: str, passages: Sequence[Found]) -> list[float]:
        """The score of each passage's best sentence, for reranking: larger is better, -inf for a
        passage without a word. ``passages`` come as retrieved, which counts."""
        order = self.calibration.order(question)
        best = [-math.inf] * len(passages)
        for scan in self.model.scan(question, passages):
            best[scan.passage] = max(best[scan.passage], order.score(scan))
        return best

    def _dissent(self, best: SentenceScan, read: _Read, probability: float) -> list[Evidence]:
        """The surest answer of another article, if it is another answer and nearly as sure."""
        article = read.passages[best.passage].article
        others = [s for s in read.scans if read.passages[s.passage].article.id != article.id]
        if not others:
            return []
        rival = max(others, key=lambda scan: scan.margin)
        found = read.passages[rival.passage]
        alone = self.calibration.probability(features(read.question, _first(rival), (), [found]))
        if alone < max(_DISSENT, _DISSENT_SHARE * probability):
            return []
        if same_answer(rival.span.of(found.article.text), best.span.of(article.text)):
            return []
        return [read.evidence(rival, rival.span, alone)]


@dataclass(frozen=True, slots=True)
class _Read:
    """A question, its passages, and what the network says of their sentences."""

    question: str
    passages: Sequence[Found]
    scans: tuple[SentenceScan, ...]

    def features(self, scan: SentenceScan) -> tuple[float, ...]:
        return features(self.question, scan, self.scans, self.passages)

    def sentence(self, scan: SentenceScan) -> Span:
        return self.passages[scan.passage].passage.sentences[scan.sentence]

    def evidence(self, scan: SentenceScan, highlight: Span, score: float) -> Evidence:
        article = self.passages[scan.passage].article
        return Evidence(article, self.sentence(scan), highlight, score)


def _account(read: _Read, known: set[Span]) -> list[Evidence]:
    """Further sentences that are evidence, surest first, each once."""
    found: list[Evidence] = []
    for scan in sorted(read.scans, key=lambda each: each.evidence, reverse=True):
        sentence = read.sentence(scan)
        chance = sigmoid(scan.evidence)
        if chance < _FURTHER:
            break
        if sentence not in known:
            known.add(sentence)
            found.append(read.evidence(scan, sentence, chance))
    return found


def _first(scan: SentenceScan) -> SentenceScan:
    """The same, as if its passage were the only one read."""
    return SentenceScan(0, scan.sentence, scan.span, scan.margin, scan.evidence)
