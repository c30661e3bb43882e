"""Write MathML as characters: ``x^2``, ``(a + b)/(c)``, ``√(x)``; and pictures of characters."""

from __future__ import annotations

import re
from typing import Any

from index.load.html.tags import local_name

__all__ = ["drawn_characters", "formula"]

# Function application, invisible times, separator and plus.
_INVISIBLE = re.compile("[\u2061-\u2064]")
# Sites draw formulas and emoji for browsers that lack them.
_DRAWING = re.compile(r"(?:^|\s)(?:latex|tex|math|emoji|wp-smiley)(?:$|\s)")
_MOST_SIGNS = 10
_SILENT = {"annotation", "annotation-xml", "mphantom", "mspace"}


def formula(element: Any) -> str:
    """Write a formula on one line: powers with ``^``, indices with ``_``, fractions with ``/``."""
    return " ".join(_INVISIBLE.sub("", _linear_text(element)).split())


def drawn_characters(image: Any) -> str:
    """Return the characters that a picture within a line stands for: an emoji, a formula; empty for
    any other picture."""
    text = (image.get("alt") or "").strip()
    if image.get("aria-hidden") == "true":
        return ""
    is_sign = 0 < len(text) <= _MOST_SIGNS and not re.search(r"[\w\s]", text) and not text.isascii()
    return text if is_sign or _DRAWING.search(image.get("class") or "") else ""


def _linear_text(element: Any) -> str:
    name = local_name(element)
    if not name or name in _SILENT:
        return ""
    parts = [_linear_text(child) for child in element]
    if not len(element):
        text = (element.text or "").strip()
        return f" {text} " if name == "mo" and text in ("=", "+", "−", "×", "<", ">", "≈") else text
    if name in ("msup", "mover") and len(parts) == 2:
        return f"{parts[0]}^{_parenthesise(parts[1])}"
    if name in ("msub", "munder") and len(parts) == 2:
        return f"{parts[0]}_{_parenthesise(parts[1])}"
    if name in ("msubsup", "munderover") and len(parts) == 3:
        return f"{parts[0]}_{_parenthesise(parts[1])}^{_parenthesise(parts[2])}"
    if name == "mfrac" and len(parts) == 2:
        return f"{_parenthesise(parts[0])}/{_parenthesise(parts[1])}"
    if name == "msqrt":
        return f"√({''.join(parts)})"
    tails = [(child.tail or "").strip() for child in element]
    inner = "".join(part + tail for part, tail in zip(parts, tails, strict=True))
    return (element.text or "").strip() + inner


def _parenthesise(text: str) -> str:
    bare = text.strip()
    return bare if len(bare) <= 1 or bare.lstrip("-−").isalnum() else f"({bare})"
