"""Cleaning, which happens once, before an article's text is fixed.

After this every offset of every sentence, passage and citation counts code points of what
:func:`clean` returned, so anything that changes the number of characters has to happen here.
"""

from __future__ import annotations

import itertools
import re
import unicodedata

__all__ = ["clean", "clean_line", "unwrap", "word_set"]

_NEWLINES = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
# Control characters carry no text; joiners and marks (emoji, Indic, bidi) are left alone.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\u200b\u00ad]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_TRAILING = re.compile(r"[ \t\u00a0\u2000-\u200a\u3000]+(?=\n|\Z)")
_BLANKS = re.compile(r"\n{3,}")
_SPACES = re.compile(r"[ \t]{2,}")

WRAP_WIDTH = range(50, 101)


def clean(text: str) -> str:
    """The text as the library keeps it.

    One kind of newline, no control or zero-width characters, no lone surrogates (they become
    U+FFFD), composed accents (Unicode NFC), single spaces, at most one blank line, nothing at
    the ends. Cleaning what is clean changes nothing.
    """
    text = _NEWLINES.sub("\n", text)
    text = _CONTROL.sub("", text)
    text = _SURROGATE.sub("\ufffd", text)
    text = unicodedata.normalize("NFC", text)
    text = _SPACES.sub(" ", text)
    text = _TRAILING.sub("", text)
    return _BLANKS.sub("\n\n", text).strip()


def clean_line(text: str) -> str:
    """A title or a name: cleaned, on one line."""
    return " ".join(clean(text).split())


def word_set(words: str) -> frozenset[str]:
    """The words of a list that is written out as one string."""
    return frozenset(words.split())


def unwrap(text: str) -> str:
    """Join the lines of hard-wrapped paragraphs; text with one paragraph a line stays.

    A text counts as hard-wrapped when most of its lines that are followed by another one are
    between 50 and 100 characters long and do not end a sentence.
    """
    blocks = [block.split("\n") for block in text.split("\n\n")]
    inner = [line for block in blocks for line in block[:-1]]
    wrapped = [
        line
        for line in inner
        if len(line) in WRAP_WIDTH and not re.search(r"[.!?:;][”\"')]*$", line)
    ]
    if len(inner) < 3 or len(wrapped) < 0.6 * len(inner):
        return text
    return "\n\n".join(_join(block) for block in blocks)


def _join(lines: list[str]) -> str:
    joined = lines[0]
    for before, line in itertools.pairwise(lines):
        keeps_break = len(before) < WRAP_WIDTH.start or re.match(r"\s*([-*•]|\d+[.)])\s", line)
        joined += ("\n" if keeps_break else " ") + line
    return joined
