"""A preference for articles of a time: they rank higher and are read first, and hide nothing.

Passages of articles that suit rank as if their score were a little higher; an article of unknown
date lies between one that suits and one that does not. Where the question speaks of a time near
to it or of the newest, the passages that suit and are nearly as near to the question as the best
are read alone first. Only where they do not answer surely is all read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from rag.query.time_expressions import Effect, TimeWord
from rag.retrieval.hybrid import Retrieved

__all__ = ["SURE", "prefer", "read_first"]

# In the scale of the fused score, of which the best passages of most questions have about one.
_BONUS: dict[Effect, float] = {"prefer": 0.2, "newest": 0.2, "prefer_weakly": 0.05}
_NEARLY = 0.3
_HALF_LIFE_DAYS = 60.0
_UNKNOWN = 0.5
_TOLD_AFTERWARDS = timedelta(days=365)
# Below this confidence what was read first does not keep the rest from being read.
SURE = 0.4


def prefer(found: Sequence[Retrieved], words: Sequence[TimeWord]) -> list[Retrieved]:
    """The passages, best first, those that suit the words ranked higher."""
    wanted = [word for word in words if word.effect != "filter"]
    if not wanted:
        return list(found)
    days = [each.found.article.published_at for each in found]
    newest = max((day for day in days if day), default=None)
    raised = [
        replace(
            each, score=each.score + sum(_BONUS[w.effect] * _suits(w, day, newest) for w in wanted)
        )
        for each, day in zip(found, days, strict=True)
    ]
    return sorted(raised, key=lambda each: -each.score)


def _suits(word: TimeWord, day: date | None, newest: date | None) -> float:
    if day is None or newest is None:
        return _UNKNOWN
    if word.effect == "newest":
        return float(0.5 ** ((newest - day).days / _HALF_LIFE_DAYS))
    return float(_within(word, day))


def _within(word: TimeWord, day: date) -> bool:
    first, last = word.published_from or date.min, word.published_to or date.max
    # What happened in a year is told until well into the next.
    if word.effect == "prefer_weakly" and word.published_from and word.published_to:
        last += _TOLD_AFTERWARDS
    return first <= day <= last


def read_first(found: Sequence[Retrieved], words: Sequence[TimeWord]) -> list[Retrieved]:
    """The passages to read alone, before all; none where the question prefers none."""
    if not found:
        return []
    least = max(each.score for each in found) - _NEARLY
    near = [each for each in found if each.score >= least]
    dated = [(each, day) for each in near if (day := each.found.article.published_at)]
    periods = [word for word in words if word.effect == "prefer"]
    if periods:
        dated = [(each, day) for each, day in dated if all(_within(w, day) for w in periods)]
    if any(word.effect == "newest" for word in words):
        newest = max((day for _, day in dated), default=None)
        dated = [(each, day) for each, day in dated if day == newest]
    elif not periods:
        return []
    return [each for each, _ in dated] if len(dated) < len(found) else []
