"""Indexes over vectors: what they find, and when they are short."""

from __future__ import annotations

import numpy as np
import pytest

from eval.bench.corpus import clustered_vectors
from eval.bench.options import BenchOptions
from eval.bench.sections.vectors import SHARES, _search, factories, measure, measure_index
from index.encode.base import Floats
from index.search.dense import choose_factory
from index.store.base import Keys


class Forgetful:
    """Finds the right vectors, but half of those that were wanted."""

    def __init__(self, vectors: Floats) -> None:
        self.vectors = vectors

    def search(self, query: Floats, k: int, selection: Keys | None = None) -> tuple[Keys, Floats]:
        keys = np.arange(len(self.vectors)) if selection is None else selection
        scores = self.vectors[keys] @ query
        order = np.argsort(-scores)[: min(k, len(keys)) // 2]
        return keys[order], scores[order]


def test_the_exact_index_finds_all_and_is_never_short() -> None:
    vectors = clustered_vectors(410, dim=16)
    figures = measure_index("IDMap2,Flat", vectors[:400], vectors[400:], seed=1)
    assert figures.recall == 1
    assert figures.filters == [(1.0, 0)] * len(SHARES)
    assert figures.megabytes > 400 * 16 * 4 / 1e6


@pytest.mark.parametrize("selection", [None, np.arange(4)])
def test_short_searches_and_lost_recall_are_seen(selection: Keys | None) -> None:
    vectors = clustered_vectors(60, dim=16)
    recall, short, times = _search(Forgetful(vectors), vectors, vectors[:5], selection)
    assert recall == pytest.approx(0.5)
    assert short == len(times) == 5


def test_what_the_library_chooses_is_among_them() -> None:
    for count in (10_000, 100_000, 1_000_000):
        assert choose_factory("auto", count) in factories(count)


def test_sizes_are_compared_with_the_exact_index() -> None:
    figures = measure(BenchOptions(largest=400))
    names = [each.name for each in figures.comparisons]
    assert "400: IDMap2,Flat, recall" in names
    assert all(each.value == 1 for each in figures.comparisons if each.name.endswith("recall"))
    (chart,) = figures.charts
    assert chart.curves["IDMap2,Flat"][-1][0] == 400
