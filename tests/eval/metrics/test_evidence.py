from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval.dataset import Case, GoldSpan
from eval.metrics.evidence import carries, holds, jointly_carry, sentence_scores
from eval.results import Cited, Found

Make = Callable[..., Cited]


@pytest.mark.parametrize(
    ("start", "end", "carried"),
    [
        (0, 100, True),  # a sentence around three words
        (40, 45, True),  # half of a ten-character gold, none of it elsewhere
        (45, 60, True),  # 5 of the shorter one's 10
        (46, 60, False),  # 4 of the shorter one's 10
        (50, 60, False),
    ],
)
def test_carries_by_half_of_the_shorter(
    make_cited: Make, start: int, end: int, carried: bool
) -> None:
    assert carries(make_cited("d", start, end), GoldSpan("d", 40, 50)) is carried
    assert not carries(make_cited("other", start, end), GoldSpan("d", 40, 50))


@pytest.mark.parametrize(("end", "held"), [(45, True), (44, False), (99, True)])
def test_a_passage_holds_half_of_the_gold(end: int, held: bool) -> None:
    found = Found(document_id="d", start=0, end=end, score=0)
    assert holds(found, GoldSpan("d", 40, 50)) is held


def test_two_citations_may_carry_what_neither_does(make_cited: Make) -> None:
    parts = [make_cited("d", 0, 130), make_cited("d", 170, 400, 2)]
    gold = [GoldSpan("d", 100, 200)]
    assert not any(carries(part, gold[0]) for part in parts)
    assert jointly_carry(parts, gold)
    assert not jointly_carry(parts[:1], gold)


def case(*alternatives: tuple[tuple[int, int], ...]) -> Case:
    evidence = tuple(tuple(GoldSpan("d", *span) for span in spans) for spans in alternatives)
    return Case(id="q", question="?", evidence=evidence)


def test_sentence_scores_by_hand(make_cited: Make) -> None:
    cited = [make_cited("d", 0, 10), make_cited("d", 0, 10, 2), make_cited("d", 90, 99, 3)]
    precision, recall, f1 = sentence_scores(cited, case(((0, 10), (20, 30), (40, 50))))
    assert (precision, recall) == pytest.approx((1 / 2, 1 / 3))
    assert f1 == pytest.approx(0.4)


def test_the_best_alternative_counts(make_cited: Make) -> None:
    either = case(((0, 10),), ((20, 30), (40, 50)))
    assert sentence_scores([make_cited("d", 0, 10)], either) == (1, 1, 1)


def test_nothing_cited_scores_nothing() -> None:
    assert sentence_scores([], case(((0, 10),))) == (0, 0, 0)


SPANS = st.tuples(st.integers(0, 50), st.integers(1, 30)).map(lambda s: (s[0], s[0] + s[1]))


@given(st.lists(SPANS, max_size=4), st.lists(SPANS, min_size=1, max_size=4))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_scores_are_bounded(
    make_cited: Make, cited: list[tuple[int, int]], gold: list[tuple[int, int]]
) -> None:
    made = [make_cited("d", *span) for span in cited]
    precision, recall, f1 = sentence_scores(made, case(tuple(gold)))
    assert 0 <= min(precision, recall) <= f1 + 1e-9
    assert f1 <= max(precision, recall) + 1e-9 <= 1 + 1e-9
