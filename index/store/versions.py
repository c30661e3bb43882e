"""The history of an article: its earlier versions, and what each changed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
    the text."""
    old = [span.of(before) for span in sentences(before, language)]
    new = [span.of(after) for span in sentences(after, language)]
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return tuple(
        Change(tuple(old[a:b]), tuple(new[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    )


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
