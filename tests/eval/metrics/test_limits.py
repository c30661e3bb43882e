from __future__ import annotations

from collections.abc import Callable

import pytest

from eval.errors import MetricError
from eval.metrics.limits import check, parse_limits
from eval.metrics.scores import Scores, score
from eval.results import Result


@pytest.fixture
def scores(make_result: Callable[..., Result]) -> Scores:
    return score([make_result(right=place > 0) for place in range(10)])


@pytest.mark.parametrize("limit", ["right=0.9", "right = 0.5", "violations=0", "hit@1=1"])
def test_kept_limits(scores: Scores, limit: str) -> None:
    assert check(parse_limits([limit]), scores) == ()


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("right=0.91", "right is 0.9, below 0.91"),
        ("aurc=0.001", "aurc is 0.1, above 0.001"),
        ("refusal_recall=0.5", "refusal_recall has no value on this question set"),
    ],
)
def test_broken_limits_say_by_how_much(scores: Scores, limit: str, said: str) -> None:
    (failure,) = check(parse_limits([limit]), scores)
    assert str(failure) == said


def test_where_there_is_a_limit_no_question_may_fail(make_result: Callable[..., Result]) -> None:
    error = make_result(answerable=False).model_copy(update={"reply": None, "error": "too long"})
    scores = score([make_result(), make_result(answerable=False, answered=False), error])
    for limits in (["refusal_recall=1"], ["refusal_recall=1", "errors=0"]):
        (failure,) = check(parse_limits(limits), scores)
        assert str(failure) == "errors is 1, above 0"
    assert check((), scores) == ()


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("f11=0.5", "there is no metric 'f11'; there are right, exact_match, f1"),
        ("f1", "write metric=value"),
        ("f1=high", "which is no number"),
        ("f1=nan", "finite"),
    ],
)
def test_nonsense_limits(limit: str, said: str) -> None:
    with pytest.raises(MetricError, match=said):
        parse_limits([limit])


def test_a_stage_that_was_not_reported(scores: Scores) -> None:
    with pytest.raises(MetricError, match=r"latency_p95\.read"):
        check(parse_limits(["latency_p95.read=5"]), scores)
