"""Two runs over the same questions: paired differences, and the questions that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.errors import ResultsError
from eval.metrics import Metric
from eval.metrics.bootstrap import bounds, replicates
from eval.metrics.outcome import Outcome, outcome_of
from eval.metrics.scores import metrics_for
from eval.results import Result, Run, read_complete_run

__all__ = [
    "Change",
    "Comparison",
    "Difference",
    "compare",
    "compare_files",
    "compare_with_previous",
]


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric in both runs. ``low`` and ``high`` bound ``after - before`` at 95%; ``p`` is
    the two-sided bootstrap p-value of no difference. NaN where there is no interval."""

    metric: Metric
    before: float
    after: float
    low: float
    high: float
    p: float

    @property
    def value(self) -> float:
        return self.after - self.before

    @property
    def verdict(self) -> str:
        """``better``, ``worse``, ``same``, or ``unsure`` when the interval holds 0."""
        if self.value == 0:
            return "same"
        if not (self.low > 0 or self.high < 0):
            return "unsure"
        return "better" if (self.value > 0) == (self.metric.better == "higher") else "worse"


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose outcome or answer differs between the runs."""

    before: Result
    after: Result
    outcome_before: Outcome
    outcome_after: Outcome

    @property
    def step(self) -> int:
        """1 when it became right, -1 when it no longer is, 0 otherwise."""
        return (self.outcome_after is Outcome.RIGHT) - (self.outcome_before is Outcome.RIGHT)


@dataclass(frozen=True)
class Comparison:
    """``before`` against ``after`` on the questions that both were asked."""

    before: Run
    after: Run
    questions: int
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]

    @property
    def same_questions(self) -> bool:
        """Whether both runs have exactly the same questions."""
        return self.before.header.dataset_hash == self.after.header.dataset_hash


def compare_files(before: Path, after: Path) -> Comparison:
    """Compare two results files. Raises ``ResultsError`` where a run was interrupted."""
    return compare(read_complete_run(before), read_complete_run(after))


def compare_with_previous(run: Run) -> Comparison | None:
    """Compare a run with the one whose results were set aside for it; ``None`` where there is none
    that can be read and is complete, or none with a question in common."""
    numbers = {
        int(path.suffix[1:]): path
        for path in run.path.parent.glob(f"{run.path.name}.*")
        if path.suffix[1:].isdigit()
    }
    if not numbers:
        return None
    try:
        return compare(read_complete_run(numbers[max(numbers)]), run)
    except ResultsError:
        return None


def compare(before: Run, after: Run) -> Comparison:
    """Compare two runs, paired by question id.

    Raises ``ResultsError`` when they share no question, or when one id stands for two different
    questions.
    """
    pairs = _pairs(before, after)
    before_results, after_results = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    answers = before.header.answers and after.header.answers
    names = {metric.name for metric in metrics_for(before_results, answers=answers)}
    common_metrics = [m for m in metrics_for(after_results, answers=answers) if m.name in names]
    differences = (_difference(metric, before_results, after_results) for metric in common_metrics)
    changes = (_change(*pair) for pair in pairs) if answers else ()
    return Comparison(
        before,
        after,
        len(pairs),
        tuple(difference for difference in differences if not np.isnan(difference.value)),
        tuple(change for change in changes if change is not None),
    )


def _pairs(before: Run, after: Run) -> list[tuple[Result, Result]]:
    later = {result.case.id: result for result in after.results}
    pairs = [
        (earlier, later[earlier.case.id]) for earlier in before.results if earlier.case.id in later
    ]
    if not pairs:
        raise ResultsError(
            after.path, None, f"has no question in common with {before.path}: nothing to compare"
        )
    for earlier, following in pairs:
        if earlier.case.question != following.case.question:
            raise ResultsError(
                after.path,
                None,
                f"question {earlier.case.id!r} is another one than in {before.path}: these are "
                "runs over different sets",
            )
    return pairs


def _difference(metric: Metric, before: Sequence[Result], after: Sequence[Result]) -> Difference:
    first, second = metric.of(before), metric.of(after)
    weights = np.ones((1, len(before)))
    old, new = float(first(weights)[0]), float(second(weights)[0])
    if not metric.interval or np.isnan(new - old):
        return Difference(metric, old, new, np.nan, np.nan, np.nan)
    differences = replicates(second, len(before)) - replicates(first, len(before))
    low, high = bounds(differences)
    differences = differences[~np.isnan(differences)]
    tail = (
        min(float((differences <= 0).mean()), float((differences >= 0).mean()))
        if len(differences)
        else np.nan
    )
    return Difference(
        metric, old, new, low, high, min(1.0, 2 * max(tail, 1 / (len(differences) + 1)))
    )


def _change(before: Result, after: Result) -> Change | None:
    first, second = outcome_of(before), outcome_of(after)
    if first is second and _content(before) == _content(after):
        return None
    return Change(before, after, first, second)


def _content(result: Result) -> tuple[object, ...]:
    """Return the part of a result that a reader sees: whether it abstained, the answer's words, the
    cited spans."""
    if result.reply is None:
        return (result.error,)
    quotations = tuple((citation.document_id, citation.span) for citation in result.reply.citations)
    return (result.abstained, result.reply.answer, quotations)
