from __future__ import annotations

from datetime import date

from index.article import Passage, Span
from index.snapshot import Found
from rag.query.time_expressions import TimeWord
from rag.retrieval.candidate import Candidate
from rag.retrieval.recency import boost_preferred, priority_candidates
from tests.fakes import article


def candidate(id: str, day: date | None, score: float) -> Candidate:
    text = "It rained."
    passage = Passage(1, id, 0, Span(0, len(text)), (Span(0, len(text)),))
    return Candidate(Found(article(id, text, published_at=day), passage), score)


OLD = candidate("old", date(2025, 1, 5), 1.0)
NEW = candidate("new", date(2025, 6, 5), 0.9)
UNDATED = candidate("undated", None, 0.95)
FAR = candidate("far", date(2025, 6, 10), 0.2)


def ids(candidates: list[Candidate]) -> list[str]:
    return [each.hit.article.id for each in candidates]


def test_the_newest_rank_higher_and_are_read_first() -> None:
    words = (TimeWord("latest", "newest"),)
    ranked = boost_preferred([OLD, UNDATED, NEW, FAR], words)
    assert ids(ranked) == ["new", "undated", "old", "far"]
    # What is newer but far from the question is not what was meant.
    assert ids(priority_candidates(ranked, words)) == ["new"]


def test_a_period_is_preferred_and_hides_nothing() -> None:
    words = (TimeWord("in June", "prefer", date(2025, 6, 1), date(2025, 6, 30)),)
    ranked = boost_preferred([OLD, NEW], words)
    assert ids(ranked) == ["new", "old"]
    assert ids(priority_candidates(ranked, words)) == ["new"]
    assert priority_candidates([OLD], words) == []


def test_a_year_of_a_fact_moves_only_what_is_close() -> None:
    words = (TimeWord("in 2024", "prefer_weakly", date(2025, 6, 1), None),)
    assert ids(boost_preferred([OLD, NEW], words)) == ["old", "new"]
    assert priority_candidates([OLD, NEW], words) == []


def test_without_words_the_order_stays() -> None:
    assert boost_preferred([OLD, NEW], ()) == [OLD, NEW]
    assert priority_candidates([OLD, NEW], ()) == []


def test_a_year_of_a_fact_is_told_until_well_into_the_next() -> None:
    words = (TimeWord("in 2024", "prefer_weakly", date(2024, 1, 1), date(2024, 12, 31)),)
    later = candidate("later", date(2025, 11, 5), 0.99)
    assert ids(boost_preferred([UNDATED, later], words)) == ["later", "undated"]
