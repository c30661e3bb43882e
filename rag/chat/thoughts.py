"""Leave out what a chat model thinks before it answers, where it writes that with the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from index.text.patterns import lazy_regex
from rag.chat.base import Piece
from rag.errors import ChatModelError

__all__ = ["leave_out_thoughts"]

_TAG: Final = lazy_regex(r"<(/?)(?:think(?:ing)?|thoughts?|reasoning)>", re.IGNORECASE)
# What may be the beginning of a tag.
_CUT_TAG: Final = lazy_regex(r"</?[a-z]{0,9}$", re.IGNORECASE)


def leave_out_thoughts(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces without what stands between ``<think>`` and ``</think>``, however the text
    is cut into pieces.

    Raises ``ChatModelError`` (``malformed``) for thoughts without an end, or without a beginning:
    then what came before was thought, too.
    """
    rest, is_thought = "", False
    for piece in pieces:
        rest += piece.text
        text = ""
        while tag := _TAG.search(rest):
            if tag[1] and not is_thought:
                raise ChatModelError("malformed")
            text += "" if is_thought else rest[: tag.start()]
            rest, is_thought = rest[tag.end() :], not tag[1]
        cut = _CUT_TAG.search(rest)
        end = cut.start() if cut else len(rest)
        text += "" if is_thought else rest[:end]
        rest = rest[end:]
        yield replace(piece, text=text)
    if is_thought:
        raise ChatModelError("malformed")
    if rest:
        yield Piece(rest)
