"""Articles and the places in them.

An article's text is fixed once it is cleaned. A sentence, a passage, a citation is a pair of
offsets into that text: Unicode code points, end exclusive, as Python slices a ``str``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from index.text.dates import DateSource

__all__ = ["Article", "Findings", "Passage", "Span"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of an article's text, ``text[start:end]``.

    Raises ``ValueError`` when it is empty or starts before the text does.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start}:{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters that the span covers. ``ValueError`` if it runs past the end."""
        if self.end > len(text):
            raise ValueError(f"span {self.start}:{self.end} runs past {len(text)} characters")
        return text[self.start : self.end]

    def overlaps(self, span: Span) -> bool:
        return self.start < span.end and span.start < self.end


@dataclass(frozen=True, slots=True)
class Findings:
    """Observations of a loader beside the text, for admission to judge or to keep.

    ``left_out``: ``(text, reason)`` of what it left out of the main part. ``unclear_day``: the day
    of publication as the source states it, where only the order of day and month that is set tells
    which one it is. ``other_days``: lines with a day that the source says is of something else.
    ``guessed_day``: a day that may be that of publication, stated nowhere. ``rows``: the lines that
    are rows of a table in the source.
    """

    left_out: tuple[tuple[str, str], ...] = ()
    unclear_day: str = ""
    other_days: tuple[str, ...] = ()
    guessed_day: date | None = None
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article as the library keeps it: cleaned text and what is known about it.

    ``text`` is the ground truth for every offset. ``source`` says where it was loaded from (a path,
    a path and line, a URL); it is not part of the content, nor are ``found_as``, which tells
    whether the text is that of a whole ``page`` with its furniture, of a ``record`` that somebody
    prepared, or a ``text`` to be taken as it is, and ``date_source``, how the day was found
    (:mod:`index.ingest.provenance`), and ``findings``, what its loader saw beside it. ``metadata``
    is what a program keeps with the article for itself, in plain JSON types: nothing here reads it,
    and it comes back as it was. ``None`` when nobody left any. ``recognition``: of a text that was
    read off pictures, how sure the recogniser is of each of its lines (blank ones apart), between 0
    and 1. An empty ``language`` is found out by the library when it takes the article in.
    """

    id: str
    title: str
    text: str
    publisher: str | None = None
    author: str | None = None
    published_at: date | None = None
    language: str = ""
    url: str | None = None
    source: str = field(default="", compare=False)
    metadata: Mapping[str, Any] | None = field(default=None, hash=False)
    found_as: Literal["page", "record", "text"] = field(default="text", compare=False)
    date_source: DateSource | None = field(default=None, compare=False)
    findings: Findings = field(default=Findings(), compare=False)
    recognition: tuple[float, ...] | None = field(default=None, compare=False)

    def recognition_confidence(self, span: Span) -> float | None:
        """How sure the recogniser is of the lines that a span touches, the least sure of them;
        ``None`` for a text that was not recognised."""
        if self.recognition is None:
            return None
        lines = (match.span() for match in re.finditer(r"[^\n]+", self.text))
        sure = zip(lines, self.recognition, strict=False)
        return min(
            (c for (start, end), c in sure if start < span.end and span.start < end), default=1.0
        )

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) over the text and all that is said about it, source and id apart."""
        metadata = [
            self.title,
            self.text,
            self.publisher,
            self.author,
            self.published_at.isoformat() if self.published_at else None,
            self.language,
            self.url,
        ]
        if self.metadata is not None:
            metadata.append(json.dumps(self.metadata, sort_keys=True))
        return hashlib.sha256(json.dumps(metadata, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences that is searched as one.

    ``key`` is the number under which FAISS and BM25 know it: never used twice in a library.
    ``sentences`` are spans of the article's text, in order; ``span`` covers them.
    """

    key: int
    article_id: str
    ordinal: int
    span: Span
    sentences: tuple[Span, ...]

    @property
    def id(self) -> str:
        """The passage's name for people and programs: ``ARTICLE_ID#ORDINAL``."""
        return f"{self.article_id}#{self.ordinal}"
