"""Turn a network's scores into an order of sentences, a cut for further evidence, and one
probability.

The probability that the best sentence answers is a logistic regression (Platt, 1999) over a few of
its scores, fitted by ``python -m eval.training.calibrate`` on held-out questions of every kind,
with one passage and with five, answerable and not, so that it means the same for all.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from index.errors import ModelError
from index.logistic import LogisticModel
from rag.reading.spans import SentenceScan

__all__ = ["FEATURES", "NEARNESS_FEATURES", "Calibration"]

FEATURES: Final = (
    "margin", "evidence", "lead", "first_margin", "first_evidence", "closer_margin",
    "absent_names",
)  # fmt: skip
# Whether an article comes first tells what is near better than what answers (docs/evaluation.md).
NEARNESS_FEATURES: Final = (*FEATURES, "article_rank")
_NUMBERS: Final = ("evidence_weight", "first_weight", "closer_weight", "further")
# To read sentences that are further behind changed no figure on held-out questions.
_MOST_CONTENDERS, _BEHIND = 3, 6.0
# A margin or lead (differences of logits) beyond this says no more.
_CAP: Final = 12.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """Fitted parameters.

    ``evidence_weight``, ``first_weight``, ``closer_weight``: sentences are ordered by margin plus
    these times their evidence, the first look's score (two networks err less often than one), and
    the margin when read by themselves. ``answers``
    and ``touches``: the regressions over ``FEATURES`` for the best sentence answering, and over
    ``NEARNESS_FEATURES`` for it or the next two answering or standing beside an answer.
    ``further``: the evidence (a logit) from which further sentences are quoted.
    """

    evidence_weight: float
    first_weight: float
    closer_weight: float
    answers: LogisticModel
    touches: LogisticModel
    further: float

    @classmethod
    def load(cls, path: Path, of: str) -> Self:
        """Read the calibration of a reader with one network (``first``) or two (``second``).

        Raises ``ModelError`` when there is none, or one of other features.
        """
        try:
            record = json.loads(path.read_text(encoding="utf-8"))[of]
            answers = LogisticModel.from_json(record["answers"], FEATURES)
            touches = LogisticModel.from_json(record["touches"], NEARNESS_FEATURES)
            evidence, first, closer, further = (float(record[name]) for name in _NUMBERS)
            return cls(evidence, first, closer, answers, touches, further)
        except OSError as exc:
            raise ModelError(f"{path}: {exc.strerror}") from exc
        except (ValueError, KeyError, TypeError) as exc:
            raise ModelError(f"{path} is no calibration of this version's reader") from exc

    @classmethod
    def rough(cls) -> Self:
        """Make a calibration for a model that was never calibrated: even odds where its span scores
        equal to "no answer", as in SQuAD 2's script; nothing further is quoted."""
        answers, touches = (
            LogisticModel({name: 0.5 if name == "margin" else 0.0 for name in features})
            for features in (FEATURES, NEARNESS_FEATURES)
        )
        return cls(0.0, 0.0, 0.0, answers, touches, math.inf)

    def score(self, scan: SentenceScan) -> float:
        """Score a sentence among all: larger is better."""
        return scan.margin + self.evidence_weight * scan.evidence + self.first_weight * scan.first

    def contenders(self, scans: Sequence[SentenceScan]) -> list[SentenceScan]:
        """Return the sentences to read by themselves, best first: three at most, and none so far
        behind the best that it could hardly come first."""
        best = sorted(scans, key=self.score, reverse=True)[:_MOST_CONTENDERS]
        return [scan for scan in best if self.score(scan) >= self.score(best[0]) - _BEHIND]

    def ranking(self, scans: Sequence[SentenceScan]) -> list[SentenceScan]:
        """Sort sentences, best first; those that were read by themselves before all others."""
        return sorted(scans, key=self._key, reverse=True)

    def _key(self, scan: SentenceScan) -> tuple[bool, float]:
        closer = 0.0 if scan.closer is None else self.closer_weight * scan.closer
        return scan.closer is not None, self.score(scan) + closer

    def probability(self, values: Sequence[float]) -> float:
        """Compute the probability that the best sentence answers, 0 to 1. ``values`` are those of
        ``NEARNESS_FEATURES``, of which the last is left out."""
        return self.answers.probability(dict(zip(NEARNESS_FEATURES, values, strict=True)))

    def nearness(self, values: Sequence[float]) -> float:
        """Compute the probability that one of the best three sentences answers or stands beside an
        answer."""
        return self.touches.probability(dict(zip(NEARNESS_FEATURES, values, strict=True)))

    def features(
        self,
        scans: Sequence[SentenceScan],
        first: Mapping[tuple[int, int], SentenceScan],
        absent_names: float = 0.0,
        article_rank: int = 0,
    ) -> tuple[float, ...]:
        """Compute the values of ``NEARNESS_FEATURES``.

        scans: the sentences as the last network scored them, best first.
        first: the first network's scan of each, by passage and sentence.
        absent_names: the share of the question's names that the article of the best sentence lacks
            (:func:`rag.reading.context.absent_name_share`).
        article_rank: how many other articles retrieval put before that of the best sentence
            (:func:`rag.reading.context.article_rank`); its logarithm counts.

        ``margin`` and ``evidence`` are the best sentence's; ``lead`` is how far its score stands
        above the next sentence's; ``first_margin`` and ``first_evidence`` are its scores by the
        first network; ``closer_margin`` is its margin when read by itself.
        """
        best = scans[0]
        lead = self.score(best) - self.score(scans[1]) if len(scans) > 1 else _CAP
        first_scan = first.get((best.passage, best.sentence), best)
        values = (
            best.margin,
            best.evidence,
            lead,
            first_scan.margin,
            first_scan.evidence,
            best.margin if best.closer is None else best.closer,
            absent_names,
            math.log1p(article_rank),
        )
        return tuple(max(-_CAP, min(_CAP, value)) for value in values)
