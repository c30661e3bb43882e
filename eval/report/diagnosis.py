"""Say in words where a run loses questions: by step and by kind of question."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from eval.metrics.outcome import Outcome, outcome_of
from eval.results import Result

__all__ = ["Diagnosis", "KindOutcome"]

# Of fewer questions, nothing is said of their kind.
_FEWEST = 3
_KINDS_IN_WORDS = 4


@dataclass(frozen=True, slots=True)
class KindOutcome:
    """The questions of one kind: how many there are, how many ended right, and how many each step
    lost."""

    kind: str
    questions: int
    losses: Mapping[Outcome, int]

    @property
    def lost(self) -> int:
        return sum(self.losses.values())

    @property
    def right(self) -> int:
        return self.questions - self.lost

    @property
    def share(self) -> float:
        """The share that ended right."""
        return self.right / self.questions

    @property
    def name(self) -> str:
        return self.kind.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The outcomes of all questions and of each kind, the kind with most losses first."""

    whole: KindOutcome
    kinds: tuple[KindOutcome, ...]

    @classmethod
    def of(cls, results: Sequence[Result]) -> Self:
        losses: dict[str, Counter[Outcome]] = defaultdict(Counter)
        counts = Counter(result.case.kind for result in results)
        for result in results:
            outcome = outcome_of(result)
            if outcome is not Outcome.RIGHT:
                losses[result.case.kind][outcome] += 1
        kinds = [KindOutcome(kind, count, losses[kind]) for kind, count in counts.items()]
        whole: Counter[Outcome] = sum(losses.values(), Counter())
        kinds.sort(key=lambda kind: (-kind.lost, kind.kind))
        return cls(KindOutcome("all", len(results), whole), tuple(kinds))

    @property
    def losses(self) -> tuple[Outcome, ...]:
        """The steps that lost any question, the one that lost most first."""
        counts = self.whole.losses
        return tuple(
            sorted((loss for loss in Outcome if counts.get(loss)), key=lambda loss: -counts[loss])
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """The main findings, in whole sentences, most important first."""
        whole = self.whole
        if not whole.lost:
            return ("Nothing was lost.",)
        counts = [f"{loss} ({whole.losses[loss]})" for loss in self.losses]
        lost = f"{whole.lost} of {whole.questions} lost"
        if len(counts) == 1 or 2 * whole.losses[self.losses[0]] <= whole.lost:
            parts = [f"{lost}: {', '.join(counts)}."]
        else:
            parts = [f"{lost}, most of them: {counts[0]}."]
            parts += [f"Then {', '.join(counts[1:])}."] if counts[1:] else []
        if weak := self._weak_kinds():
            shares = "; ".join(f"{kind.name} {kind.right} of {kind.questions}" for kind in weak)
            parts.append(f"Weakest kinds: {shares}.")
        return tuple(parts)

    def _weak_kinds(self) -> list[KindOutcome]:
        """The kinds that end right less often than all questions together, the weakest first."""
        weak = [
            kind
            for kind in self.kinds
            if kind.questions >= _FEWEST and kind.share < self.whole.share
        ]
        return sorted(weak, key=lambda kind: kind.share)[:_KINDS_IN_WORDS]
