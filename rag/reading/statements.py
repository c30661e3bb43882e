"""Tell sentences that state something from headings, captions and links, by their place.

By structure alone: a short line of its own that ends without a full stop, in an article whose other
lines have them, is a heading, a byline, a dateline or the text of a link; a line that begins with a
label such as "Photo:" is a caption whatever it ends with. List items, rows of tables and the result
of a match state something. Offsets are those of Python's ``str``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from index.article import Span
from index.text.patterns import lazy_regex

__all__ = ["is_statement"]

# What ends a sentence in scripts that have such marks, with what may stand behind it.
_ENDING: Final = lazy_regex(r"[.!?…:;。！？।؟۔։።]['\"”’»)\]]*$")
_LABEL: Final = lazy_regex(
    r"(?:photo|picture|image|graphic|video|caption|read more|read also|see also|related|watch|"
    r"listen)(?: by| from)?\s*:",
    re.IGNORECASE,
)
_ROW: Final = lazy_regex(r"^\s*(?:[-–—•*·▪]|\(?\d{1,3}[.)])\s|\s\|\s|\t")
_LATIN: Final = lazy_regex(r"[A-Za-zÀ-ɏ]")
_NAME: Final = r"[A-ZÀ-Þ][\w.'’&-]*(?: (?:[A-ZÀ-Þ][\w.'’&-]*|of|and|&)){0,4}"
# "Helmsby 2 Osk Town 3", "Helmsby 2-3 Osk Town (after extra time)".
_RESULT: Final = lazy_regex(
    r"(?!(?:Act|Article|Book|Chapter|Day|Figure|Group|Part|Round|Section|Step|Table|Title|Volume)\b)"
    rf"(?:{_NAME} \d{{1,3}},? {_NAME} \d{{1,3}}|{_NAME} \d{{1,3}} ?[-–:] ?\d{{1,3}} {_NAME})"
    r"(?: \([^()]+\))?"
)
# A line with more words is a sentence that lost its full stop.
_MOST_WORDS: Final = 16


def is_statement(text: str, sentence: Span) -> bool:
    """Whether the sentence at ``sentence`` in an article's ``text`` may be quoted as an answer."""
    start = text.rfind("\n", 0, sentence.start) + 1
    end = text.find("\n", sentence.end)
    line = text[start : end if end >= 0 else len(text)].strip()
    if _LABEL.match(line):
        return False
    sentence_text = text[sentence.start : sentence.end].strip()
    if (
        sentence_text != line
        or _ROW.search(line)
        or _ENDING.search(line)
        or not _LATIN.search(line)
        or _RESULT.fullmatch(line)
    ):
        return True
    return len(line.split()) > _MOST_WORDS or not _has_sentences(text)


@lru_cache(maxsize=256)
def _has_sentences(text: str) -> bool:
    """Whether any line of the text ends as a sentence does."""
    return any(_ENDING.search(line.rstrip()) for line in text.splitlines())
