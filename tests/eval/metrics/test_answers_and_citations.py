from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from eval.dataset import Case, GoldSpan
from eval.metrics import METRICS, metric_named
from eval.metrics.bootstrap import estimate
from eval.metrics.citations import statements
from eval.results import Cited, Reply, Result

Make = Callable[..., Cited]


def value(name: str, *results: Result) -> float:
    return estimate(metric_named(name), results).value


def asked(reply: Reply, answers: tuple[str, ...] = ("Denver Broncos",), **more: Any) -> Result:
    evidence = ((GoldSpan("d", 0, 10), GoldSpan("d", 20, 30)),)
    case = Case(id="q", question="Who?", answers=answers, evidence=evidence, **more)
    return Result(case=case, reply=reply)


@pytest.fixture
def answered(make_cited: Make) -> Reply:
    text = "The Broncos won in Denver."
    cited = make_cited(
        "d",
        0,
        26,
        cited_text=text,
        highlight_start=4,
        highlight_end=11,
        start_index=0,
        end_index=26,
        marker_start=27,
        marker_end=30,
    )
    return Reply(question="Who?", answer=f"{text} [1]", confidence=0.9, citations=(cited,))


SILENT = Reply(
    question="Who?",
    answer="The articles don't say.",
    confidence=0.1,
    abstain_reason="not_in_articles",
)


def test_squad_measures_the_highlight(answered: Reply) -> None:
    assert value("exact_match", asked(answered)) == 0
    assert value("f1", asked(answered)) == pytest.approx(2 / 3)
    assert value("exact_match", asked(answered, ("Carolina", "Broncos"))) == 1


def test_silence_is_right_where_nothing_answers(answered: Reply) -> None:
    nothing: dict[str, Any] = {"answers": (), "answerable": False}
    assert value("f1", asked(SILENT, **nothing)) == 1
    assert value("f1", asked(answered, **nothing)) == 0
    assert value("f1", asked(SILENT)) == 0


def test_containment_in_answer_and_first_quotation(answered: Reply) -> None:
    assert value("contains", asked(answered, ("in Denver",))) == 1
    assert value("first_quote_contains", asked(answered, ("in Denver",))) == 1
    assert value("contains", asked(SILENT, ("articles",))) == 0


def test_the_whole_answer_is_compared_without_its_marks(answered: Reply) -> None:
    assert value("answer_f1", asked(answered, ("The Broncos won in Denver",))) == 1


def test_sentences(answered: Reply) -> None:
    assert value("sentence_precision", asked(answered)) == 1
    assert value("sentence_recall", asked(answered)) == 1
    assert value("sentence_recall", asked(SILENT)) == 0
    assert estimate(metric_named("sentence_precision"), [asked(SILENT)]).count == 0


@pytest.mark.parametrize(
    ("cited", "quoted", "complete", "precision"),
    [
        ([(0, 10), (20, 30)], 1, 1, 1),
        ([(0, 10), (60, 70)], 1, 0, 1),
        ([(60, 70)], 0, 0, 0),
        ([(40, 50)], 1, 1, 1),
    ],
)
def test_one_span_is_quoted_or_all_of_an_alternative(
    make_cited: Make, cited: list[tuple[int, int]], quoted: int, complete: int, precision: int
) -> None:
    evidence = ((GoldSpan("d", 0, 10), GoldSpan("d", 20, 30)), (GoldSpan("d", 40, 50),))
    citations = tuple(make_cited("d", *span) for span in cited)
    reply = Reply(question="?", answer="0123456789 [1]", confidence=1, citations=citations)
    result = Result(case=Case(id="q", question="?", evidence=evidence), reply=reply)
    assert value("evidence_quoted", result) == quoted
    assert value("evidence_complete", result) == complete
    assert value("answer_precision", result) == precision


