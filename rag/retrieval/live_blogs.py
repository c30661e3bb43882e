"""Live blogs: articles in entries that begin with a time of day, each of which may be superseded by
a later one.

The entries are told by lines that begin with a clock ("18:40", "6.40pm"), three at least, all
in one order, which may pass midnight once, and most of them with whole sentences: a programme has
none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Final

from index.article import Article, Span
from index.snapshot import Found, View
from index.text.patterns import lazy_regex

__all__ = ["Entry", "entry_of", "live_entries", "newer_passages"]

_CLOCK: Final = lazy_regex(
    r"^[^\w\n]*(?P<clock>(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)"
    r"(?:\s?(?P<half>[ap])\.?m\.?)?)(?=[^\w:.]|\.\s|$)(?!\s*\|)",
    re.MULTILINE | re.IGNORECASE,
)
_SENTENCE_END: Final = lazy_regex(r"\w.*[.!?…]['\"”’»)\]]*\s*$", re.DOTALL)
_LEAST_ENTRIES: Final = 3
_HALF_DAY: Final = 12 * 60


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a live blog: its time as the article has it, and where it stands in the text."""

    clock: str
    span: Span


@lru_cache(maxsize=64)
def live_entries(text: str) -> tuple[Entry, ...]:
    """Find the entries of a live blog, the newest first; none where a text is no such thing."""
    matches = list(_CLOCK.finditer(text))
    minutes = list(map(_minutes, matches))
    falls, rises = _rise(minutes[::-1]), _rise(minutes)
    if len(matches) < _LEAST_ENTRIES or falls == rises:
        return ()
    ends = [*(match.start() for match in matches[1:]), len(text)]
    texts = [text[match.end() : end] for match, end in zip(matches, ends, strict=True)]
    if sum(map(bool, map(_SENTENCE_END.search, texts))) <= len(texts) / 2:
        return ()
    entries = [
        Entry(match["clock"], Span(match.start(), end))
        for match, end in zip(matches, ends, strict=True)
    ]
    return tuple(entries if falls else reversed(entries))


def entry_of(text: str, sentence: Span) -> Entry | None:
    """Return the entry that a sentence stands in."""
    return next(
        (e for e in live_entries(text) if e.span.start <= sentence.start < e.span.end), None
    )


def newer_passages(view: View, article: Article, sentence: Span) -> list[Found]:
    """Return the passages of a live blog without the entry of a sentence and what is older; none
    where that is the newest, or the article no live blog."""
    entries, entry = live_entries(article.text), entry_of(article.text, sentence)
    newer = entries[: entries.index(entry)] if entry else ()
    return list(_within(view, article, [entry.span for entry in newer])) if newer else []


def _within(view: View, article: Article, spans: list[Span]) -> Iterator[Found]:
    """Yield an article's passages with the sentences alone that stand in these stretches."""
    for passage in view.passages_of(article.id):
        sentences = tuple(
            sentence
            for sentence in passage.sentences
            if any(span.start <= sentence.start < span.end for span in spans)
        )
        if sentences:
            span = Span(sentences[0].start, sentences[-1].end)
            yield Found(article, replace(passage, sentences=sentences, span=span))


def _rise(minutes: list[int]) -> bool:
    """Whether minutes of a day never fall but over one midnight."""
    falls = [before - after for before, after in pairwise(minutes) if before > after]
    return not falls or (len(falls) == 1 and falls[0] > _HALF_DAY)


def _minutes(match: re.Match[str]) -> int:
    """The minutes of a clock since midnight."""
    hour = int(match["hour"])
    half = (match["half"] or "").lower()
    if half:
        hour %= 12
    return hour * 60 + int(match["minute"]) + (_HALF_DAY if half == "p" else 0)
