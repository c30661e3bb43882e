"""The trained reader: short answers inside their sentences, and how surely they answer.

:mod:`rag.span_model` reads each passage with the question, :mod:`rag.sentence_reader` weighs the
same sentences by signals, :mod:`rag.span_confidence` orders them and says how sure the best one
is. Here the sentences to quote are chosen:

* first the one that holds the best span, the span highlighted;
* a span of another article that answers otherwise and nearly as surely, so that articles that
  disagree are seen to;
* for questions that want an account (why, how, what somebody said) further sentences that are
  evidence, of that article or another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

from index.article import Span
from index.view import Found
from rag.read import Evidence, Reading
from rag.sentence_reader import SentenceReader
from rag.span_confidence import (
    Calibration,
    features,
    log_odds,
    same_answer,
    sigmoid,
    wants_account,
)
from rag.span_model import READER_FOLDER, Scanner, SentenceScan, SpanModel

__all__ = ["SpanReader", "scan_sentences"]

_MAX_QUOTED: Final = 3
# Another article's differing answer is quoted when it is this probable by itself, and its
# share of the best one's probability is at least this.
_DISSENT: Final = 0.75
_DISSENT_SHARE: Final = 0.9
# A further sentence of an account has to be evidence with at least this probability.
_FURTHER: Final = 0.5


class SpanReader:
    """Reads passages with a network that marks spans, and hears the signals where the
    calibration does. Safe to share between threads."""

    def __init__(
        self, model: Scanner, calibration: Calibration, signals: SentenceReader | None = None
    ) -> None:
        self.model = model
        self.calibration = calibration
        self._signals = signals if calibration.hears_signals else None

    @classmethod
    def load(
        cls, folder: Path | None = None, threads: int = 0, signals: SentenceReader | None = None
    ) -> Self:
        """The reader in ``folder``, or the one that comes with Pullquote.

        ``threads`` passages are read at a time, 0 for one a processor (at most four). Without
        ``signals`` the network is calibrated alone. Raises ``ModelError`` when a file is missing
        or changed.
        """
        model = SpanModel.load(folder, threads)
        measured = (folder or READER_FOLDER) / "calibration.json"
        return cls(model, Calibration.load(measured, alone=signals is None), signals)

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        """The one to three sentences to quote, best first, each with its probability."""
        scans, sure = scan_sentences(self.model, self._signals, question, passages)
        if not scans:
            return Reading((), 0.0)
        order = self.calibration.order(question)
        best = order.best(scans)
        read = _Read(question, passages, scans, sure)
        probability = self.calibration.probability(read.features(best))
        quoted = [read.evidence(best, best.span, probability)]
        quoted += self._dissent(best, read, probability)
        if wants_account(question):
            quoted += _account(read, {(each.article.id, each.sentence) for each in quoted})
        return Reading(tuple(quoted[:_MAX_QUOTED]), probability)

    def scores(self, question: str, passages: Sequence[Found]) -> list[float]:
        """The score of each passage's best sentence, for reranking: larger is better, -inf for a
        passage without a word. ``passages`` come as retrieved, which counts."""
        order = self.calibration.order(question)
        best = [-math.inf] * len(passages)
        for scan in scan_sentences(self.model, self._signals, question, passages)[0]:
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
        alone = self.calibration.probability(
            features(read.question, _first(rival), (), [found], read.sure)
        )
        enough = max(_DISSENT, _DISSENT_SHARE * probability)
        if alone < enough or same_answer(
            rival.span.of(found.article.text), best.span.of(article.text)
        ):
            return []
        if self._signals is not None:
            # So far the signals spoke of the best passage; now of the rival's.
            sure = log_odds(self._signals.weigh(read.question, [found]).probability)
            alone = self.calibration.probability(
                features(read.question, _first(rival), (), [found], sure)
            )
        return [read.evidence(rival, rival.span, alone)] if alone >= enough else []


def scan_sentences(
    model: Scanner, signals: SentenceReader | None, question: str, passages: Sequence[Found]
) -> tuple[tuple[SentenceScan, ...], float]:
    """Every sentence, its signal with it, and the log-odds of the signals (0 without them)."""
    scans = model.scan(question, passages)
    if signals is None or not scans:
        return tuple(scans), 0.0
    weighed = signals.weigh(question, passages)
    told = (replace(s, signal=float(weighed.scores[s.passage][s.sentence])) for s in scans)
    return tuple(told), log_odds(weighed.probability)


@dataclass(frozen=True, slots=True)
class _Read:
    """A question, its passages, and what the network says of their sentences."""

    question: str
    passages: Sequence[Found]
    scans: tuple[SentenceScan, ...]
    sure: float

    def features(self, scan: SentenceScan) -> tuple[float, ...]:
        return features(self.question, scan, self.scans, self.passages, self.sure)

    def sentence(self, scan: SentenceScan) -> Span:
        return self.passages[scan.passage].passage.sentences[scan.sentence]

    def evidence(self, scan: SentenceScan, highlight: Span, score: float) -> Evidence:
        article = self.passages[scan.passage].article
        return Evidence(article, self.sentence(scan), highlight, score)


def _account(read: _Read, known: set[tuple[str, Span]]) -> list[Evidence]:
    """Further sentences that are evidence, surest first, each once."""
    found: list[Evidence] = []
    for scan in sorted(read.scans, key=lambda each: each.evidence, reverse=True):
        sentence = read.sentence(scan)
        place = (read.passages[scan.passage].article.id, sentence)
        chance = sigmoid(scan.evidence)
        if chance < _FURTHER:
            break
        if place not in known:
            known.add(place)
            found.append(read.evidence(scan, sentence, chance))
    return found


def _first(scan: SentenceScan) -> SentenceScan:
    """The same, as if its passage were the only one read."""
    return replace(scan, passage=0)
