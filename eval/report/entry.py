"""One question as a row of the report."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, zip_longest

from eval.dataset import Case, GoldSpan
from eval.metrics.evidence import holds_evidence
from eval.metrics.outcome import Outcome, outcome_of
from eval.results import Cited, Reply, Result

__all__ = ["Entry", "Passage", "Piece", "pieces"]

_ENDS = (".", "!", "?", "…", "”", '"', ")")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text and the names of what it is: ``cited``, ``highlight``, ``gold``."""

    text: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A citation with the text around it."""

    cited: Cited
    pieces: tuple[Piece, ...]

    @property
    def clipped_before(self) -> bool:
        return self.cited.context_start > 0

    @property
    def clipped_after(self) -> bool:
        """Whether the text stops within a sentence."""
        return not self.cited.context.rstrip().endswith(_ENDS)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the report's table, and what it shows when it is opened.

    ``answer`` alternates text and citation numbers: text first, then a number, and so on. ``rank``
    is the place (from 1) of the first retrieved passage that holds the evidence.
    """

    number: int
    case: Case
    outcome: Outcome
    reason: str
    confidence: float
    latency_ms: float
    answer: tuple[str, ...]
    abstained: bool
    passages: tuple[Passage, ...]
    gold: tuple[tuple[str, str], ...]
    rank: int | None
    guess: str
    guess_quotes: tuple[tuple[str, str], ...]
    violations: tuple[str, ...]
    search_text: str

    @classmethod
    def of(cls, number: int, result: Result) -> Entry:
        reply, case = result.reply, result.case
        outcome = outcome_of(result)
        answer = reply.answer if reply else ""
        guess = result.guess if result.guess and not result.guess.abstained else None
        searchable = [case.id, case.question, *case.answers, answer]
        return cls(
            number=number,
            case=case,
            outcome=outcome,
            reason=_reason(outcome, result),
            confidence=result.confidence,
            latency_ms=reply.usage.latency_ms if reply else 0.0,
            answer=_text_and_numbers(reply),
            abstained=result.abstained,
            passages=_passages(reply, case),
            gold=tuple(
                (span.doc_id, text)
                for span, text in zip(case.gold_spans, result.gold_texts, strict=False)
            ),
            rank=_rank(result),
            guess=guess.text_without_markers if guess else "",
            guess_quotes=_quotes(guess),
            violations=result.violations,
            search_text=" ".join(" ".join(searchable).lower().split()),
        )


def pieces(citation: Cited, gold: tuple[GoldSpan, ...]) -> tuple[Piece, ...]:
    """Cut a citation's context wherever the quotation, its highlight or gold begins or ends."""
    start, end = citation.context_start, citation.context_start + len(citation.context)
    stretches = [
        ("cited", citation.start_char_index, citation.end_char_index),
        ("highlight", citation.highlight_start, citation.highlight_end),
        *(("gold", g.start, g.end) for g in gold if g.doc_id == citation.document_id),
    ]
    cuts = {start, end}
    for _, first, last in stretches:
        cuts.update(cut for cut in (first, last) if start < cut < end)
    edges = sorted(cuts)
    parts = []
    for first, last in pairwise(edges):
        names = [name for name, low, high in stretches if low <= first and last <= high]
        text = citation.context[first - start : last - start]
        parts.append(Piece(text, tuple(dict.fromkeys(names))))
    return tuple(parts)


def _text_and_numbers(reply: Reply | None) -> tuple[str, ...]:
    if reply is None:
        return ("",)
    in_order = sorted(reply.citations, key=lambda citation: citation.marker)
    numbers = [str(citation.number) for citation in in_order]
    pairs = zip_longest(reply.segments_between_markers, numbers)
    return tuple(part for pair in pairs for part in pair if part is not None)


def _passages(reply: Reply | None, case: Case) -> tuple[Passage, ...]:
    citations = reply.citations if reply else ()
    return tuple(Passage(citation, pieces(citation, case.gold_spans)) for citation in citations)


def _quotes(reply: Reply | None) -> tuple[tuple[str, str], ...]:
    citations = reply.citations if reply else ()
    return tuple(
        (citation.document_title or citation.document_id, citation.cited_text)
        for citation in citations
    )


def _rank(result: Result) -> int | None:
    if not result.case.answerable:
        return None
    for rank, passage in enumerate(result.found, start=1):
        if holds_evidence(passage, result.case):
            return rank
    return None


def _reason(outcome: Outcome, result: Result) -> str:
    """Describe in a sentence what went wrong; empty when nothing did."""
    if outcome is Outcome.RIGHT:
        return ""
    if outcome is Outcome.ERROR:
        return f"The question ended in an error: {result.error}"
    meaning = f"{outcome.meaning[0].upper()}{outcome.meaning[1:]}"
    rank = _rank(result)
    if rank is not None:
        return f"{meaning}. The evidence stands in passage {rank} of {len(result.found)}."
    if outcome is Outcome.NOT_RETRIEVED:
        return f"{meaning} among the first {len(result.found)}."
    if not result.case.answerable:
        return f"{meaning}: silence would have been right."
    return f"{meaning}."
