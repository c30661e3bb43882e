"""Quotations in mails and texts, of which each line begins with ``>``."""

from __future__ import annotations

import re

from index.text.line_joining import clean_prose

__all__ = ["quotation_depth", "quotation_prose"]

_QUOTATION = re.compile(r"(?:>[ \t]?)+")


def quotation_depth(line: str) -> int:
    """Count the quotation marks before a line."""
    marks = _QUOTATION.match(line)
    return marks[0].count(">") if marks else 0


def quotation_prose(text: str) -> str:
    """Join the lines of a quotation to prose, with its mark before each paragraph."""
    marks = _QUOTATION.match(text)
    mark = marks[0] if marks else ""
    bare = "\n".join(_QUOTATION.sub("", line, count=1) for line in text.split("\n"))
    return "\n".join(f"{mark}{line}" if line else "" for line in clean_prose(bare).split("\n"))
