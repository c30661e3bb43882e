from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.retrieval.proximity import WINDOW, Proximity

_TERMS = st.lists(st.sampled_from("abcdefgh"), max_size=60)


def test_bigrams_must_be_adjacent_and_in_order() -> None:
    idf = {"red": 1.0, "cat": 1.0, "sat": 1.0}
    assert Proximity(["red", "cat"], idf).shares(["a", "red", "cat"])[0] == 1.0
    assert Proximity(["red", "cat"], idf).shares(["cat", "red"])[0] == 0.0
    assert Proximity(["red", "cat", "sat"], idf).shares(["cat", "sat"])[0] == 0.5
    assert Proximity(["cat"], idf).shares(["cat"])[0] == 0.0


def test_the_window_is_bounded() -> None:
    question = Proximity(["red", "cat"], {"red": 3.0, "cat": 1.0})
    assert question.shares(["red", *["x"] * 14, "cat"])[1] == 1.0
    assert question.shares(["red", *["x"] * 15, "cat"])[1] == 0.75
    assert Proximity([], {}).shares(["red"]) == (0.0, 0.0)


@settings(deadline=None)
@given(_TERMS.map(lambda terms: terms[:8]), _TERMS)
def test_shares_are_those_of_their_definition(question: list[str], passage: list[str]) -> None:
    idf = {word: 0.5 + ord(word) % 7 for word in "abcdefgh"}
    bigrams, window = Proximity(question, idf).shares(passage)
    assert bigrams == pytest.approx(_bigram_share(question, passage, idf), abs=1e-12)
    assert window == pytest.approx(_window_share(question, passage, idf), abs=1e-12)


def _bigram_share(
    question: Sequence[str], passage: Sequence[str], idf: Mapping[str, float]
) -> float:
    pairs = list(itertools.pairwise(question))
    total = sum(idf[first] + idf[second] for first, second in pairs)
    there = set(itertools.pairwise(passage))
    return sum(idf[a] + idf[b] for a, b in pairs if (a, b) in there) / total if total else 0.0


def _window_share(
    question: Sequence[str], passage: Sequence[str], idf: Mapping[str, float]
) -> float:
    total = sum(idf[word] for word in set(question))
    windows = [set(passage[at : at + WINDOW]) & set(question) for at in range(len(passage))]
    best = max((sum(idf[word] for word in window) for window in windows), default=0.0)
    return best / total if total else 0.0
