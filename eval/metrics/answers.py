"""Whether the answer is right, and says what the gold says.

The *short answer* is the highlighted part of the first citation that is more than context, empty
for an abstention.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eval.dataset.questions import Case
from eval.metrics.citations import Total
from eval.metrics.evidence import carries, sentence_scores
from eval.metrics.metric import Metric, Ratio, mean
from eval.metrics.outcome import Outcome, is_right, outcome_of
from eval.metrics.squad import contains, exact_match, token_f1
from eval.results import Reply, Result

__all__ = ["METRICS", "short_answer"]

SQUAD = "Rajpurkar et al. 2016 and 2018, official evaluation script"


def short_answer(reply: Reply | None) -> str:
    """Return the highlighted words of the first citation that is no context; empty when there is
    none."""
    if reply is None or not reply.answering:
        return ""
    return reply.answering[0].highlighted_text


def _per_result(value: Callable[[Result], float | None]) -> Callable[[Sequence[Result]], Ratio]:
    return lambda results: mean([value(result) for result in results])


def _against_gold(
    score: Callable[[str, str], float], text: Callable[[Reply | None], str]
) -> Callable[[Result], float | None]:
    """Make a score against the best gold answer. A question without an answer has the gold '', and
    one that ended in an error scores 0."""

    def of(result: Result) -> float | None:
        gold = _gold(result.case)
        if gold and result.is_error:
            return 0.0
        return max((score(text(result.reply), answer) for answer in gold), default=None)

    return of


def _gold(case: Case) -> tuple[str, ...]:
    return case.answers if case.answerable else ("",)


def _answer_text(reply: Reply | None) -> str:
    return "" if reply is None or reply.abstained else reply.text_without_markers


def _first_quote(reply: Reply | None) -> str:
    return reply.answering[0].cited_text if reply and reply.answering else ""


def _containment(text: Callable[[Reply | None], str]) -> Callable[[Result], float | None]:
    def of(result: Result) -> float | None:
        if not result.case.answerable or not result.case.answers:
            return None
        return float(contains(text(result.reply), *result.case.answers))

    return of


def _answerable_only(
    value: Callable[[Result], float | None],
) -> Callable[[Result], float | None]:
    return lambda result: value(result) if result.case.answerable else None


def _sentences(part: int) -> Callable[[Result], float | None]:
    def of(result: Result) -> float | None:
        if not result.case.evidence:
            return None
        citations = result.reply.citations if result.reply else ()
        if part == 0 and not citations:
            return None
        return sentence_scores(citations, result.case)[part]

    return of


_RECALL = _sentences(1)


def _quotation_overlap(result: Result) -> float | None:
    """1 where a gold span of any alternative is quoted."""
    recall = _RECALL(result)
    return None if recall is None else float(recall > 0)


def _complete(result: Result) -> float | None:
    """1 where all gold spans of one alternative are quoted."""
    recall = _RECALL(result)
    return None if recall is None else float(recall == 1)


def _first(result: Result) -> float | None:
    """1 where the first quotation carries a gold span of any alternative."""
    case = result.case
    if not case.evidence:
        return None
    citations = result.reply.citations if result.reply else ()
    cited = [citation for citation in citations if citation.role != "context"][:1]
    return float(any(carries(citation, span) for citation in cited for span in case.gold_spans))


def _precise(result: Result) -> float | None:
    if result.abstained:
        return None
    overlap = _quotation_overlap(result)
    return float(is_right(result.reply, result.case)) if overlap is None else overlap


def _errors(results: Sequence[Result]) -> Total:
    return Total([int(result.is_error) for result in results])


def _metric(
    name: str, definition: str, source: str, value: Callable[[Result], float | None]
) -> Metric:
    return Metric(name, "answers", definition, source, _per_result(value))


_F1 = _against_gold(token_f1, short_answer)
SENTENCES = "CLAPNQ (Rosenthal et al. 2025) and HotpotQA (Yang et al. 2018), by offsets"

METRICS: tuple[Metric, ...] = (
    _metric(
        "right",
        "share of all questions that were answered with the evidence or a gold answer, or left "
        "unanswered where the articles don't answer",
        "Pullquote, eval/metrics/outcome.py",
        lambda result: float(outcome_of(result) is Outcome.RIGHT),
    ),
    _metric(
        "exact_match",
        "share of questions whose short answer is a gold answer once normalised; silence is the "
        "gold where nothing answers",
        SQUAD,
        _against_gold(exact_match, short_answer),
    ),
    _metric(
        "f1",
        "word overlap (F1) of the short answer with the best gold answer; silence is the gold "
        "where nothing answers",
        SQUAD,
        _F1,
    ),
    _metric(
        "f1_answerable", "f1 over the answerable questions alone", SQUAD, _answerable_only(_F1)
    ),
    _metric(
        "answer_f1",
        "word overlap (F1) of the whole answer, marks removed, with the best gold answer, over "
        "the answerable questions",
        SQUAD,
        _answerable_only(_against_gold(token_f1, _answer_text)),
    ),
    _metric(
        "contains",
        "share of answerable questions whose answer has a gold answer in it, word for word once "
        "normalised",
        "Kandpal et al. 2023; Liu et al. 2024 (accuracy by containment)",
        _containment(_answer_text),
    ),
    _metric(
        "first_quote_contains",
        "share of answerable questions whose first quotation has a gold answer in it",
        "Kandpal et al. 2023; Liu et al. 2024 (accuracy by containment)",
        _containment(_first_quote),
    ),
    _metric(
        "evidence_quoted",
        "share of the answerable questions whose answer quotes a gold span; 0 for an abstention",
        SENTENCES,
        _quotation_overlap,
    ),
    _metric(
        "evidence_first",
        "share of the answerable questions whose first quotation is a gold span: of a story that "
        "moved on, the state that was asked for; 0 for an abstention",
        SENTENCES,
        _first,
    ),
    _metric(
        "evidence_complete",
        "share of the answerable questions whose answer quotes all gold spans of one alternative: "
        "both sides of a comparison, every item of a list; 0 for an abstention",
        SENTENCES,
        _complete,
    ),
    _metric(
        "answer_precision",
        "share of the answers given, to whatever question, that quote a gold span or, where the "
        "question has none, are right; one to a question the articles don't answer is neither",
        "Pullquote; precision of selective answering (El-Yaniv and Wiener 2010)",
        _precise,
    ),
    _metric(
        "sentence_precision",
        "share of the quoted stretches that share half of the shorter one's characters with a "
        "gold span, over the questions answered that have one",
        SENTENCES,
        _sentences(0),
    ),
    _metric(
        "sentence_recall",
        "share of the gold spans (of the alternative that fits best) that a quotation carries in "
        "that sense; 0 for an abstention",
        SENTENCES,
        _sentences(1),
    ),
    _metric(
        "sentence_f1", "harmonic mean of the two, question by question", SENTENCES, _sentences(2)
    ),
    Metric(
        "errors",
        "answers",
        "number of questions that ended in an error: none of them is right, or silent",
        "Pullquote",
        _errors,
        better="lower",
        unit="count",
        interval=False,
    ),
)
