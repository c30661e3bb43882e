"""Leave out pull quotes: words of an article that its page repeats in large type."""

from __future__ import annotations

from collections.abc import Sequence

from index.load.page_blocks import fold

__all__ = ["without_pull_quotes"]

_QUOTATION_MARKS = tuple("“”„«»‹›‘’\"'")
_LEAST_WORDS, _MOST_CHARS = 4, 300


def without_pull_quotes(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the texts without those that begin with a quotation mark and stand within a longer
    one, and these."""
    keys = [fold(text) for text in texts]
    rest: list[str] = []
    repetitions: list[str] = []
    for text, key in zip(texts, keys, strict=True):
        may_be = text.startswith(_QUOTATION_MARKS) and len(text) <= _MOST_CHARS
        may_be = may_be and len(text.split()) >= _LEAST_WORDS
        is_repetition = may_be and any(key in whole and len(whole) > len(key) for whole in keys)
        (repetitions if is_repetition else rest).append(text)
    return rest, repetitions
