"""The fitted model of antecedents: how probably a word stands alone, and what it refers to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

from index.article import Span
from index.logistic import LogisticModel
from rag.citing.antecedent_features import FEATURES, Setting, candidate_features, is_compatible
from rag.citing.backreferences import (
    ALONE_FEATURES,
    Kind,
    alone_features,
    find_backreference,
)
from rag.citing.candidates import Candidate, find_candidates

__all__ = ["KINDS", "MODEL_FILE", "AntecedentModel", "compatible_candidates"]

MODEL_FILE: Final = Path(__file__).with_name("antecedents.json")
KINDS: Final[tuple[Kind, ...]] = ("person", "thing", "organisation", "several")
_EVEN: Final = 0.5


@dataclass(frozen=True, slots=True)
class AntecedentModel:
    """``alone``: the probability that a word refers to nothing; ``kinds``: for words of a kind that
    a candidate is the antecedent; ``thresholds``: from which it stands in brackets."""

    alone: LogisticModel
    kinds: Mapping[Kind, LogisticModel]
    thresholds: Mapping[Kind, float]

    @staticmethod
    @cache
    def load() -> AntecedentModel:
        """Read the model that ships."""
        return AntecedentModel.from_json(json.loads(MODEL_FILE.read_text(encoding="utf-8")))

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        """Read a model that :meth:`as_json` wrote; ``ValueError`` where its features differ."""
        return cls(
            LogisticModel.from_json(record["alone"], ALONE_FEATURES),
            {kind: LogisticModel.from_json(record["kinds"][kind], FEATURES) for kind in KINDS},
            {kind: float(record["thresholds"][kind]) for kind in KINDS},
        )

    def as_json(self) -> dict[str, Any]:
        """Return the weights and thresholds."""
        return {
            "alone": self.alone.as_json(),
            "kinds": {kind: model.as_json() for kind, model in self.kinds.items()},
            "thresholds": dict(self.thresholds),
        }

    def stands_alone(self, setting: Setting) -> bool:
        """Whether a word is more probably no reference at all: "It is raining"."""
        sentence = setting.sentences[setting.at].of(setting.text)
        return self.alone.probability(alone_features(sentence, setting.reference)) > _EVEN

    def rank(self, setting: Setting) -> list[tuple[float, Candidate]]:
        """Return the candidates that may be meant at all, each with the probability that it is, the
        most probable first."""
        model = self.kinds.get(setting.reference.kind)
        if model is None:
            return []
        candidates = compatible_candidates(setting)
        ranking = [
            (model.probability(candidate_features(setting, candidate, candidates)), candidate)
            for candidate in candidates
        ]
        return sorted(ranking, key=lambda pair: (-pair[0], pair[1].distance, pair[1].place))

    def is_certain(self, setting: Setting, probability: float) -> bool:
        """Whether a candidate of this probability may stand in brackets in place of the word: each
        kind of word has a threshold of its own."""
        return probability >= self.thresholds[setting.reference.kind]


def compatible_candidates(setting: Setting) -> Sequence[Candidate]:
    """Find the candidates that may be meant at all."""
    candidates = find_candidates(setting.text, setting.sentences, setting.at)
    if setting.topic:
        candidates.insert(0, _topic_candidate(setting, setting.topic))
    return [item for item in candidates if is_compatible(item, setting.reference.kind)]


def _topic_candidate(setting: Setting, topic: Span) -> Candidate:
    """Make a candidate of what the sentence before is about, as if it were named there."""
    before = setting.sentences[setting.at - 1]
    reference = find_backreference(before.of(setting.text))
    kind = reference.kind if reference else "open"
    words = topic.of(setting.text)
    return Candidate(
        topic,
        before,
        tuple(words.lower().split()),
        distance=1,
        is_phrase=words[0].islower() or words.lower().startswith(("the ", "a ", "an ")),
        is_several=kind == "several",
        is_subject=True,
        is_opening=True,
        is_person=1.0 if kind == "person" else 0.0,
    )
