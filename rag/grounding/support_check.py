"""Check whether a written sentence is backed by the articles, before it is shown.

A sentence is aligned with sentences of the articles, compared with them
(:mod:`rag.grounding.support_features`) and checked by the reader
(:mod:`rag.grounding.reader_check`). A logistic regression whose signs are fixed beforehand turns
these features into the probability that it is backed; ``python -m eval.training.support_check``
fits it, and ``rag/grounding/support_check.json`` holds the weights and what they were fitted on.
Above the first threshold a sentence is supported, above the second partial. Some features are fatal
by themselves: an amount, a day or a name that stands nowhere in the articles, another currency, a
denial of what is stated, two facts the other way round, a word in the place of its opposite, too
little of the sentence found, or one word of a few.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, Self

from index.encode.base import QueryEncoder
from index.errors import ModelError
from index.logistic import LogisticModel
from index.snapshot import Found
from rag.grounding.alignment import Grounds, GroundSentence, Statement
from rag.grounding.reader_check import ASK_BACK_SIGNS, ask_back
from rag.grounding.support_features import SIGNALS, Alignment, align, signals
from rag.reading.spans import Scanner

__all__ = ["FATAL", "FORMAT", "SIGNS", "Label", "SupportCheck", "SupportModel", "Verdict"]

Label = Literal["supported", "partial", "unsupported"]
FORMAT: Final = 2
_COEFFICIENTS: Final = Path(__file__).with_name("support_check.json")
# The sign that each signal may have in the probability of being backed.
SIGNS: Final = SIGNALS | ASK_BACK_SIGNS
# What no wording makes good, and how it is said.
FATAL: Final = {
    "amounts_nowhere": "an amount that no passage has",
    "days_nowhere": "a date that no passage has",
    "unit_clash": "an amount in another unit or currency",
    "names_nowhere": "a name that no passage has",
    "thin": "no passage says so",
    "denied": "a passage says the opposite",
    "unfound_of_few": "one of its few words is in no passage",
    "swapped": "a passage has two of its names or amounts the other way round",
    "opposite": "a passage says the opposite",
}
# Those of :mod:`rag.grounding.exchanges`, which can be switched off.
_EXCHANGES: Final = frozenset(["swapped", "opposite"])


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on one sentence.

    ``score`` is the probability that it is backed; ``backing`` the sentences that back it, best
    first, none when unsupported; ``reason`` says what is wrong with one that is not supported.
    """

    label: Label
    score: float
    backing: tuple[GroundSentence, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SupportModel:
    """The regression over the features, and the thresholds of the labels."""

    logistic: LogisticModel
    supported: float
    partial: float

    @classmethod
    def load(cls, path: Path = _COEFFICIENTS) -> Self:
        """Read the coefficients. ``ModelError`` when they were fitted for other features."""
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            if record["format"] != FORMAT:
                raise ValueError(f"format {record['format']}")
            numbers = {**record["weights"], "intercept": record["intercept"]}
            logistic = LogisticModel.from_json(numbers, SIGNS)
            return cls(logistic, float(record["supported"]), float(record["partial"]))
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise ModelError(
                f"{path} is not of format {FORMAT} with the signals of this version ({exc}); "
                "run python -m eval.training.support_check"
            ) from exc

    def probability(self, values: Mapping[str, float]) -> float:
        """Compute the probability that the sentence is backed from the value of every feature."""
        return self.logistic.probability(values)


@lru_cache(maxsize=1)
def _built_in() -> SupportModel:
    return SupportModel.load()


class SupportCheck:
    """Checks written sentences against passages. Safe to share between threads.

    ``scanner`` is the first network of the built-in reader, which the weights were fitted with.
    ``withholds_marks``: whether sentences with marks of a chat model back nothing.
    ``discounts_orders``: whether a sentence that orders something to be said does not back it.
    ``forbids_exchanges``: whether opposites and exchanged names or amounts are fatal.
    """

    def __init__(
        self,
        encoder: QueryEncoder,
        scanner: Scanner,
        model: SupportModel | None = None,
        *,
        withholds_marks: bool = True,
        discounts_orders: bool = True,
        forbids_exchanges: bool = True,
    ) -> None:
        self._encoder = encoder
        self._scanner = scanner
        self._model = model
        self._withholds_marks = withholds_marks
        self._discounts_orders = discounts_orders
        self._fatal = [
            (name, problem)
            for name, problem in FATAL.items()
            if forbids_exchanges or name not in _EXCHANGES
        ]

    @property
    def model(self) -> SupportModel:
        """The weights. Those that ship are read when first needed, so that the features can be
        computed before there are any, to fit them."""
        return self._model or _built_in()

    def grounds(self, passages: Sequence[Found]) -> Grounds:
        """Analyse the passages, once for all sentences that are written from them."""
        return Grounds(passages, self._encoder, withholds_marks=self._withholds_marks)

    def values(
        self, statement: Statement, alignment: Alignment, grounds: Grounds
    ) -> dict[str, float]:
        """Compute every feature of ``SIGNS`` by name."""
        answers = ask_back(statement, alignment.sentences[0], grounds, self._scanner)
        return signals(statement, alignment, grounds) | answers

    def check(
        self, sentence: str, grounds: Grounds, cited_passages: Collection[int] = ()
    ) -> Verdict:
        """Check whether the sentence is backed.

        cited_passages: the passages that its author cites, counted from 0; they only decide between
        equals.
        """
        statement = grounds.statement(sentence)
        alignment = align(
            statement, grounds, cited_passages, discounts_orders=self._discounts_orders
        )
        if alignment is None:
            return Verdict("unsupported", 0.0, reason="it states nothing that could be checked")
        values = self.values(statement, alignment, grounds)
        score = self.model.probability(values)
        for name, problem in self._fatal:
            if values[name] >= 1.0:
                return Verdict("unsupported", min(score, self.model.partial / 2), reason=problem)
        if score < self.model.partial:
            return Verdict("unsupported", score, reason="no passage says so")
        label: Label = "supported" if score >= self.model.supported else "partial"
        reason = "" if label == "supported" else "passages say so in part"
        return Verdict(label, score, alignment.sentences, reason)
