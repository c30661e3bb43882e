"""Clean text, once, before an article's text is fixed.

Every offset of every sentence, passage and citation counts code points of what :func:`clean`
returned, so anything that changes the number of characters has to happen here.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["clean", "clean_line", "word_set"]

_NEWLINES = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
# Control characters carry no text; joiners and marks (emoji, Indic, bidi) are left alone.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\u200b\u00ad]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# A run is looked at from its beginning alone: from each place in it would be the square of it.
_BLANK = r"[ \t\u00a0\u2000-\u200a\u3000]"
_TRAILING = re.compile(rf"(?<!{_BLANK}){_BLANK}+(?=\n|\Z)")
_BLANKS = re.compile(r"\n{3,}")
_SPACES = re.compile(r"[ \t]{2,}")


def clean(text: str) -> str:
    """Clean a text for the library.

    One kind of newline, no control or zero-width characters, no lone surrogates (they become
    U+FFFD), composed accents (Unicode NFC), single spaces, at most one blank line, no white space
    at the ends. Cleaning a clean text changes nothing.
    """
    text = _NEWLINES.sub("\n", text)
    text = _CONTROL.sub("", text)
    text = _SURROGATE.sub("\ufffd", text)
    text = unicodedata.normalize("NFC", text)
    text = _SPACES.sub(" ", text)
    text = _TRAILING.sub("", text)
    return _BLANKS.sub("\n\n", text).strip()


def clean_line(text: str) -> str:
    """Clean a title or a name and put it on one line."""
    return " ".join(clean(text).split())


def word_set(words: str) -> frozenset[str]:
    """Split a list of words, written as one string, into a set."""
    return frozenset(words.split())
