"""Join surrogate pairs in a stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rag.chat.base import Piece

__all__ = ["join_surrogates"]


def join_surrogates(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces with surrogate pairs joined, also those split between two pieces.

    A lone surrogate, which cannot be encoded, becomes U+FFFD.
    """
    half = ""
    for piece in pieces:
        text, half = half + piece.text, ""
        if "\ud800" <= text[-1:] <= "\udbff" and not piece.finish:
            text, half = text[:-1], text[-1]
        yield piece if text == piece.text and text.isascii() else replace(piece, text=_join(text))
    if half:
        yield Piece(_join(half))


def _join(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
