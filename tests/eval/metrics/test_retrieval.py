from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.dataset import Case, GoldSpan
from eval.metrics import METRICS, metric_named
from eval.metrics.bootstrap import estimate
from eval.metrics.retrieval import ranking
from eval.results import Found, Result


def result(found: Sequence[str], relevance: dict[str, int], name: str = "q") -> Result:
    evidence = ((GoldSpan("a", 40, 50),),) if "a" in relevance else ()
    return Result(
        case=Case(id=name, question="?", relevance=relevance, evidence=evidence),
        found=tuple(
            Found(document_id=doc, start=30 * place, end=30 * place + 30, score=9.0 - place)
            for place, doc in enumerate(found)
        ),
    )


def value(name: str, *results: Result) -> float:
    return estimate(metric_named(name), results).value


FIRST = result(["x", "a", "x", "b"], {"a": 1, "b": 3, "c": 1})


def test_a_document_stands_where_its_first_passage_does() -> None:
    assert ranking(FIRST) == ["x", "a", "b"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hit@1", 0.0),
        ("hit@5", 1.0),
        ("recall@5", 2 / 3),
        ("mrr@10", 1 / 2),
        ("ndcg@10", (1 / math.log2(3) + 3 / 2) / (3 + 1 / math.log2(3) + 1 / 2)),
        ("passage_hit@1", 0.0),
        ("passage_hit@5", 1.0),
    ],
)
def test_by_hand(name: str, expected: float) -> None:
    assert value(name, FIRST) == pytest.approx(expected)


def test_nothing_found_is_zero_and_nothing_relevant_is_left_out() -> None:
    nothing = result([], {"a": 1})
    assert value("mrr@10", nothing, FIRST) == pytest.approx(1 / 4)
    assert estimate(metric_named("hit@5"), [FIRST, result(["x"], {})]).count == 1
    assert estimate(metric_named("hit@5"), [result(["x"], {"x": 0})]).count == 0


def test_equal_scores_keep_their_order() -> None:
    tied = FIRST.model_copy(
        update={"found": tuple(f.model_copy(update={"score": 1.0}) for f in FIRST.found)}
    )
    assert value("mrr@10", tied) == 1 / 2


@given(
    st.lists(st.sampled_from("abcdefgh"), max_size=12),
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3), max_size=5),
)
@settings(max_examples=40, deadline=None)
def test_all_are_shares(found: list[str], relevance: dict[str, int]) -> None:
    for metric in METRICS:
        if metric.group == "retrieval":
            figure = estimate(metric, [result(found, relevance)]).value
            assert math.isnan(figure) or -1e-9 <= figure <= 1 + 1e-9
