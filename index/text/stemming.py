"""Stem words by language, with Snowball's stemmers (snowballstemmer, BSD)."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

import snowballstemmer

__all__ = ["stem_word"]

_stemmers = threading.local()


@lru_cache(maxsize=200_000)
def stem_word(algorithm: str, word: str) -> str:
    """Return the stem of a word in lower case. Safe to call from several threads.

    algorithm: Snowball's name of the language, such as ``english``.
    """
    return str(_stemmer(algorithm).stemWord(word))


def _stemmer(algorithm: str) -> Any:
    """Return this thread's stemmer of a language: one keeps the word that it works on."""
    by_algorithm: dict[str, Any] = _stemmers.__dict__.setdefault("by_algorithm", {})
    if algorithm not in by_algorithm:
        by_algorithm[algorithm] = snowballstemmer.stemmer(algorithm)
    return by_algorithm[algorithm]
