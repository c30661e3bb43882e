"""Clean text, once, before an article's text is fixed.

Every offset of every sentence, passage and citation counts code points of what :func:`clean`
returned, so anything that changes the number of characters has to happen here.
"""

from __future__ import annotations

import re
import unicodedata

from index.text.patterns import lazy_regex

__all__ = ["clean", "clean_line", "without_controls", "word_set"]

_NEWLINES = lazy_regex(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
# Control characters carry no text, nor do the codes that colour a terminal.
_CONTROL = lazy_regex(r"\x1b\[[\d;]{0,16}[A-Za-z]|[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
# But for those that part words: a hyphen and one that is seen at line ends alone, within a word of
# word processors; the end of a cell there; ends of fields, groups and records.
_PARTING = lazy_regex(r"[\x07\x1c-\x1f]")
_HYPHENS = {"\x1e": "-", "\x1f": ""}
# Joiners and marks (emoji, Indic, bidi) are left alone. What stands for a picture (U+FFFC) and what
# is no character at all are no text.
_NO_TEXT = lazy_regex(
    r"[\x7f-\x84\x86-\x9f\ufeff\u200b\u00ad\ufffc\ufdd0-\ufdef]"
    r"|["
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
# Line and page ends of word processors: within a sentence they are spaces.
_SOFT_BREAK = lazy_regex(r"(?<![ \t\x0b\x0c])[ \t]*+[\x0b\x0c][ \t\x0b\x0c]*+(?=[^\W\d_])")
# Letters that a typesetter joined: nobody searches for them as one.
_LIGATURES = str.maketrans({
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
})  # fmt: skip
_LIGATURE = lazy_regex("[ﬀ-ﬆ]")
_SURROGATE = lazy_regex(r"[\ud800-\udfff]")
# A run is looked at from its beginning alone: from each place in it would be the square of it.
_BLANK = r"[ \t\u00a0\u2000-\u200a\u3000]"
_TRAILING = lazy_regex(rf"(?<!{_BLANK}){_BLANK}+(?=\n|\Z)")
_BLANKS = lazy_regex(r"\n{3,}")
_SPACES = lazy_regex(r"[ \t]{2,}")


def clean(text: str) -> str:
    """Clean a text for the library.

    One kind of newline, no control or zero-width characters, no lone surrogates (they become
    U+FFFD), composed accents (Unicode NFC), single letters instead of ligatures, single spaces, at
    most one blank line, no white space at the ends. Cleaning a clean text changes nothing.
    """
    if "\x0b" in text or "\x0c" in text:
        text = _SOFT_BREAK.sub(lambda match: _space_before(text, match.end()), text)
    text = _NEWLINES.sub("\n", text)
    text = _NO_TEXT.sub("", without_controls(text))
    text = _SURROGATE.sub("\ufffd", text)
    if _LIGATURE.search(text):
        text = text.translate(_LIGATURES)
    text = unicodedata.normalize("NFC", text)
    text = _SPACES.sub(" ", text)
    text = _TRAILING.sub("", text)
    return _BLANKS.sub("\n\n", text).strip()


def without_controls(text: str) -> str:
    """Return a text without control characters other than line ends and tabs. Of those that part
    words there stays what is seen: a hyphen, a tab or a space."""
    text = _PARTING.sub(_visible, text)
    return _CONTROL.sub("", text)


def _visible(match: re.Match[str]) -> str:
    if match[0] == "\x07":
        return "\t"
    start, end = match.span()
    is_within = match.string[start - 1 : start].isalnum() and match.string[end : end + 1].isalnum()
    return _HYPHENS.get(match[0], " ") if is_within else " "


def _space_before(text: str, at: int) -> str:
    return " " if text[at].islower() else "\n"


def clean_line(text: str) -> str:
    """Clean a title or a name and put it on one line."""
    return " ".join(clean(text).split())


def word_set(words: str) -> frozenset[str]:
    """Split a list of words, written as one string, into a set."""
    return frozenset(words.split())
