"""Fold accented letters, so that "Łódź" is "lodz" and "São" is "sao"."""

from __future__ import annotations

import unicodedata
from typing import Final

__all__ = ["fold_letters"]

# What Unicode does not take apart.
_WHOLE: Final = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "’": "'",
    }
)


def fold_letters(text: str) -> str:
    """Return the text in lower case, letters without accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.lower().translate(_WHOLE))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
