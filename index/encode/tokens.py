"""Count the tokens of texts for the built-in encoder, as the measure of what reading them costs."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.encode.files import BUILT_IN, find_model

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["count_tokens"]


def count_tokens(*texts: str) -> int:
    """Count the tokens of all these texts together. ``ModelError`` when the model is not
    installed."""
    encodings = _tokenizer().encode_batch(list(texts), add_special_tokens=False)
    return sum(len(encoding.ids) for encoding in encodings)


@cache
def _tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(Path(find_model(BUILT_IN)) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
