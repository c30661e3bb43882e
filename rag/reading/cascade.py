"""The reader: a small network reads every passage, a large one the best sentences again.

The first look (:mod:`rag.reading.first_reader`) selects sentences, the second
(:mod:`rag.reading.second_reader`) decides which sentence answers and which others are evidence too.
The best few are then read once more, each by itself: that decides between them, and says with
what probability the best of them answers. Headings, captions and
other lines that state nothing are never quoted (:mod:`rag.reading.statements`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

from index.logistic import sigmoid
from index.snapshot import Found
from rag.evidence import Evidence, Reading
from rag.reading.calibration import Calibration
from rag.reading.context import absent_name_share, article_rank
from rag.reading.first_reader import FirstReader
from rag.reading.layout import Tokens
from rag.reading.manifest import WEIGHTS_FOLDER, Manifest
from rag.reading.second_reader import SecondReader
from rag.reading.spans import Scanner, SentenceScan
from rag.reading.statements import is_statement

__all__ = ["CascadeReader"]

_MOST_QUOTED: Final = 3
# Sentences on each side of one that is read by itself.
_NEIGHBOURS: Final = 2


class CascadeReader:
    """Reads passages once or twice. Safe to share between threads.

    first: reads every passage.
    second: reads the best sentences again; without it the first decides.
    statements: whether lines that state nothing are never quoted.
    """

    def __init__(
        self,
        first: Scanner,
        calibration: Calibration,
        second: SecondReader | None = None,
        *,
        statements: bool = True,
    ) -> None:
        self.first = first
        self.calibration = calibration
        self._second = second
        self._statements = statements

    @classmethod
    def load(
        cls,
        models: Path,
        folder: Path | None = None,
        *,
        looks: int = 2,
        threads: int = 0,
        calibrated: bool = True,
        statements: bool = True,
        batch_tokens: int | None = None,
    ) -> Self:
        """Open the reader in ``folder``, or the one that ships with Pullquote.

        models: where networks are expanded for the processor, at first use.
        looks: 1 for the first network alone, which is several times as fast.
        threads: 0 for one a processor (at most four).
        calibrated: whether a calibration is required; without one a rough calibration is used.
        statements: whether lines that state nothing are never quoted.
        batch_tokens: of a batch, read by the networks for an accelerator; 0 for the processor's,
            one input at a time; ``None`` for what the machine has.

        Raises ``ModelError`` when a file is missing or changed, ``StorageError`` when nothing can
        be written under ``models``.
        """
        # Both networks have one tokenizer, which takes as long to read as a small network.
        tokens = Tokens.load(Manifest.read(folder).checked("tokenizer.json"))
        first = FirstReader.load(models, folder, threads, tokens, batch_tokens=batch_tokens)
        second = None
        if looks > 1:
            second = SecondReader.load(models, folder, threads, tokens, batch_tokens=batch_tokens)
        calibration = Calibration.rough()
        if calibrated:
            path = (folder or WEIGHTS_FOLDER) / "calibration.json"
            calibration = Calibration.load(path, "second" if second else "first")
        return cls(first, calibration, second, statements=statements)

    @property
    def looks_twice(self) -> bool:
        return self._second is not None

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        """Read passages; the reading has one to three sentences to quote, best first, and the
        probability that the first answers."""
        last, first = self.scan(question, passages)
        if not last:
            return Reading((), 0.0)
        scans = self.calibration.ranking(self.compare(question, passages, last, first))
        first_scans = {(scan.passage, scan.sentence): scan for scan in first}
        absent_names = absent_name_share(question, passages[scans[0].passage].article)
        rank = article_rank(passages, scans[0].passage)
        values = self.calibration.features(scans, first_scans, absent_names, rank)
        probability = self.calibration.probability(values)
        further = [s for s in scans[1:] if s.evidence >= self.calibration.further]
        # A sentence in which nothing answers is evidence at most for a list.
        answers = [s for s in further if s.margin >= 0 and self._stands(passages, s, scans[0])]
        answers = answers[: _MOST_QUOTED - 1]
        rest = [s for s in further if s not in answers]

        def quote(scan: SentenceScan) -> Evidence:
            return _evidence(passages, scan, min(probability, sigmoid(scan.evidence)))

        return Reading(
            (_evidence(passages, scans[0], probability), *map(quote, answers)),
            probability,
            nearest=tuple(_evidence(passages, s, probability) for s in scans[:_MOST_QUOTED]),
            nearness=self.calibration.nearness(values),
            further=tuple(map(quote, rest)),
        )

    def scan(
        self, question: str, passages: Sequence[Found]
    ) -> tuple[list[SentenceScan], list[SentenceScan]]:
        """Return the sentences as the last network scored them, and as the first did."""
        first = self.first.scan(question, passages)
        if self._statements:
            first = [scan for scan in first if _is_statement(passages, scan)]
        last = first
        if self._second is not None:
            last = self._second.scan(question, passages, first)
        return last, first

    def compare(
        self,
        question: str,
        passages: Sequence[Found],
        last: Sequence[SentenceScan],
        first: Sequence[SentenceScan],
    ) -> list[SentenceScan]:
        """Read the best sentences once more, each with nothing but its neighbours and the opening
        of its article.

        Beside others the best of them always looks like an answer to some degree. Alone each has to
        answer by itself, in the words around it; the opening says of whom and when they are.

        last, first: the networks' scans, as :meth:`scan` returns them.

        Returns ``last`` with ``closer`` where a sentence was read, its own margin where nothing of
        it was; as it is where there is no second network.
        """
        if self._second is None:
            return list(last)
        contenders = self.calibration.contenders(last)
        neighbours = [[scan for scan in first if _is_near(scan, best)] for best in contenders]
        readings = self._second.scan_each(question, passages, neighbours, with_opening=True)
        closer = {
            scan: next((s.margin for s in near if s.sentence == scan.sentence), scan.margin)
            for scan, near in zip(contenders, readings, strict=True)
        }
        return [replace(scan, closer=closer[scan]) if scan in closer else scan for scan in last]

    def _stands(self, passages: Sequence[Found], scan: SentenceScan, best: SentenceScan) -> bool:
        """Whether a sentence may be quoted behind the best: none of another article that was read
        by itself, too, and did not answer there. Beside the best, what closed a clinic is read as
        if it closed the tram line."""
        is_of_best = passages[scan.passage].article.id == passages[best.passage].article.id
        return is_of_best or scan.closer is None or scan.closer >= 0

    def scores(self, question: str, passages: Sequence[Found]) -> list[float]:
        """Return the score of each passage's best sentence, for reranking: larger is better, -inf
        for a passage without a word. Only the first network is used."""
        best = [-math.inf] * len(passages)
        for scan in self.first.scan(question, passages):
            best[scan.passage] = max(best[scan.passage], scan.margin)
        return best


def _is_near(scan: SentenceScan, best: SentenceScan) -> bool:
    distance = abs(scan.sentence - best.sentence)
    return scan.passage == best.passage and distance <= _NEIGHBOURS


def _is_statement(passages: Sequence[Found], scan: SentenceScan) -> bool:
    hit = passages[scan.passage]
    return is_statement(hit.article.text, hit.passage.sentences[scan.sentence])


def _evidence(passages: Sequence[Found], scan: SentenceScan, score: float) -> Evidence:
    hit = passages[scan.passage]
    sentence = hit.passage.sentences[scan.sentence]
    return Evidence(hit.article, sentence, scan.span, score)
