"""A question and a passage as the reader's model is given them.

The layout is BERT's for two texts (Devlin et al., 2019): ``[CLS] question [SEP] title. passage
[SEP]``, with token type 0 up to the first ``[SEP]`` and 1 after it. The three parts are turned
into tokens apart and then joined, so that the passage's offsets are the tokenizer's own, counted
from the passage's first character.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["Pair", "PairTokens", "sentence_of_token", "sentence_windows"]

Ints = NDArray[np.int64]

MAX_QUESTION_TOKENS: Final = 64
MAX_TITLE_TOKENS: Final = 32


@dataclass(frozen=True, slots=True)
class Pair:
    """One input: int64 ``[tokens]`` ids and types; ``first`` is the passage's first token.

    ``offsets``: int64 ``[passage tokens, 2]``, code points of the passage's text. The tokens
    from ``first`` on are the passage's, in order, then one ``[SEP]``.
    """

    ids: Ints
    types: Ints
    first: int
    offsets: Ints


class PairTokens:
    """Turns texts into :class:`Pair`, with a BERT tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self._start = _id(tokenizer, "[CLS]")
        self._end = _id(tokenizer, "[SEP]")

    def tokens(self, text: str) -> tuple[Ints, Ints]:
        """A text's ids, int64 ``[tokens]``, and code points, int64 ``[tokens, 2]``."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        offsets = np.asarray(encoding.offsets, np.int64).reshape(-1, 2)
        return np.asarray(encoding.ids, np.int64), offsets

    def question(self, text: str) -> Ints:
        """A question's ids, cut after ``MAX_QUESTION_TOKENS``."""
        return self.tokens(text)[0][:MAX_QUESTION_TOKENS]

    def title(self, text: str) -> Ints:
        """A title's ids with a full stop, cut after ``MAX_TITLE_TOKENS``; none for no title."""
        return self.tokens(f"{text}.")[0][-MAX_TITLE_TOKENS:] if text.strip() else _NONE

    def join(self, question: Ints, title: Ints, passage: Ints, offsets: Ints) -> Pair:
        """The parts, each turned into tokens before, as one input."""
        start, end = [self._start], [self._end]
        ids = np.concatenate([start, question, end, title, passage, end]).astype(np.int64)
        types = np.zeros(len(ids), np.int64)
        types[len(question) + 2 :] = 1
        return Pair(ids, types, len(question) + 2 + len(title), offsets)


_NONE: Ints = np.zeros(0, np.int64)


def _id(tokenizer: Tokenizer, token: str) -> int:
    number = tokenizer.token_to_id(token)
    if number is None:
        raise ModelError(f"the tokenizer has no {token}: it is none of a BERT model")
    return number


def sentence_of_token(offsets: Ints, sentences: Sequence[tuple[int, int]]) -> Ints:
    """Which sentence each token stands in, -1 for none: int64 ``[tokens]``.

    ``sentences`` are spans in order, in the same code points as ``offsets``.
    """
    if not len(offsets) or not sentences:
        return np.full(len(offsets), -1, np.int64)
    spans = np.asarray(sentences, np.int64)
    place = np.searchsorted(spans[:, 0], offsets[:, 0], side="right") - 1
    inside = (place >= 0) & (offsets[:, 1] <= spans[np.maximum(place, 0), 1])
    return np.where(inside, place, -1)


def sentence_windows(sizes: Sequence[int], budget: int) -> list[tuple[int, int]]:
    """Runs of sentences, ``[first, past last)``, of at most ``budget`` tokens together.

    ``sizes`` are the sentences' tokens. Each run after the first starts with the last sentence
    of the one before, where that leaves room for more. A sentence above the budget is a run of
    its own.
    """
    runs: list[tuple[int, int]] = []
    start = 0
    while start < len(sizes):
        end, total = start, 0
        while end < len(sizes) and (end == start or total + sizes[end] <= budget):
            total += sizes[end]
            end += 1
        runs.append((start, end))
        if end == len(sizes):
            break
        again = end - 1 > start and sizes[end - 1] + sizes[end] <= budget
        start = end - 1 if again else end
    return runs
