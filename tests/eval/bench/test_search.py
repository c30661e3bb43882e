"""A search is timed over made-up news, in both ways and with its parts."""

from __future__ import annotations

from eval.bench.search import measure


def test_a_small_library_is_measured() -> None:
    figures = measure(articles=20, questions=4)
    assert figures["passages"] > 20
    for name in ("first_ms", "again_ms", "terms_ms", "terms_again_ms"):
        assert 0 < figures[name]["p50"] <= figures[name]["p95"]
