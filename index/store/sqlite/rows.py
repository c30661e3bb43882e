"""Convert rows of the store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np

from index.article import Article, Passage, Span
from index.errors import LibraryCorrupt
from index.store.base import StoredVersion

__all__ = ["article_of_row", "passage_of_row", "spans_of_blob", "version_of_row"]


def passage_of_row(row: Sequence[Any]) -> Passage:
    """Make a passage of its key, its article's id, its ordinal and its sentences."""
    sentences = spans_of_blob(row[3])
    return Passage(
        key=row[0],
        article_id=row[1],
        ordinal=row[2],
        span=Span(sentences[0].start, sentences[-1].end),
        sentences=sentences,
    )


def spans_of_blob(blob: bytes) -> tuple[Span, ...]:
    """Decode sentences stored as int32 pairs of start and end."""
    pairs = np.frombuffer(blob, dtype="<i4").reshape(-1, 2).tolist()
    return tuple(Span(start, end) for start, end in pairs)


def article_of_row(row: Sequence[Any]) -> Article:
    """Make an article of the store's ``COLUMNS``, its metadata, and the recogniser's confidence in
    its lines. ``LibraryCorrupt`` when text, a day or JSON is none any more."""
    id, title, text, publisher, author, published_at, language, url, source, *rest = row
    metadata, recognition = (*rest, None, None)[:2]
    required, optional = (id, title, text, language, source), (publisher, author, url)
    try:
        if not all(isinstance(value, str) for value in (*required, *filter(None, optional))):
            raise TypeError("not text")
        return Article(
            id=id,
            title=title,
            text=text,
            publisher=publisher,
            author=author,
            published_at=date.fromisoformat(published_at) if published_at else None,
            language=language,
            url=url,
            source=source,
            metadata=json.loads(metadata) if metadata is not None else None,
            recognition=tuple(json.loads(recognition)) if recognition is not None else None,
        )
    except (ValueError, TypeError) as exc:
        raise _changed(id, exc) from exc


def version_of_row(row: Sequence[Any]) -> StoredVersion:
    """Make a version of the store's ``COLUMNS``, its number, and when it was added and replaced.
    ``LibraryCorrupt`` when a time is none any more."""
    article = article_of_row(row[:9])
    try:
        added_at = datetime.fromisoformat(row[10])
        replaced_at = datetime.fromisoformat(row[11]) if row[11] else None
    except (ValueError, TypeError) as exc:
        raise _changed(article.id, exc) from exc
    return StoredVersion(row[9], article, added_at, replaced_at)


def _changed(id: object, exc: Exception) -> LibraryCorrupt:
    return LibraryCorrupt(
        f"article {id!r} is not as it was written ({exc}); remove it and add it again, "
        "or put a backup back (pullquote restore FILE)"
    )
