"""Recognise words that refer back to somebody or something named before. English only."""

from __future__ import annotations

import re
from typing import Final

from index.text.patterns import lazy_regex

__all__ = ["is_generic"]

# "The company": says of what kind something is and leaves its name to the sentences before.
_GENERIC: Final = lazy_regex(
    r"(?:the|this|that) (?:company|firm|group|maker|manufacturer|builder|bank|airline|carmaker|"
    r"chipmaker|retailer|start-?up|business|club|team|organi[sz]ation)",
    re.IGNORECASE,
)


def is_generic(phrase: str) -> bool:
    """Whether a phrase is a kind of organisation without its name, such as "the company"."""
    return bool(_GENERIC.fullmatch(phrase.strip()))
