from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval.dataset import Dataset


def test_a_sample_is_fixed_by_its_seed_and_keeps_the_articles(dataset: Dataset) -> None:
    first, again, other = dataset.sample(4, 1), dataset.sample(4, 1), dataset.sample(4, 2)
    assert first.cases == again.cases != other.cases
    assert first.articles == dataset.articles
    assert "sample of 4 (seed 1)" in first.name


@given(size=st.integers(1, 20), seed=st.integers(0, 50))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_sample_keeps_order_and_repeats_nothing(dataset: Dataset, size: int, seed: int) -> None:
    places = [dataset.cases.index(case) for case in dataset.sample(size, seed)]
    assert places == sorted(set(places))
    assert len(places) == min(size, len(dataset))


def test_a_sample_of_none_is_refused(dataset: Dataset) -> None:
    with pytest.raises(ValueError, match="at least one"):
        dataset.sample(0)


def test_the_hash_follows_questions_and_articles(dataset: Dataset) -> None:
    fewer = replace(dataset, cases=dataset.cases[:3])
    renamed = replace(dataset, name="other")
    assert fewer.hash != dataset.hash == renamed.hash
    assert fewer.corpus_hash == dataset.corpus_hash


def test_kinds_are_counted(dataset: Dataset) -> None:
    assert dataset.kinds == {"single_fact": 3, "why_how": 2, "unanswerable": 2, "follow_up": 1}
