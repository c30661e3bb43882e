"""Captions of pictures in a text: marked lines, which are no sentences of the article.

What stands under a picture says what is seen in it, often years after or before what the article
reports. So it is kept, found and shown with what surrounds it, and answers nothing by itself
(:mod:`index.text.sentences` passes it over).
"""

from __future__ import annotations

import re
from typing import Literal

from index.text.normalise import clean_line

__all__ = ["caption_line", "is_caption"]

_CAPTION = re.compile(r"\[(?:Caption|Image): .*\]")
# What programs and editors write where nothing is said of a picture.
_NAME_OF_FILE = re.compile(
    r"(?i)\.(?:jpe?g|png|gif|webp|svg|tiff?|bmp|avif)\b|\A\W*(?:img|dsc|image)_?\d"
)
_MIN_WORDS, _MAX_CHARS = 3, 500


def caption_line(text: str, kind: Literal["Caption", "Image"] = "Caption") -> str:
    """The line for a caption or (``Image``) for the words that stand for a picture; empty where
    these are too few or the name of a file."""
    text = clean_line(text)
    if is_caption(text):
        return text
    if len(text.split()) < _MIN_WORDS or len(text) > _MAX_CHARS or _NAME_OF_FILE.search(text):
        return ""
    return f"[{kind}: {text}]"


def is_caption(line: str) -> bool:
    """Whether a line is a caption as :func:`caption_line` writes it."""
    return bool(_CAPTION.fullmatch(line.strip()))
