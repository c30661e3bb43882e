"""Write MathML as characters: ``x^2``, ``(a + b)/(c)``, ``√(x)``."""

from __future__ import annotations

from typing import Any

from index.load.tags import local_name

__all__ = ["formula"]

_SILENT = {"annotation", "annotation-xml", "mphantom", "mspace"}


def formula(element: Any) -> str:
    """Write a formula on one line: powers with ``^``, indices with ``_``, fractions with ``/``."""
    return " ".join(_linear_text(element).split())


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
