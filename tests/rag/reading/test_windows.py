"""Which sentences are read again."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rag.reading.windows import Candidate, Run, choose_runs

texts = st.sampled_from("abc")
candidates = st.lists(
    st.builds(
        Candidate, texts, st.integers(0, 12), st.integers(1, 40), st.floats(-9, 9)
    ),
    max_size=30,
    unique_by=lambda each: (each.text, each.number),
)  # fmt: skip


def _ten(best: int, tokens: int = 10, text: str = "a") -> list[Candidate[str]]:
    return [Candidate(text, i, tokens, float(i == best)) for i in range(10)]


@given(candidates, st.integers(1, 200), st.integers(0, 20))
def test_the_budget_is_kept(given: list[Candidate[str]], budget: int, overhead: int) -> None:
    runs = choose_runs(given, budget, overhead)
    sizes = {(each.text, each.number): each.tokens for each in given}
    taken = [(run.text, n) for run in runs for n in range(run.first, run.last + 1)]
    assert len(taken) == len(set(taken))
    assert set(taken) <= set(sizes)
    total = sum(sizes[each] for each in taken) + overhead * len({run.text for run in runs})
    # The best sentence is taken whatever its size, and then alone.
    assert total <= budget or len(taken) == 1


@given(candidates.filter(bool), st.integers(1, 200))
def test_the_best_sentence_is_always_taken(given: list[Candidate[str]], budget: int) -> None:
    runs = choose_runs(given, budget)
    best = max(given, key=lambda each: each.score)
    assert runs[0].text == best.text
    assert any(run.first <= best.number <= run.last for run in runs if run.text == best.text)


@given(candidates, st.integers(1, 200))
def test_runs_of_a_text_stand_together_and_apart(given: list[Candidate[str]], budget: int) -> None:
    runs = choose_runs(given, budget)
    order = [run.text for run in runs]
    assert order == sorted(order, key=order.index)
    for one, other in pairwise(runs):
        assert one.text != other.text or one.last + 1 < other.first


def test_neighbours_come_along() -> None:
    assert choose_runs(_ten(5), 30) == [Run("a", 4, 6)]


def test_where_neighbours_do_not_fit_the_sentence_comes_alone() -> None:
    assert choose_runs(_ten(5), 29) == [Run("a", 0, 0), Run("a", 5, 5)]


def test_runs_that_touch_are_one() -> None:
    scored = [Candidate("a", i, 10, {2: 2.0, 5: 1.0}.get(i, 0.0)) for i in range(10)]
    assert choose_runs(scored, 60) == [Run("a", 1, 6)]


def test_texts_come_in_the_order_of_their_best_sentence() -> None:
    given = [Candidate("a", 0, 10, 1.0), Candidate("b", 0, 10, 2.0)]
    assert [run.text for run in choose_runs(given, 20)] == ["b", "a"]


def test_a_title_is_paid_for_once_a_text() -> None:
    given = [Candidate(text, n, 10, 1.0) for text, n in (("a", 0), ("a", 5), ("b", 0))]
    assert choose_runs(given, 25, overhead=5) == [Run("a", 0, 0), Run("a", 5, 5)]
    assert len(choose_runs(given, 40, overhead=5)) == 3


def test_nothing_gives_nothing() -> None:
    assert choose_runs([], 100) == []
