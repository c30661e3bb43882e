"""Split text into sentences, as offsets.

`sentencex <https://github.com/wikimedia/sentencex>`_ (Wikimedia, MIT) finds the boundaries. It was
chosen over pysbd, syntok, segtok and blingfire: of these it alone keeps "Mr.", "U.S.", "Gen. Lee,
Sen. Roe" and a quotation with its attribution together, and it reads 12 million characters a
second. Its mistakes in news are corrected here: by joining, and after "May." and units by
cutting.
"""

from __future__ import annotations

import re
from itertools import pairwise

import sentencex

from index.article import Span
from index.error_mapping import is_panic
from index.text.captions import is_caption
from index.text.line_joining import unwrap
from index.text.patterns import lazy_regex

__all__ = ["MAX_SENTENCE_CHARS", "has_sentence", "sentences"]

MAX_SENTENCE_CHARS = 800
# Longer than all but a few paragraphs, and five times the longest sentence.
_WINDOW_CHARS = 4_000

_SPACE = lazy_regex(r"\s")
_SURROGATE = lazy_regex("[\ud800-\udfff]")
_CLOCK = lazy_regex(r"\b[ap]\.m\.$")
# What sentencex takes for a short form in mid-sentence although a sentence mostly ends there: the
# one month whose name is as short as the short forms of others, plain words ("fell ill."), and
# units ("320 km/h.", "40 m.").
_NO_SHORT_FORM = lazy_regex(
    r"(?:\b(?:May|may|ill|art|me|no(?=\. [\"“‘]?[A-ZÀ-Þ][a-zß-ÿ]))|\b[a-zµ]{1,4}/[a-z]{1,3}[²³]?"
    r"|\d ?(?:m|min|sec))\. (?=[\"“‘A-ZÀ-Þ])"
)
_ZONE = lazy_regex(r"[A-Z]{2,4}\.?")
_LIST_NUMBER = lazy_regex(r"\(?\d{1,3}[.)]")


def sentences(text: str, language: str = "en") -> list[Span]:
    """Return the sentences of ``text`` in order, without the white space around them.

    A caption (:mod:`index.text.captions`) has none. No sentence crosses a line break (headings,
    list items and paragraphs stand alone), except one inserted to fit a page
    (:mod:`index.text.line_joining`). A sentence longer than ``MAX_SENTENCE_CHARS`` is cut at a
    clause or a space, so that every citation stays readable.
    """
    spans: list[Span] = []
    start = 0
    for line in unwrap(text).split("\n"):
        if not is_caption(line):
            spans.extend(_of_line(line, start, language))
        start += len(line) + 1
    return spans


def has_sentence(text: str) -> bool:
    """Whether :func:`sentences` finds any, without looking for where they end."""
    return any(line.strip() and not is_caption(line) for line in unwrap(text).split("\n"))


def _of_line(line: str, offset: int, language: str) -> list[Span]:
    if not line.strip():
        return []
    pieces = _join_pieces(_pieces(line, language))
    spans: list[Span] = []
    start = 0
    for piece in pieces:
        for part in _split_long(piece):
            lead = len(part) - len(part.lstrip())
            end = len(part.rstrip())
            if end > lead:
                spans.append(Span(offset + start + lead, offset + start + end))
            start += len(part)
    return spans


def _pieces(line: str, language: str) -> list[str]:
    """Cut a line at the ends of sentences.

    The time that sentencex takes grows with the square of the quotation marks and full stops in its
    input, so it gets one window at a time, and the last sentences of each window once more with
    what follows them.
    """
    # sentencex counts bytes and panics on white space wider than one (seen with NBSP after an
    # initial); a plain space in its place keeps every code point where it was. So does a mark for
    # half a character, which it does not take.
    plain = _SURROGATE.sub("\ufffd", _SPACE.sub(" ", line))
    pieces: list[str] = []
    start = 0
    while start < len(plain):
        window = plain[start : start + _WINDOW_CHARS]
        cut = _segment(language, window)
        if sum(map(len, cut)) != len(window):
            cut = [window]
        cut = [part for piece in cut for part in _cut_after_units(piece)]
        if start + len(window) < len(plain):
            cut = _final_pieces(cut)
        for piece in cut:
            pieces.append(line[start : start + len(piece)])
            start += len(piece)
    return pieces


def _cut_after_units(piece: str) -> list[str]:
    """Cut a piece after what is no short form."""
    ends = [match.end() for match in _NO_SHORT_FORM.finditer(piece)]
    return [piece[start:end] for start, end in pairwise([0, *ends, len(piece)]) if end > start]


def _segment(language: str, window: str) -> list[str]:
    """Run sentencex on a window; returns the window uncut when it fails."""
    try:
        return list(sentencex.segment(language, window))
    except BaseException as exc:
        if not is_panic(exc):
            raise
        return [window]


def _final_pieces(cut: list[str]) -> list[str]:
    """Return the pieces of a window that the following text cannot change: a quotation that is open
    at the window's end is not complete. At least one, so that the loop ends."""
    remaining = sum(map(len, cut))
    count = 0
    for piece in cut:
        remaining -= len(piece)
        if remaining < MAX_SENTENCE_CHARS:
            break
        count += 1
    return cut[: count or max(1, len(cut) - 1)]


def _join_pieces(pieces: list[str]) -> list[str]:
    out: list[str] = []
    for piece in pieces:
        if out and _belongs(out[-1].rstrip(), piece.strip()):
            out[-1] += piece
        else:
            out.append(piece)
    return out


def _belongs(before: str, piece: str) -> bool:
    if not piece:
        return True
    if _LIST_NUMBER.fullmatch(before.strip()):
        return True
    # "5 p.m. | EST." and "example.com. | today": no sentence begins so.
    return piece[0].islower() or bool(_CLOCK.search(before) and _ZONE.fullmatch(piece))


def _split_long(piece: str) -> list[str]:
    parts: list[str] = []
    while len(piece) > MAX_SENTENCE_CHARS:
        cut = _cut(piece)
        parts.append(piece[:cut])
        piece = piece[cut:]
    return [*parts, piece]


def _cut(piece: str) -> int:
    window = piece[: MAX_SENTENCE_CHARS + 1]
    for mark in (r"[.!?]['\"”’)]*\s", r"[;:—–]\s", r",\s", r"\s"):
        ends = [match.end() for match in re.finditer(mark, window)]
        usable = [end for end in ends if MAX_SENTENCE_CHARS // 4 <= end <= MAX_SENTENCE_CHARS]
        if usable:
            return usable[-1]
    return MAX_SENTENCE_CHARS
