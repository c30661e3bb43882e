from __future__ import annotations

from rag.retrieval.proximity import bigram_share, window_share


def test_bigrams_must_be_adjacent_and_in_order() -> None:
    idf = {"red": 1.0, "cat": 1.0, "sat": 1.0}
    assert bigram_share(["red", "cat"], ["a", "red", "cat"], idf) == 1.0
    assert bigram_share(["red", "cat"], ["cat", "red"], idf) == 0.0
    assert bigram_share(["red", "cat", "sat"], ["cat", "sat"], idf) == 0.5
    assert bigram_share(["cat"], ["cat"], idf) == 0.0


def test_the_window_is_bounded() -> None:
    idf = {"red": 3.0, "cat": 1.0}
    assert window_share(["red", "cat"], ["red", *["x"] * 14, "cat"], idf) == 1.0
    assert window_share(["red", "cat"], ["red", *["x"] * 15, "cat"], idf) == 0.75
    assert window_share([], ["red"], {}) == 0.0