def test_the_first_quotation_is_evidence_or_not(make_cited: Make) -> None:
    case = Case(id="q", question="?", evidence=((GoldSpan("d", 0, 10),), (GoldSpan("d", 40, 50),)))
    for spans, first in (([(40, 50), (70, 80)], 1), ([(70, 80), (40, 50)], 0), ([], 0)):
        citations = tuple(make_cited("d", *span) for span in spans)
        reply = Reply(question="?", answer="0123456789 [1]", confidence=1, citations=citations)
        assert value("evidence_first", Result(case=case, reply=reply)) == first


def test_silence_quotes_nothing_and_is_no_answer() -> None:
    assert value("evidence_quoted", asked(SILENT)) == 0
    assert value("evidence_first", asked(SILENT)) == 0
    assert estimate(metric_named("answer_precision"), [asked(SILENT)]).count == 0


def test_an_answer_where_nothing_answers_is_not_precise(answered: Reply) -> None:
    nothing = Case(id="n", question="?", answerable=False)
    assert value("answer_precision", asked(answered), Result(case=nothing, reply=answered)) == 0.5
    assert estimate(metric_named("evidence_quoted"), [Result(case=nothing)]).count == 0


def test_without_gold_spans_an_answer_is_as_precise_as_it_is_right(answered: Reply) -> None:
    case = Case(id="q", question="?", answers=("in Denver",))
    assert value("answer_precision", Result(case=case, reply=answered)) == 1


def test_a_statement_is_what_citations_point_at_or_none_does(make_cited: Make) -> None:
    first = {"start_index": 0, "end_index": 9}
    pointed = make_cited("d", 0, 10, **first, marker_start=10, marker_end=13)
    also = make_cited("d", 20, 30, 2, **first, marker_start=13, marker_end=16)
    answer = "It rained [1][2]. Nobody came. "
    reply = Reply(question="Who?", answer=answer, confidence=1, citations=(pointed, also))
    assert statements(reply) == [(pointed, also), ()]


def test_citation_precision_and_recall_by_hand(make_cited: Make) -> None:
    """Two statements and a bare one; three citations, one of them beside the point."""
    rained, snowed = {"start_index": 0, "end_index": 9}, {"start_index": 19, "end_index": 28}
    citations = (
        make_cited("d", 0, 10, 1, **rained, marker_start=10, marker_end=13),
        make_cited("d", 70, 90, 2, **rained, marker_start=14, marker_end=17),
        make_cited("d", 20, 30, 3, **snowed, marker_start=29, marker_end=32),
    )
    answer = "It rained [1] [2]  It snowed [3] all day"
    reply = Reply(question="Who?", answer=answer, confidence=1, citations=citations)
    assert value("citation_precision", asked(reply)) == pytest.approx(2 / 3)
    assert value("citation_recall", asked(reply)) == pytest.approx(2 / 3)


def test_a_citation_that_others_need_is_precise(make_cited: Make) -> None:
    """Neither half carries the gold; together they cover it."""
    case = Case(id="q", question="?", evidence=((GoldSpan("d", 100, 200),),))
    halves = (make_cited("d", 0, 130, 1), make_cited("d", 170, 400, 2))
    reply = Reply(question="Who?", answer="0123456789 [1][2]", confidence=1, citations=halves)
    assert value("citation_precision", Result(case=case, reply=reply)) == 1
    assert value("citation_recall", Result(case=case, reply=reply)) == 1


def test_abstentions_have_no_citations_to_judge() -> None:
    assert estimate(metric_named("citation_precision"), [asked(SILENT)]).count == 0


def test_violations_are_counted(answered: Reply) -> None:
    bad = asked(answered).model_copy(update={"violations": ("one", "two")})
    assert value("violations", bad, asked(answered), bad) == 4


def test_every_metric_is_defined_and_named_once() -> None:
    names = [metric.name for metric in METRICS]
    assert len(set(names)) == len(names)
    assert all(metric.definition and metric.source for metric in METRICS)
    assert all("\n" not in metric.definition for metric in METRICS)
