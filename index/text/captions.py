"""Captions of pictures in a text: marked lines, which are no sentences of the article.

A caption describes a picture, often from years after or before what the article reports. So it is
stored, searched and shown with what surrounds it, but never quoted as an answer
(:mod:`index.text.sentences` skips it).
"""

from __future__ import annotations

from typing import Literal

from index.text.normalise import clean_line
from index.text.patterns import lazy_regex

__all__ = ["caption_line", "is_caption"]

_CAPTION = lazy_regex(r"\[(?:Caption|Image): .*\]")
# What programs and editors write where nothing is said of a picture.
_NAME_OF_FILE = lazy_regex(
    r"(?i)\.(?:jpe?g|png|gif|webp|svg|tiff?|bmp|avif)\b|\A\W*(?:img|dsc|image)_?\d"
)
_MIN_WORDS, _MAX_CHARS = 3, 500


def caption_line(text: str, kind: Literal["Caption", "Image"] = "Caption") -> str:
    """Write the line for a caption or (``Image``) for a picture's alternative text; empty where
    that is too short or a file name."""
    text = clean_line(text)
    if is_caption(text):
        return text
    if len(text.split()) < _MIN_WORDS or len(text) > _MAX_CHARS or _NAME_OF_FILE.search(text):
        return ""
    return f"[{kind}: {text}]"


def is_caption(line: str) -> bool:
    """Whether a line is a caption as :func:`caption_line` writes it."""
    return bool(_CAPTION.fullmatch(line.strip()))
