"""Whether what is cited backs what is said, and whether every quotation is verbatim.

ALCE (Gao et al. 2023) asks of each statement whether its citations together entail it, and of
each citation whether it is needed for that. Here gold spans take the place of the entailment
model: citations back a statement when they carry gold evidence. A statement is a stretch of
the answer that citations point at, or a stretch with words in it that none points at. Only
answers to questions with gold spans count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from eval.metrics.evidence import carries, jointly_carry
from eval.metrics.metric import FloatArray, Metric, Ratio, mean
from eval.results import Cited, Reply, Result

__all__ = ["METRICS", "Total", "statements"]

ALCE = "ALCE (Gao et al., EMNLP 2023), with gold spans for the entailment model"


def statements(reply: Reply) -> list[tuple[Cited, ...]]:
    """The citations of each statement of the answer; none for one that nothing backs."""
    pointed: dict[tuple[int, int], list[Cited]] = {}
    for cited in reply.citations:
        pointed.setdefault((cited.start_index, cited.end_index), []).append(cited)
    text = _with_blank_marks(reply)
    uncited, end = [], 0
    for start, stop in [*sorted(pointed), (len(text), len(text))]:
        if re.search(r"\w", text[end:start]):
            uncited.append(())
        end = max(end, stop)
    return [*(tuple(cited) for cited in pointed.values()), *uncited]


def _with_blank_marks(reply: Reply) -> str:
    """The answer's text, as long as it is, with spaces for its marks and what is no statement of
    the articles or a chat model but our own words."""
    text = list(reply.answer)
    for stretch in reply.own_words:
        text[stretch.start_index : stretch.end_index] = " " * len(stretch.span)
    for cited in reply.citations:
        text[cited.marker_start : cited.marker_end] = " " * len(cited.marker)
    return "".join(text)


def _recall(result: Result, reply: Reply) -> float:
    gold = result.case.gold_spans
    stated = statements(reply)
    return sum(jointly_carry(cited, gold) for cited in stated) / len(stated)


def _precision(result: Result, reply: Reply) -> float:
    needed = [_is_needed(one, cited, result) for cited in statements(reply) for one in cited]
    return sum(needed) / len(needed)


def _is_needed(one: Cited, cited: Sequence[Cited], result: Result) -> bool:
    """It backs the statement itself, or the others no longer do without it."""
    gold = result.case.gold_spans
    if any(carries(one, span) for span in gold):
        return True
    others = [other for other in cited if other is not one]
    return jointly_carry(cited, gold) and not jointly_carry(others, gold)


def _over_answers(
    value: Callable[[Result, Reply], float],
) -> Callable[[Sequence[Result]], Ratio]:
    def one(result: Result) -> float | None:
        reply = result.reply
        if reply is None or not reply.citations or not result.case.evidence:
            return None
        return value(result, reply)

    return lambda results: mean([one(result) for result in results])


def _violations(results: Sequence[Result]) -> Total:
    return Total([len(result.violations) for result in results])


class Total:
    """A plain sum over all questions: a count of what must never happen."""

    def __init__(self, counts: Sequence[int]) -> None:
        self.counts = counts

    @property
    def count(self) -> int:
        return len(self.counts)

    def __call__(self, weights: FloatArray) -> FloatArray:
        total: FloatArray = weights @ np.array(self.counts, dtype=np.float64)
        return total


METRICS: tuple[Metric, ...] = (
    Metric(
        name="citation_precision",
        group="citations",
        definition="share of an answer's citations that carry gold evidence or are needed for "
        "their statement to be backed, mean over answers",
        source=ALCE,
        of=_over_answers(_precision),
    ),
    Metric(
        name="citation_recall",
        group="citations",
        definition="share of an answer's statements whose citations carry gold evidence, mean "
        "over answers",
        source=ALCE,
        of=_over_answers(_recall),
    ),
    Metric(
        name="violations",
        group="citations",
        definition="number of broken promises: a quotation that is not the article's own "
        "characters, offsets out of bounds, a citation without its mark",
        source="Pullquote, eval/metrics/invariants.py",
        of=_violations,
        better="lower",
        unit="count",
        interval=False,
    ),
)
