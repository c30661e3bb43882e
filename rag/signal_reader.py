"""Reading passages with weighed signals: which sentence answers, and how surely one does.

Two small models, both plain numpy over coefficients in `signal_reader.json`:

* a ranker gives every sentence a score (a linear term and one tanh layer), comparable across the
  passages of one question;
* a logistic regression, most of its signs fixed beforehand, turns the best sentence's signals
  and its lead into the probability that the passage it stands in answers the question.

`python -m eval.fit.signal_reader` fits both and writes what they were made from beside them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from index.encode.base import Floats, TokenVectors
from index.errors import ModelError
from rag.signals import (
    KINDS,
    Idf,
    PassageView,
    QuestionView,
    plain_idf,
    read_question,
    sentence_signals,
)

__all__ = ["PassageView", "Reading", "SignalReader"]

FORMAT: Final = 1
_COEFFICIENTS: Final = Path(__file__).with_name("signal_reader.json")
# Signals that also count by their distance from the best sentence of the same question.
_COMPARED: Final = (
    "sentence_cosine", "late", "late_flat", "late_titled", "late_around", "late_everything",
    "late_asking", "late_weakest", "overlap", "overlap_titled", "pairs", "passage_cosine",
    "passage_late", "passage_overlap", "length",
)  # fmt: skip
# Of the best sentence, with the sign that the probability may give each: more nearness can only
# speak for an answer, more that is missing only against one.
BEST_SIGNS: Final = {
    "sentence_cosine": 1, "late": 1, "late_flat": 1, "late_titled": 1, "late_around": 1,
    "late_everything": 1, "late_asking": 1, "late_weakest": 1, "late_before": 0,
    "passage_cosine": 1, "passage_late": 1, "passage_weakest": 1, "passage_overlap": 1,
    "overlap": 1, "overlap_titled": 1, "overlap_around": 1, "pairs": 1, "names_missing": -1,
    "numbers_missing": -1, "passage_names_missing": -1, "passage_numbers_missing": -1,
    "kind_missing": -1, "negation_differs": -1, "negated": 0, "asks": -1, "heading": -1,
    "short": -1, "pronoun_start": 0, "new_words": 0, "length": 0, "passage_sentences": 0,
}  # fmt: skip
LEAD_SIGNS: Final = {
    "top": 1, "margin": 1, "passage_margin": 1, "several": 0, "crowd": -1, "late_lead": 1,
    "all_words": 1, "question_words": 0, "has_names": 0, "has_numbers": 0,
}  # fmt: skip
# Leads longer than this (in score, a log-odds scale) say no more.
_LEAD_CAP: Final = 3.0
# Questions whose answers often take more than one sentence.
_LONG_KINDS: Final = frozenset({"reason", "manner", "definition"})
_MAX_QUOTE: Final = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """What the passages say to a question.

    `scores` holds one float32 [sentences] array a passage, a larger one is better; `best` all
    (passage, sentence) pairs, best first; `quote` one to three of them to show, in the order of
    the text. `probability` (0..1): that the best evidence answers.
    """

    scores: tuple[Floats, ...]
    probability: float
    best: tuple[tuple[int, int], ...]
    quote: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Ranker:
    """A linear term plus one tanh layer over standardised features.

    `mean`, `scale`, `linear`: float32 [features]; `hidden`: float32 [features, units];
    `bias`, `out`: float32 [units].
    """

    mean: Floats
    scale: Floats
    linear: Floats
    hidden: Floats
    bias: Floats
    out: Floats

    def __call__(self, features: Floats) -> Floats:
        """float32 [sentences] from float32 [sentences, features]."""
        x = (features - self.mean) / self.scale
        return np.asarray(x @ self.linear + np.tanh(x @ self.hidden + self.bias) @ self.out)


@dataclass(frozen=True, slots=True)
class Calibrator:
    """A logistic regression over standardised features, float32 [features] each."""

    mean: Floats
    scale: Floats
    weights: Floats
    intercept: float

    def __call__(self, features: Floats) -> float:
        logit = float((features - self.mean) / self.scale @ self.weights) + self.intercept
        return 1.0 / (1.0 + float(np.exp(-np.clip(logit, -30.0, 30.0))))


@dataclass(frozen=True, slots=True)
class Table:
    """All sentences of a question's passages in one row order.

    `signals` by name, float32 [rows]; `places` int64 [rows, 2], (passage, sentence) of each row.
    """

    signals: dict[str, Floats]
    places: NDArray[np.int64]

    @classmethod
    def of(cls, question: QuestionView, passages: Sequence[PassageView]) -> Self:
        read = [sentence_signals(question, passage) for passage in passages]
        names = next((list(signals) for signals in read if signals), [])
        places = [(i, k) for i, p in enumerate(passages) for k in range(len(p.sentences))]
        return cls(
            {name: np.concatenate([r[name] for r in read if r]) for name in names},
            np.array(places, np.int64).reshape(-1, 2),
        )


def rank_features(question: QuestionView, table: Table) -> dict[str, Floats]:
    """What the ranker sees of every sentence: signals, their distances from the best, place."""
    passage, sentence = table.places.T.astype(np.float32)
    rows = len(passage)
    compared = {f"rel_{name}": table.signals[name] for name in _COMPARED}
    return {
        **table.signals,
        **{name: values - values.max() for name, values in compared.items()},
        "place": 1.0 / (1.0 + sentence),
        "depth": np.minimum(sentence, 10.0) / 10.0,
        "first_passage": (passage == 0).astype(np.float32),
        **{f"kind_{k}": np.full(rows, float(question.kind == k), np.float32) for k in KINDS},
    }


def answer_features(question: QuestionView, table: Table, scores: Floats) -> dict[str, float]:
    """What the calibrator sees of a question and its ranked sentences."""
    best = int(scores.argmax())
    elsewhere = table.places[:, 0] != table.places[best, 0]
    ranked = np.sort(scores)[::-1]
    second = float(ranked[1]) if len(ranked) > 1 else -np.inf
    other = float(scores[elsewhere].max()) if elsewhere.any() else -np.inf
    top = float(ranked[0])
    late, overlap = table.signals["late"], table.signals["overlap_titled"]
    lead = {
        "top": top,
        "margin": min(top - second, _LEAD_CAP),
        "passage_margin": min(top - other, _LEAD_CAP) if elsewhere.any() else 0.0,
        "several": float(elsewhere.any()),
        # How many sentences the score leaves in the running, as a log count.
        "crowd": float(np.log(np.exp(scores - top).sum())),
        "late_lead": float(late[best] - late.mean()),
        "all_words": float(overlap[best] > 0.99),
        "question_words": float(np.log1p(len(question.stems))),
        "has_names": float(bool(question.names)),
        "has_numbers": float(bool(question.numbers)),
    }
    kinds = {f"kind_{kind}": float(question.kind == kind) for kind in KINDS}
    return lead | {f"best_{n}": float(table.signals[n][best]) for n in BEST_SIGNS} | kinds


def stacked(features: Mapping[str, Any], dtype: type[np.float32] = np.float32) -> Floats:
    """Feature values side by side on the last axis."""
    return np.stack([np.asarray(v, dtype) for v in features.values()], axis=-1)


@dataclass(frozen=True, slots=True)
class SignalReader:
    """Scores the sentences of retrieved passages; needs numpy and the coefficients only."""

    ranker: Ranker
    calibrator: Calibrator
    made_from: Mapping[str, Any]
    idf: Idf = plain_idf

    @classmethod
    def load(cls, path: Path | None = None, idf: Idf = plain_idf) -> Self:
        """Read coefficients (those that come with Pullquote by default).

        Raises ModelError when the file was fitted for other signals than this code computes.
        """
        path = path or _COEFFICIENTS
        stored = json.loads(path.read_text(encoding="utf-8"))
        expected = {"format": FORMAT, **feature_names()}
        found = {key: stored.get(key) for key in expected}
        if found != expected:
            raise ModelError(
                f"{path} was fitted for other signals than this version computes; "
                "fit it again with python -m eval.fit.signal_reader"
            )
        arrays = {k: np.array(v, np.float32) for k, v in stored["ranker"].items()}
        solved = dict(stored["calibrator"])
        intercept = float(solved.pop("intercept"))
        calibration = {k: np.array(v, np.float32) for k, v in solved.items()}
        calibrator = Calibrator(**calibration, intercept=intercept)
        return cls(Ranker(**arrays), calibrator, stored["made_from"], idf)

    def without(self, part: str) -> Self:
        """The same reader blind to the signals with `part` in their name: each counts as its mean
        did in the fit. For ablations."""
        names = feature_names()
        ranked = np.array([part not in name for name in names["rank_features"]], np.float32)
        judged = np.array([part not in name for name in names["answer_features"]], np.float32)
        ranker = replace(
            self.ranker,
            linear=self.ranker.linear * ranked,
            hidden=self.ranker.hidden * ranked[:, None],
        )
        weights = self.calibrator.weights * judged
        return replace(self, ranker=ranker, calibrator=replace(self.calibrator, weights=weights))

    def score(
        self, question: str, question_tokens: TokenVectors, passages: Sequence[PassageView]
    ) -> Reading:
        """Score every sentence of `passages`, which come best first.

        Without a single sentence the probability is 0 and nothing is quoted.
        """
        view = read_question(question, question_tokens, self.idf)
        table = Table.of(view, passages)
        if not len(table.places):
            empty = tuple(np.zeros(0, np.float32) for _ in passages)
            return Reading(scores=empty, probability=0.0, best=(), quote=())
        scores = self.ranker(stacked(rank_features(view, table)))
        order = np.argsort(-scores, kind="stable")
        best = tuple((int(p), int(s)) for p, s in table.places[order])
        probability = self.calibrator(stacked(answer_features(view, table, scores)))
        by_passage = tuple(scores[table.places[:, 0] == i] for i in range(len(passages)))
        return Reading(by_passage, probability, best, choose_quote(by_passage, best, view.kind))


def choose_quote(
    scores: Sequence[Floats], best: Sequence[tuple[int, int]], kind: str
) -> tuple[tuple[int, int], ...]:
    """One to three sentences to quote, in the order of the text.

    The best alone, unless another of its passage scores nearly as well: next to what is already
    quoted, or, for the questions that want an account, up to one sentence away.
    """
    if not best:
        return ()
    passage, first = best[0]
    reach, slack = (2, 1.0) if kind in _LONG_KINDS else (1, 0.4)
    chosen = [first]
    for where, sentence in best[1:]:
        close = (
            float(scores[passage][first] - scores[passage][sentence]) <= slack
            if (where == passage)
            else False
        )
        near = any(abs(sentence - other) <= reach for other in chosen)
        if close and near and len(chosen) < _MAX_QUOTE:
            chosen.append(sentence)
    return tuple((passage, sentence) for sentence in sorted(chosen))


def feature_names() -> dict[str, list[str]]:
    """The names and order of both models' features, by reading a blank question."""
    nothing = TokenVectors(
        np.zeros((1, 1), np.float32), np.zeros((1, 2), np.int32), np.zeros(1, np.float32)
    )
    view = read_question("", nothing)
    table = Table.of(view, [PassageView("", "-", ((0, 1),), nothing)])
    return {
        "rank_features": list(rank_features(view, table)),
        "answer_features": list(answer_features(view, table, np.zeros(1, np.float32))),
    }
