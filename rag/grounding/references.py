"""Leave out of a written sentence what names a passage by its number: "According to Passage 1".

A chat model is shown numbered passages and may write of them; no article has that number, and the
words say nothing that it could back.
"""

from __future__ import annotations

import re
from typing import Final

from index.text.patterns import lazy_regex

__all__ = ["without_passage_numbers"]

# "Article 10" may be one of a law.
_PASSAGE: Final = (
    r"(?:the\s+)?(?:passage|source|excerpt)s?\s+(?:no\.?\s*)?"
    r"\d{1,3}(?:(?:\s*,\s*|\s+and\s+)\d{1,3})*"
)
_SAYS: Final = r"(?:says?|states?|reports?|notes?|mentions?|confirms?|shows?)"
_IN: Final = r"(?:according\s+to|based\s+on|as\s+(?:[a-z]+ed\s+)?(?:in|by)|as\s+per|as|in|from|per)"
_OPENING: Final = lazy_regex(
    rf"^(?:{_IN}\s+{_PASSAGE}(?:\s+{_SAYS})?\s*[,:]\s*|{_PASSAGE}\s+{_SAYS}\s*(?:that\s+|:\s*)?)",
    re.IGNORECASE,
)
_ASIDE: Final = lazy_regex(
    rf",?\s+{_IN}\s+{_PASSAGE}(?:\s+{_SAYS})?(?=\s*(?:[.,;!]|$))", re.IGNORECASE
)


def without_passage_numbers(sentence: str) -> str:
    """Return the sentence without the passages that it names by number."""
    return _ASIDE.sub("", _OPENING.sub("", sentence))
