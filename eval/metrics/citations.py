"""Whether citations back the statements of an answer, and whether every quotation is verbatim.

ALCE (Gao et al. 2023) asks of each statement whether its citations together entail it, and of each
citation whether it is needed for that. Here gold spans take the place of the entailment model:
citations back a statement when they carry gold evidence. A statement is a stretch of the answer
that citations point at, or a stretch with words in it that none points at. Only answers to
questions with gold spans count.
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
    """Return the citations of each statement of the answer; an empty tuple for a statement without
    any."""
    citations_by_place: dict[tuple[int, int], list[Cited]] = {}
    for citation in reply.citations:
        citations_by_place.setdefault((citation.start_index, citation.end_index), []).append(
            citation
        )
    text = _with_blank_marks(reply)
    uncited_places, end = [], 0
    for start, stop in [*sorted(citations_by_place), (len(text), len(text))]:
        if re.search(r"\w", text[end:start]):
            uncited_places.append(())
        end = max(end, stop)
    return [*(tuple(citations) for citations in citations_by_place.values()), *uncited_places]


def _with_blank_marks(reply: Reply) -> str:
    """Blank out the markers and Pullquote's own words in an answer's text with spaces, so that
    offsets stay."""
    text = list(reply.answer)
    for stretch in reply.own_words:
        text[stretch.start_index : stretch.end_index] = " " * len(stretch.span)
    for citation in reply.citations:
        text[citation.marker_start : citation.marker_end] = " " * len(citation.marker)
    return "".join(text)


def _recall(result: Result, reply: Reply) -> float:
    gold = result.case.gold_spans
    sentences = statements(reply)
    return sum(jointly_carry(citations, gold) for citations in sentences) / len(sentences)


def _precision(result: Result, reply: Reply) -> float:
    necessity = [
        _is_needed(citation, citations, result)
        for citations in statements(reply)
        for citation in citations
    ]
    return sum(necessity) / len(necessity)


def _is_needed(citation: Cited, citations: Sequence[Cited], result: Result) -> bool:
    """Whether a citation backs the statement itself, or the others do not back it without this
    one."""
    gold = result.case.gold_spans
    if any(carries(citation, span) for span in gold):
        return True
    rest = [rest_citation for rest_citation in citations if rest_citation is not citation]
    return jointly_carry(citations, gold) and not jointly_carry(rest, gold)


def _over_answers(
    value: Callable[[Result, Reply], float],
) -> Callable[[Sequence[Result]], Ratio]:
    def value_of(result: Result) -> float | None:
        reply = result.reply
        if reply is None or not reply.citations or not result.case.evidence:
            return None
        return value(result, reply)

    return lambda results: mean([value_of(result) for result in results])


def _violations(results: Sequence[Result]) -> Total:
    return Total([len(result.violations) for result in results])


class Total:
    """The plain sum over all questions, for counts that must be 0."""

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
