"""Leave out pull quotes: words of an article that its page repeats in large type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from typing import Any

from index.load.html.page_blocks import fold
from index.load.html.tags import local_name, said_of

__all__ = ["pull_quotes", "without_pull_quotes"]

_SET_APART = re.compile(r"pull-?_?quote|block-?quote")
_LEAST_WORDS, _MOST_CHARS = 4, 300


def pull_quotes(root: Any) -> frozenset[str]:
    """Return what may be a pull quote on a page, folded: the short texts that it sets apart as
    quotations. A heading in quotation marks is none."""
    return frozenset(fold(text) for text in _quotations(root) if _may_be(text))


def without_pull_quotes(texts: Sequence[str], candidates: Set[str]) -> tuple[list[str], list[str]]:
    """Return the texts without the candidates that stand within a longer one, and these."""
    keys = [fold(text) for text in texts]
    rest: list[str] = []
    repetitions: list[str] = []
    for text, key in zip(texts, keys, strict=True):
        is_repetition = key in candidates and any(
            key in whole and len(whole) > len(key) for whole in keys
        )
        (repetitions if is_repetition else rest).append(text)
    return rest, repetitions


def _quotations(root: Any) -> Iterator[str]:
    for element in root.iter():
        if local_name(element) == "blockquote" or _SET_APART.search(said_of(element)):
            yield "".join(element.itertext())
            yield from ("".join(part.itertext()) for part in element.iter("p", "{*}p"))


def _may_be(text: str) -> bool:
    return len(text.split()) >= _LEAST_WORDS and len(text) <= _MOST_CHARS
