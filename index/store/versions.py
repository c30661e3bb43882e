"""The history of an article: its earlier versions, and what each changed."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from index.article import Article, Span
from index.store.base import StoredVersion
from index.text.sentences import sentences

__all__ = ["Change", "Version", "changes", "correction_notes", "history"]

# "Correction: ...", "CLARIFICATION (May 3): ...", "Editor's note: ...", "This story was corrected".
_NOTE = re.compile(
    r"(correction|clarification|corrects|editor['’]s note|corrected version)s?\b[^.:\n]{0,60}[:—–]"
    r"|(an earlier version of )?this (article|story|report|post)\b[^.\n]{0,60}"
    r"\b(corrected|amended|updated to correct|misstated|misidentified)\b"
    r"|an earlier version of this (article|story|report|post)\b",
    re.IGNORECASE,
)
# Two stretches with more pairs of sentences are not compared each with each: that takes up to the
# cube of their length.
_CLOSE_PAIRS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Change:
    """Sentences of a version and their replacement in the next one; either may be empty."""

    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article; ``replaced_at`` is ``None`` for the present one, which is
    searched.

    ``changes``: what it changed in the version before it; empty for the first one kept. Times are
    UTC, to the second.
    """

    number: int
    article: Article
    added_at: datetime
    replaced_at: datetime | None
    changes: tuple[Change, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the version in plain JSON types, with its text."""
        article = self.article
        return {
            "version": self.number,
            "added_at": self.added_at.isoformat(),
            "replaced_at": self.replaced_at.isoformat() if self.replaced_at else None,
            "title": article.title,
            "published_at": article.published_at.isoformat() if article.published_at else None,
            "text": article.text,
            "corrections": [note.of(article.text) for note in correction_notes(article)],
            "changes": [
                {"before": list(change.before), "after": list(change.after)}
                for change in self.changes
            ],
        }


def history(versions: Sequence[StoredVersion]) -> list[Version]:
    """Return the versions, the newest first, each with what it changed in the one before it."""
    before = [*versions[1:], None]
    return [
        Version(
            number=version.number,
            article=version.article,
            added_at=version.added_at,
            replaced_at=version.replaced_at,
            changes=changes(older.article.text, version.article.text, version.article.language)
            if older
            else (),
        )
        for version, older in zip(versions, before, strict=True)
    ]


def changes(before: str, after: str, language: str = "en") -> tuple[Change, ...]:
    """Compare two texts by sentence; returns which sentences went and which came, in the order of
    the text.

    Takes n log n time for n sentences: what stands once in each text, in the same order, is taken
    as unchanged (Cohen's patience diff), and only short stretches between are compared closely. Of
    a long stretch of repeated sentences what is the same at its beginning and end is unchanged.
    """
    old = [span.of(before) for span in sentences(before, language)]
    new = [span.of(after) for span in sentences(after, language)]
    differences: list[Change] = []
    old_start = new_start = 0
    for old_end, new_end in [*_anchors(old, new), (len(old), len(new))]:
        differences += _stretch_changes(old[old_start:old_end], new[new_start:new_end])
        old_start, new_start = old_end + 1, new_end + 1
    return tuple(differences)


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Find the places, in both, of sentences that stand once in each, as many as are in the same
    order."""
    if len(old) * len(new) <= _CLOSE_PAIRS:
        return []
    old_counts, new_counts = Counter(old), Counter(new)
    places = {sentence: i for i, sentence in enumerate(new) if new_counts[sentence] == 1}
    pairs = [
        (i, places[sentence])
        for i, sentence in enumerate(old)
        if old_counts[sentence] == 1 and sentence in places
    ]
    return _longest_increasing(pairs)


def _longest_increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the most pairs that increase in both numbers. They increase in the first already."""
    ends: list[int] = []
    last_of_length: list[int] = []
    previous: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        previous.append(last_of_length[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        last_of_length[length : length + 1] = [number]
    chain = []
    number = last_of_length[-1] if last_of_length else -1
    while number >= 0:
        chain.append(pairs[number])
        number = previous[number]
    return chain[::-1]


def _stretch_changes(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """Compare stretches between two anchors."""
    pairs = zip(old, new, strict=False)
    head = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))
    old, new = old[head:], new[head:]
    pairs = zip(reversed(old), reversed(new), strict=False)
    tail = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))
    old, new = old[: len(old) - tail], new[: len(new) - tail]
    if not old and not new:
        return []
    if len(old) * len(new) > _CLOSE_PAIRS:
        return [Change(tuple(old), tuple(new))]
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return [
        Change(tuple(old[a:b]), tuple(new[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    ]


def correction_notes(article: Article) -> list[Span]:
    """Find the lines in which an article states that it was corrected; returns offsets into its
    text."""
    notes: list[Span] = []
    start = 0
    for line in article.text.split("\n"):
        if _NOTE.match(line):
            notes.append(Span(start, start + len(line)))
        start += len(line) + 1
    return notes
