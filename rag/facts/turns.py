"""Transcripts: find whose turn it is, where paragraphs begin with who speaks.

"OSTBERG: I learned of it on Monday." A turn lasts until the next one; a text is a transcript where
several of its lines begin so and somebody has more than one turn. "Q:" and "A:" name nobody.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from index.article import Span
from index.text.patterns import lazy_regex

__all__ = ["Turn", "turn_of"]

_LABEL: Final = lazy_regex(
    r"^(?P<name>[A-ZÀ-Þ][\w.'’-]+(?: (?:[A-ZÀ-Þ][\w.'’-]*|of|the|for|de|van|von)){0,5})"
    r"(?: \([^()\n]{1,60}\))?:[ \t]+(?=[\"“„«(\[]?[^\W_])",
    re.MULTILINE,
)
_NOBODY: Final = frozenset(("question", "answer", "note", "update", "correction"))
_LEAST_TURNS: Final = 4
_LEAST_SHARE: Final = 0.4


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody says in a transcript: all of it, with the label, and who it is, written as
    names are."""

    span: Span
    speaker: str


def turn_of(text: str, sentence: Span) -> Turn | None:
    """Return the turn in which a sentence of an article's ``text`` stands; ``None`` where the
    article is no transcript, or nobody has spoken yet."""
    turns = _turns(text)
    at = bisect_right(turns, sentence.start, key=lambda turn: turn.span.start)
    return turns[at - 1] if at else None


# Of the articles of one answer; texts may be long.
@lru_cache(maxsize=8)
def _turns(text: str) -> Sequence[Turn]:
    labels = [match for match in _LABEL.finditer(text) if match["name"].lower() not in _NOBODY]
    lines = sum(1 for line in text.split("\n") if line.strip())
    counts = Counter(match["name"] for match in labels)
    is_transcript = (
        len(labels) >= max(_LEAST_TURNS, lines * _LEAST_SHARE)
        and len(counts) > 1
        and len(counts) < len(labels)
    )
    if not is_transcript:
        return ()
    ends = [match.start() for match in labels[1:]] + [len(text)]
    return [
        Turn(Span(match.start(), end), _as_name(match["name"]))
        for match, end in zip(labels, ends, strict=True)
    ]


def _as_name(label: str) -> str:
    return label.title() if label.isupper() else label
