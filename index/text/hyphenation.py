"""Join words that were divided at the end of a line.

Whether the hyphen belongs to the word ("well-known") or only divides it ("ter-minal") is decided by
the rest of the document, which may have the word within a line, and by how compounds are formed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.text.normalise import word_set
from index.text.patterns import lazy_regex

__all__ = ["Vocabulary", "join_divided"]

# Characters, of the longest word that is looked up.
_WORD = 60
_TOKEN = lazy_regex(r"[\w-]+")
_HEAD = lazy_regex(r"[\w-]*[-\u00ad\u2010]$")
_TAIL = lazy_regex(r"[\w-]+")
# A letter or digit, a hyphen, the line's end, and what the next line begins with.
_DIVISION = lazy_regex(r"(?<=[^\W_])[-\u00ad\u2010]\r?\n[ \t]*(?=[^\W_])")
_SOFT = lazy_regex(r"\u00ad\s*\n[ \t]*(?=[^\W_])")
# Words that keep their hyphen whoever divides the line behind or before them.
_KEEPS = lazy_regex(
    r"(?i)\b(self|well|high|low|long|short|state|so|then|ex|half|all|cross|year|first|second|"
    r"third|two|three|four|five|six|ten|non|far|full|part|old|new|right|left|mid|vice|market|"
    r"one|seven|eight|nine|decision|father|mother|brother|sister|up|out-of|[a-z])-$"
)
_KEPT_BEFORE = word_set(
    "based owned backed speaking funded related friendly called making known in-law in-chief"
    " elect of-the in-the to-be to-date the-art thirds quarters fifths"
)
# After a hyphen that stands for the rest of the next word ("Nord- und Ostsee").
_CONJUNCTIONS = word_set("und oder bzw sowie bis wie and or to et ou y o e en of och og")
_ADDRESS = lazy_regex(r"[/@\\_.]")


class Vocabulary:
    """The words that a document has within its lines."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._words = {word.casefold() for text in texts for word in _TOKEN.findall(text)}

    def keeps_hyphen(self, before: str, line: str) -> bool:
        """Whether the hyphen at the end of ``before`` is part of the word that continues in
        ``line``."""
        head, tail = _HEAD.search(before[-_WORD:]), _TAIL.match(line[:_WORD])
        if head is None or tail is None:
            return False
        start, end = head[0][:-1].casefold(), tail[0].casefold()
        if f"{start}{end}" in self._words:
            return False
        if f"{start}-{end}" in self._words or line[:1].isupper():
            return True
        return end in _KEPT_BEFORE or bool(_KEEPS.search(f"{start}-"))


def join_divided(text: str) -> str:
    """Join the words that are divided at the ends of a text's lines.

    Numbers and names keep their hyphen (``1990-95``, ``North-South``), a hyphen that stands for the
    rest of a word gets a space after it (``Nord- und Ostsee``), addresses keep their line end.
    """
    if "\u00ad" in text:
        text = _SOFT.sub("", text)
    if not _DIVISION.search(text):
        return text
    vocabulary = Vocabulary([text])

    def join_match(match: re.Match[str]) -> str:
        before = text[max(0, match.start() - _WORD) : match.start() + 1]
        after = text[match.end() : match.end() + _WORD]
        word = re.search(r"\S*$", before)
        if word and _ADDRESS.search(word[0]):
            return match[0]
        end = _TAIL.match(after)
        if end and end[0].casefold() in _CONJUNCTIONS and before[-2:-1].islower():
            return "- "
        if not before[-2:-1].isalpha() or not after[:1].isalpha():
            return "-"
        return "-" if vocabulary.keeps_hyphen(before, after) else ""

    return _DIVISION.sub(join_match, text)
