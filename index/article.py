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

from index.text.date_types import DateSource

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
        """Return the characters that the span covers. ``ValueError`` if it runs past the end."""
        if self.end > len(text):
            raise ValueError(f"span {self.start}:{self.end} runs past {len(text)} characters")
        return text[self.start : self.end]

    def overlaps(self, span: Span) -> bool:
        return self.start < span.end and span.start < self.end


@dataclass(frozen=True, slots=True)
class Findings:
    """Observations of a loader beside the text, for admission to use or to store.

    ``left_out``: ``(text, reason)`` of what was left out of the main part. ``unclear_day``: the day
    of publication as the source states it, where the order of day and month is ambiguous without
    the setting. ``other_days``: lines with a day that the source says is of something else.
    ``guessed_day``: a day that may be that of publication but is stated nowhere. ``rows``: the
    lines that are rows of a table in the source; ``code``: those of programs.
    """

    left_out: tuple[tuple[str, str], ...] = ()
    unclear_day: str = ""
    other_days: tuple[str, ...] = ()
    guessed_day: date | None = None
    rows: tuple[str, ...] = ()
    code: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article as the library stores it: cleaned text and what is known about it.

    ``text`` is what every offset counts in. ``metadata`` is what a program stores with the article
    for itself, in plain JSON types; it is returned unchanged, and ``None`` when there is none.
    ``recognition``: for a text that OCR read from pictures, the confidence (0 to 1) of each of its
    lines that is not blank. An empty ``language`` is detected when the library takes the article
    in.

    Not part of the content: ``source``, where it was loaded from (a path, a path and line, a URL);
    ``found_as``, whether the text is that of a whole ``page`` with its boilerplate, of a ``record``
    that somebody prepared, or a ``text`` to be taken as it is; ``date_source``, how the day was
    found (:mod:`index.ingest.provenance`); and ``findings`` of its loader.
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
        """Return the lowest recognition confidence among the lines that a span touches; ``None``
        for a text that was not recognised."""
        if self.recognition is None:
            return None
        lines = (match.span() for match in re.finditer(r"[^\n]+", self.text))
        sure = zip(lines, self.recognition, strict=False)
        return min(
            (c for (start, end), c in sure if start < span.end and span.start < end), default=1.0
        )

    def header(self) -> dict[str, str | None]:
        """Return what is known about the article beside its text, in plain JSON types."""
        return {
            "id": self.id,
            "title": self.title,
            "publisher": self.publisher,
            "author": self.author,
            "published_at": self.published_at.isoformat() if self.published_at else None,
            "language": self.language,
            "url": self.url,
            "source": self.source,
        }

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) over the text and all that is known about it, without source and id."""
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

    ``key`` is its number in FAISS and BM25: never used twice in a library. ``sentences`` are spans
    of the article's text, in order; ``span`` covers them.
    """

    key: int
    article_id: str
    ordinal: int
    span: Span
    sentences: tuple[Span, ...]

    @property
    def id(self) -> str:
        """The passage's id for people and programs: ``ARTICLE_ID#ORDINAL``."""
        return f"{self.article_id}#{self.ordinal}"
