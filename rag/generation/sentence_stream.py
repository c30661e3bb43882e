"""A model's stream, cut into sentences as they become whole.

How the text arrives must not matter: it is taken word by word, whatever the pieces were, so the
same text always falls into the same sentences, streamed or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from index.text.sentences import sentences
from rag.text.markup import ends_in_mark

__all__ = ["whole_sentences"]

_WORD: Final = re.compile(r"\S+\s+")
_MARKS: Final = re.compile(r"\s*(?:(?:\[\^?[\d,;\s–-]+\]|【[^】]*】)[.,;]?\s*)+")
_ENDED: Final = re.compile(
    r"[.!?…。！？؟।][\"'”’»)]*\s*(?:(?:\[\^?[\d,;\s–-]+\]|【[^】]*】)[.,;]?\s*)*$"
)


def whole_sentences(pieces: Iterable[str]) -> Iterator[str]:
    """The sentences of a text that arrives in pieces, each as soon as the next has begun.

    Marks after a full stop belong to the sentence before them. A last sentence without an end is
    one that broke off, and is left out; so is the line of a list that only announces others.
    """
    held = rest = ""
    for piece in pieces:
        rest += piece
        at = 0
        for word in _WORD.finditer(rest):
            at = word.end()
            held += word.group()
            whole, held = _ready(held)
            yield from whole
        rest = rest[at:]
    held += rest
    while held.strip():
        sentence, held = _first(held)
        if held.strip() or _ENDED.search(sentence):
            yield sentence


def _ready(held: str) -> tuple[list[str], str]:
    """The sentences that are surely over, and what is left after them."""
    whole: list[str] = []
    while True:
        sentence, left = _first(held)
        if not left.strip() or ends_in_mark(left.rstrip()):
            return whole, held
        whole.append(sentence)
        held = left


def _first(text: str) -> tuple[str, str]:
    """The first sentence with its marks, and the rest."""
    spans = sentences(text)
    if not spans:
        return text, ""
    end = spans[0].end
    marks = _MARKS.match(text, end)
    if marks and "\n" not in text[end : marks.end()].rstrip():
        end = marks.end()
    return text[:end].strip(), text[end:]
