"""From a network's numbers to an order of sentences and a probability.

The network and the signals of :mod:`rag.signal_reader` err in different places, so both are heard.
The probability is a logistic regression (Platt, 1999) over the best sentence's numbers and two
plain facts about words: what the question says that the passage does not is the commonest mark
of a near miss. It is fitted on held-out questions read with their own passage alone and with
five retrieved ones, so that it means the same for one passage and for many.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from index.errors import ModelError
from index.passages import with_title
from index.view import Found
from rag.instead import INSTEAD, instead
from rag.signals import is_function_word, kind_of, stem, words
from rag.span_model import SentenceScan

__all__ = [
    "FEATURES", "Calibration", "Order", "features", "log_odds", "same_answer", "sigmoid",
    "wants_account",
]  # fmt: skip

FEATURES: Final = (
    "margin", "evidence", "passages", "lead", "words_missing", "names_missing", *INSTEAD,
    "signal", "sure",
)  # fmt: skip
# A lead above this (a difference of logits) says no more.
_LEAD_CAP: Final = 8.0
_LONG_KINDS: Final = frozenset({"reason", "manner"})
_SAID: Final = re.compile(
    r"\bwhat (?:did|does|do|has|have)\b.*\b(?:say|said|argue[sd]?|claim(?:ed|s)?|think|thought|"
    r"believe[sd]?|propose[sd]?|warn(?:ed|s)?)\b|\bdescribe\b|\bexplain\b",
    re.IGNORECASE,
)
# A number, or a capitalised word that does not begin the question.
_NAME: Final = re.compile(r"\b\d[\d.,]*\b|(?<=[\w,'’\"”)] )[A-Z][\w-]*")
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Order:
    """What orders sentences: ``margin + evidence * its evidence + signal * its signal
    - rank * ln(1 + rank)``, ranks counting passages from 0."""

    evidence: float = 0.0
    rank: float = 0.0
    signal: float = 0.0

    def score(self, scan: SentenceScan) -> float:
        """A sentence's place in the order: larger is better."""
        told = self.evidence * scan.evidence + self.signal * scan.signal
        return scan.margin + told - self.rank * math.log1p(scan.passage)

    def best(self, scans: Sequence[SentenceScan]) -> SentenceScan:
        return max(scans, key=self.score)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Fitted numbers: an order for questions that a phrase answers, one for those that want an
    account, and the weights of ``FEATURES`` in the probability's logit."""

    phrase: Order
    account: Order
    weights: tuple[float, ...]
    intercept: float

    @classmethod
    def load(cls, path: Path, alone: bool = False) -> Self:
        """What ``eval.training.judge`` wrote: for network and signals, or for the network
        ``alone``. ``ModelError`` when it is not there or other."""
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            stored = stored["alone" if alone else "calibration"]
            weights = tuple(float(stored["weights"][name]) for name in FEATURES)
            phrase, account = Order(**stored["phrase"]), Order(**stored["account"])
            return cls(phrase, account, weights, float(stored["intercept"]))
        except OSError as exc:
            raise ModelError(f"{path}: {exc.strerror}") from exc
        except (ValueError, KeyError, TypeError) as exc:
            raise ModelError(f"{path} is no calibration of this version's reader") from exc

    @classmethod
    def rough(cls) -> Self:
        """For a model that was never measured: even odds where its span scores as "no answer"
        does, which is where SQuAD 2's script would have it."""
        weights = tuple(0.5 if name == "margin" else 0.0 for name in FEATURES)
        return cls(Order(), Order(), weights, 0.0)

    @property
    def hears_signals(self) -> bool:
        """Whether the signals have to be computed at all."""
        weighed = dict(zip(FEATURES, self.weights, strict=True))
        return any((self.phrase.signal, self.account.signal, weighed["signal"], weighed["sure"]))

    def order(self, question: str) -> Order:
        """The order that a question asks for."""
        return self.account if wants_account(question) else self.phrase

    def probability(self, values: Sequence[float]) -> float:
        """0..1 from the values of ``FEATURES``."""
        return sigmoid(
            self.intercept + sum(w * v for w, v in zip(self.weights, values, strict=True))
        )


def features(
    question: str,
    chosen: SentenceScan,
    scans: Sequence[SentenceScan],
    passages: Sequence[Found],
    sure: float = 0.0,
) -> tuple[float, ...]:
    """``FEATURES`` of a sentence among all that were read.

    ``passages``: the logarithm of how many were read. ``lead``: the margin over the best answer
    of another article that says otherwise, 0 without one. ``words_missing``: the share of the
    question's content words that neither title nor passage has; ``names_missing``: the same of
    its names and numbers. ``name_instead``, ``figure_instead``, ``opposite``: the sentence speaks
    of another (:mod:`rag.instead`). ``sure``: the log-odds that the signals alone would give.
    """
    found = passages[chosen.passage]
    own = chosen.span.of(found.article.text)
    rivals = [
        scan.margin
        for scan in scans
        if (other := passages[scan.passage].article).id != found.article.id
        and not same_answer(scan.span.of(other.text), own)
    ]
    lead = chosen.margin - max(rivals) if rivals else 0.0
    text = with_title(found.article.title, found.passage.span.of(found.article.text))
    return (
        chosen.margin,
        chosen.evidence,
        math.log(len(passages)),
        max(-_LEAD_CAP, min(_LEAD_CAP, lead)),
        *_missing(question, text),
        *instead(question, found, chosen.sentence),
        chosen.signal,
        sure,
    )


def _missing(question: str, text: str) -> tuple[float, float]:
    present = {stem(word) for word in words(text)}
    content = {stem(word) for word in words(question) if not is_function_word(word)}
    named = {stem(w) for match in _NAME.finditer(question) for w in words(match.group())}
    return _share(content, present), _share(named, present)


def _share(wanted: set[str], present: set[str]) -> float:
    return len(wanted - present) / len(wanted) if wanted else 0.0


def wants_account(question: str) -> bool:
    """Whether more than a phrase is asked for: why, how, what did somebody say."""
    return kind_of(question) in _LONG_KINDS or bool(_SAID.search(question))


def same_answer(one: str, other: str) -> bool:
    """Whether the words of one of two answers hold the other's."""
    first, second = (" ".join(_WORD.findall(text.casefold())) for text in (one, other))
    return bool(first and second) and (
        f" {first} " in f" {second} " or f" {second} " in f" {first} "
    )


def log_odds(probability: float) -> float:
    """The inverse of :func:`sigmoid`, within the same bounds."""
    kept = min(max(probability, 1e-13), 1 - 1e-13)
    return math.log(kept / (1 - kept))


def sigmoid(logit: float) -> float:
    """A probability from log-odds, which are kept within ±30."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))
