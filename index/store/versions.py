"""What an article said before: kept when a new version replaces it, shown, never searched."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from index.article import Article, Span
from index.errors import NotFoundError
from index.store.rows import article_of_row
from index.store.sqlite import COLUMNS, Store
from index.text.sentences import sentences

__all__ = ["Change", "Version", "changes", "correction_notes", "forget", "history", "keep"]

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
    """Sentences of a version and what the next one has in their place; either may be empty."""

    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it was, or is: ``replaced_at`` is ``None`` for the one that is searched.

    ``changes`` is what it changed in the version before it (of the first that is kept: nothing).
    Times are UTC, to the second.
    """

    number: int
    article: Article
    added_at: datetime
    replaced_at: datetime | None
    changes: tuple[Change, ...]

    def as_json(self) -> dict[str, Any]:
        """The version in plain JSON types, its text included."""
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
                {"before": list(each.before), "after": list(each.after)} for each in self.changes
            ],
        }


def keep(store: Store, keys: Sequence[int]) -> None:
    """Copy these articles, which are about to be replaced, into the history."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for key in keys:
        store.execute(
            f"INSERT OR REPLACE INTO versions ({COLUMNS}, version, added_at, replaced_at) "
            f"SELECT {COLUMNS}, version, added_at, ? FROM articles WHERE key = ?",
            (now, key),
        )


def forget(store: Store, ids: Sequence[str]) -> None:
    """What is removed is removed with its history."""
    for id in ids:
        store.execute("DELETE FROM versions WHERE id = ?", (id,))


def history(store: Store, id: str) -> list[Version]:
    """All versions of an article, the present one first. ``NotFoundError`` if there is none."""
    query = f"SELECT {COLUMNS}, version, added_at, NULL FROM articles WHERE id = ?"
    rows = store.execute(query, (id,)).fetchall()
    if not rows:
        raise NotFoundError(f"no article {id!r} in the library; pullquote list shows them")
    if store.has("versions"):
        query = (
            f"SELECT {COLUMNS}, version, added_at, replaced_at FROM versions "
            "WHERE id = ? ORDER BY version DESC"
        )
        rows += store.execute(query, (id,)).fetchall()
    articles = [article_of_row((*row[:9], None)) for row in rows]
    return [
        Version(
            number=row[9],
            article=article,
            added_at=datetime.fromisoformat(row[10]),
            replaced_at=datetime.fromisoformat(row[11]) if row[11] else None,
            changes=changes(older.text, article.text, article.language) if older else (),
        )
        for row, article, older in zip(rows, articles, [*articles[1:], None], strict=True)
    ]


def changes(before: str, after: str, language: str = "en") -> tuple[Change, ...]:
    """Which sentences went and which came, in the order of the text."""
    old = [span.of(before) for span in sentences(before, language)]
    new = [span.of(after) for span in sentences(after, language)]
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return tuple(
        Change(tuple(old[a:b]), tuple(new[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    )


def correction_notes(article: Article) -> list[Span]:
    """The lines in which an article says that it was corrected: offsets into its text."""
    notes: list[Span] = []
    start = 0
    for line in article.text.split("\n"):
        if _NOTE.match(line):
            notes.append(Span(start, start + len(line)))
        start += len(line) + 1
    return notes
