"""Lay out a question and texts as the input of a reader's network.

The layout belongs to the weights, whose manifest names it: BERT's for two texts (Devlin et al.,
2019) is ``[CLS] question [SEP] title. passage [SEP]`` with a type for each half; MPNet's is ``<s>
question </s></s> title. passage </s>`` without types, and takes more texts one after the other,
each with its own ``</s>``. Question, titles and texts are tokenized separately and then joined, so
that a text's offsets are the tokenizer's own, counted from its first character.

Both have the vocabulary of BERT (30,522 pieces of lower-cased English); MPNet puts four special
tokens before it. So one tokenizer serves both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = [
    "NO_TOKENS",
    "BertEncoder",
    "Ints",
    "Layout",
    "MPNetEncoder",
    "Pair",
    "PairEncoder",
    "Text",
    "Tokens",
    "open_layout",
    "sentence_of_token",
    "sentence_windows",
]

Ints = NDArray[np.int64]
Layout = Literal["bert", "mpnet"]

MAX_QUESTION_TOKENS: Final = 64
MAX_TITLE_TOKENS: Final = 32
# Between the cells of a table's row in the text of an article.
_CELL_BAR: Final = " | "
# Some 700 bytes for a sentence, 5,000 for a passage.
_REMEMBERED_TEXTS: Final = 1_024


@dataclass(frozen=True, slots=True)
class Text:
    """A text's tokens by the tokenizer's ids: ``title`` (int64 ``[title tokens]``) stands before
    ``ids`` (int64 ``[tokens]``); ``offsets`` are the code points of ``ids``, int64 ``[tokens,
    2]``."""

    title: Ints
    ids: Ints
    offsets: Ints


@dataclass(frozen=True, slots=True)
class Pair:
    """One input: int64 ``[tokens]`` ids and types, and the places of the texts' tokens in it.

    ``rows`` (int64 ``[texts' tokens]``) are the places of the texts' tokens, titles left out, and
    ``offsets`` (int64 ``[texts' tokens, 2]``) their code points, each in its own text.
    """

    ids: Ints
    types: Ints
    rows: Ints
    offsets: Ints


class Tokens:
    """The shared tokenizer: texts to ids and offsets."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        # A passage's sentences are tokenized when it is read, when windows are chosen and when one
        # is read by itself, for question after question.
        self._tokens_of = lru_cache(_REMEMBERED_TEXTS)(self._encode)
        self.marks = (_id(tokenizer, "[CLS]"), _id(tokenizer, "[SEP]"))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a ``tokenizer.json``. Raises ``ModelError`` when it is not one of BERT's."""
        from tokenizers import Tokenizer

        try:
            return cls(Tokenizer.from_file(str(path)))
        except ModelError:
            raise
        # The library raises bare Exceptions of its own.
        except Exception as exc:
            raise ModelError(f"{path}: the tokenizer cannot be opened") from exc

    def of(self, text: str) -> tuple[Ints, Ints]:
        """Tokenize a text: its ids, int64 ``[tokens]``, and code points, int64 ``[tokens, 2]``;
        neither is to be changed."""
        return self._tokens_of(text)

    def _encode(self, text: str) -> tuple[Ints, Ints]:
        encoding = self._tokenizer.encode(_with_rows_in_words(text), add_special_tokens=False)
        offsets = np.asarray(encoding.offsets, np.int64).reshape(-1, 2)
        return np.asarray(encoding.ids, np.int64), offsets

    def question(self, text: str) -> Ints:
        """Return a question's ids. Of a long one the last ``MAX_QUESTION_TOKENS``, since the
        question itself stands after its preamble."""
        return self.of(text)[0][-MAX_QUESTION_TOKENS:]

    def title(self, text: str) -> Ints:
        """Return a title's ids with a full stop, cut to the last ``MAX_TITLE_TOKENS``; empty for no
        title."""
        return self.of(f"{text}.")[0][-MAX_TITLE_TOKENS:] if text.strip() else NO_TOKENS


def _with_rows_in_words(text: str) -> str:
    """Write a table's rows with the marks of prose, in as many characters.

    ``Oslo | 2024: 7.5 | 2023: 7.1`` becomes ``Oslo:  2024: 7.5,  2023: 7.1``. Bars mean nothing to
    a network that has read sentences: of 128 questions about tables 66 are answered rightly so and
    5 wrongly, with bars 50 and 12.
    """
    if _CELL_BAR not in text:
        return text
    lines = (line.replace(_CELL_BAR, ":  ", 1) for line in text.split("\n"))
    return "\n".join(lines).replace(_CELL_BAR, ",  ")


class PairEncoder(Protocol):
    """Lays out a question and texts for one kind of network."""

    def overhead(self, question: Ints) -> int:
        """Count the tokens of an input besides the texts and their titles."""
        ...

    def join(self, question: Ints, texts: Sequence[Text]) -> Pair:
        """Join the parts to one input."""
        ...


class BertEncoder:
    """BERT's layout, for one text."""

    def __init__(self, marks: tuple[int, int]) -> None:
        self._start, self._end = marks

    def overhead(self, question: Ints) -> int:
        return len(question) + 3

    def join(self, question: Ints, texts: Sequence[Text]) -> Pair:
        """Join the parts; ``ValueError`` for any other number of texts than one."""
        (text,) = texts
        start, end = [self._start], [self._end]
        ids = np.concatenate([start, question, end, text.title, text.ids, end]).astype(np.int64)
        types = np.zeros(len(ids), np.int64)
        types[len(question) + 2 :] = 1
        first = len(question) + 2 + len(text.title)
        return Pair(ids, types, np.arange(first, first + len(text.ids)), text.offsets)


class MPNetEncoder:
    """MPNet's layout, for any number of texts."""

    _START: Final = 0
    _END: Final = 2
    # <s>, <pad>, </s> and <unk> stand before BERT's pieces.
    _SHIFT: Final = 4

    def overhead(self, question: Ints) -> int:
        return len(question) + 4

    def join(self, question: Ints, texts: Sequence[Text]) -> Pair:
        end = [self._END]
        parts: list[Sequence[int] | Ints] = [[self._START], question + self._SHIFT, end, end]
        size, rows = len(question) + 3, []
        for text in texts:
            parts += [text.title + self._SHIFT, text.ids + self._SHIFT, end]
            first = size + len(text.title)
            rows.append(np.arange(first, first + len(text.ids)))
            size = first + len(text.ids) + 1
        ids = np.concatenate(parts).astype(np.int64)
        offsets = np.concatenate([text.offsets for text in texts])
        return Pair(ids, np.zeros(len(ids), np.int64), np.concatenate(rows), offsets)


NO_TOKENS: Final[Ints] = np.zeros(0, np.int64)


def open_layout(name: str, tokens: Tokens) -> PairEncoder:
    """Return the layout of that name. Raises ``ModelError`` for an unknown one."""
    if name == "bert":
        return BertEncoder(tokens.marks)
    if name == "mpnet":
        return MPNetEncoder()
    raise ModelError(f"there is no layout {name!r} for a reader's input; there are bert and mpnet")


def _id(tokenizer: Tokenizer, token: str) -> int:
    number = tokenizer.token_to_id(token)
    if number is None:
        raise ModelError(f"the tokenizer has no {token}: it is none of a BERT model")
    return number


def sentence_of_token(offsets: Ints, sentences: Sequence[tuple[int, int]]) -> Ints:
    """Return for each token the number of its sentence, -1 for none: int64 ``[tokens]``.

    ``sentences`` are spans in order, in the same code points as ``offsets``.
    """
    if not len(offsets) or not sentences:
        return np.full(len(offsets), -1, np.int64)
    spans = np.asarray(sentences, np.int64)
    place = np.searchsorted(spans[:, 0], offsets[:, 0], side="right") - 1
    inside = (place >= 0) & (offsets[:, 1] <= spans[np.maximum(place, 0), 1])
    return np.where(inside, place, -1)


def sentence_windows(sizes: Sequence[int], budget: int) -> list[tuple[int, int]]:
    """Split sentences into runs ``[first, past last)`` of at most ``budget`` tokens together.

    ``sizes`` are the sentences' tokens. Each run after the first starts with the last sentence of
    the one before, where that leaves room for more. A sentence above the budget is a run of its
    own.
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
