"""Time preferences: articles of a period, or the newest, rank higher and are read first.

A preference hides nothing. Passages of articles that match it rank as if their score were a little
higher; an article of unknown date lies between one that matches and one that does not. Where the
question names a time near to it or asks for the newest, the matching passages that score nearly as
high as the best are read alone first. All are read only where those give no confident answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from rag.query.time_expressions import Effect, TimeWord
from rag.retrieval.candidate import Candidate

__all__ = ["PRIORITY_CONFIDENCE", "boost_preferred", "priority_candidates"]

# In the scale of the fused score, of which the best passages of most questions have about one.
_BONUS: dict[Effect, float] = {"prefer": 0.2, "newest": 0.2, "prefer_weakly": 0.05}
_SCORE_MARGIN = 0.3
_HALF_LIFE_DAYS = 60.0
_UNKNOWN_DATE = 0.5
_TOLD_AFTERWARDS = timedelta(days=365)
# Below this confidence what was read first does not keep the rest from being read.
PRIORITY_CONFIDENCE = 0.4


def boost_preferred(
    candidates: Sequence[Candidate], time_words: Sequence[TimeWord]
) -> list[Candidate]:
    """Rank the candidates (best first) that match the time preferences higher."""
    preferences = [word for word in time_words if word.effect != "filter"]
    if not preferences:
        return list(candidates)
    days = [candidate.hit.article.published_at for candidate in candidates]
    newest = max((day for day in days if day), default=None)
    ranking = [
        replace(candidate, score=candidate.score + _bonus(preferences, day, newest))
        for candidate, day in zip(candidates, days, strict=True)
    ]
    return sorted(ranking, key=lambda candidate: -candidate.score)


def _bonus(preferences: Sequence[TimeWord], day: date | None, newest: date | None) -> float:
    return sum(_BONUS[word.effect] * _match(word, day, newest) for word in preferences)


def _match(word: TimeWord, day: date | None, newest: date | None) -> float:
    """Compute how well a day matches a preference, 0 to 1."""
    if day is None or newest is None:
        return _UNKNOWN_DATE
    if word.effect == "newest":
        return float(0.5 ** ((newest - day).days / _HALF_LIFE_DAYS))
    return float(_in_period(word, day))


def _in_period(word: TimeWord, day: date) -> bool:
    first, last = word.published_from or date.min, word.published_to or date.max
    # What happened in a year is told until well into the next.
    if word.effect == "prefer_weakly" and word.published_from and word.published_to:
        last += _TOLD_AFTERWARDS
    return first <= day <= last


def priority_candidates(
    candidates: Sequence[Candidate], time_words: Sequence[TimeWord]
) -> list[Candidate]:
    """Select the candidates to read alone, before all; none where the question has no such
    preference."""
    threshold = max((candidate.score for candidate in candidates), default=0.0) - _SCORE_MARGIN
    days = [
        (candidate, day)
        for candidate in candidates
        if candidate.score >= threshold and (day := candidate.hit.article.published_at)
    ]
    periods = [word for word in time_words if word.effect == "prefer"]
    if periods:
        days = [pair for pair in days if all(_in_period(word, pair[1]) for word in periods)]
    if any(word.effect == "newest" for word in time_words):
        newest = max((day for _, day in days), default=None)
        days = [pair for pair in days if pair[1] == newest]
    elif not periods:
        return []
    return [candidate for candidate, _ in days] if len(days) < len(candidates) else []
