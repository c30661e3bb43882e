"""Split a chat model's stream into sentences as they are completed.

How the text is split into pieces must not matter: it is taken word by word, so the same text always
gives the same sentences, streamed or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from index.text.patterns import lazy_regex
from index.text.sentences import sentences
from rag.text.markup import ends_in_marker

__all__ = ["stream_sentences"]

# White space belongs to the word after it, so that it does not matter where it is cut.
# Possessive, and matched only where a word may begin: what has no white space is looked at once.
_WORD: Final = lazy_regex(r"\s*+\S++(?=\s)")
_SPACE: Final = lazy_regex(r"\s")
_MARKS: Final = lazy_regex(r"\s*(?:(?:\[\^?[\d,;\s–-]+\]|【[^】]*】)[.,;]?\s*)+")
_SENTENCE_END: Final = lazy_regex(
    r"[.!?…。！？؟।][\"'”’»)*_`]*\s*(?:(?:\[\^?[\d,;\s–-]+\]|【[^】]*】)[.,;]?\s*)*$"
)


def stream_sentences(pieces: Iterable[str]) -> Iterator[str]:
    """Split a text that arrives in pieces into sentences, each as soon as the next has begun.

    Markers after a full stop belong to the sentence before them. A last sentence without an end was
    cut off and is left out; so is a line that only introduces a list.
    """
    buffer = rest = ""
    for piece in pieces:
        rest += piece
        # A model that repeats itself may write without end: only white space completes a word.
        if not _SPACE.search(piece):
            continue
        at = 0
        while word := _WORD.match(rest, at):
            at = word.end()
            buffer += word.group()
            complete, buffer = _complete_sentences(buffer)
            yield from complete
        rest = rest[at:]
    buffer += rest
    while buffer.strip():
        sentence, buffer = _first(buffer)
        if buffer.strip() or _SENTENCE_END.search(sentence):
            yield sentence


def _complete_sentences(buffer: str) -> tuple[list[str], str]:
    """Return the sentences that are certainly complete, and the text after them."""
    complete: list[str] = []
    while True:
        sentence, remainder = _first(buffer)
        if not remainder.strip() or ends_in_marker(remainder.rstrip()):
            return complete, buffer
        complete.append(sentence)
        buffer = remainder


def _first(text: str) -> tuple[str, str]:
    """Split off the first sentence with its markers; returns it and the rest."""
    spans = sentences(text)
    if not spans:
        return text, ""
    end = spans[0].end
    marks = _MARKS.match(text, end)
    if marks and "\n" not in text[end : marks.end()].rstrip():
        end = marks.end()
    return text[:end].strip(), text[end:]
