"""Common English words, which are no misspellings although the library lacks them.

``english_words.txt.gz`` holds 20,000 words of four letters and more, lower-cased, one a line. They
are the whole words of the vocabulary of all-MiniLM-L6-v2 (Apache 2.0), the most frequent pieces of
Wikipedia and books, names among them. ``dictionary_words.txt.gz`` holds those of a dictionary that
are no names, SCOWL's up to size 60 in American and British spelling; the notice that goes with it
is ``scowl_notice.txt``.
``python -m eval.training.word_list`` writes the files.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from index.text.patterns import lazy_regex

__all__ = [
    "DICTIONARY",
    "MIN_LETTERS",
    "WORD",
    "WORD_LIST",
    "common_words",
    "dictionary_words",
    "is_english_word",
    "pack_words",
]

WORD_LIST: Final = Path(__file__).parent / "english_words.txt.gz"
DICTIONARY: Final = Path(__file__).parent / "dictionary_words.txt.gz"
# Shorter words are never taken for misspellings.
MIN_LETTERS: Final = 4
WORD: Final = lazy_regex(r"[^\W\d_]+")


@cache
def common_words() -> frozenset[str]:
    """Load the words of the list, lower-cased."""
    return _words_of(WORD_LIST)


def is_english_word(word: str) -> bool:
    """Whether a word is one of the common words or of the dictionary, in whatever case."""
    word = word.casefold()
    return word in common_words() or word in dictionary_words()


@cache
def dictionary_words() -> frozenset[str]:
    """Load the words of the dictionary, 64,600 of four letters and more."""
    return _words_of(DICTIONARY)


def _words_of(file: Path) -> frozenset[str]:
    return frozenset(gzip.decompress(file.read_bytes()).decode("utf-8").split())


def pack_words(pieces: Iterable[str]) -> bytes:
    """Pack the words among the pieces of a vocabulary in the form of the file.

    Continuations (``##ing``), numbers, signs and words that are too short are left out. The same
    pieces give the same bytes.
    """
    words = sorted({p for p in pieces if WORD.fullmatch(p) and len(p) >= MIN_LETTERS})
    return gzip.compress("\n".join(words).encode("utf-8"), compresslevel=9, mtime=0)
