"""Strip markup off what a chat model writes, with links, roles and invisible characters.

Markers such as ``[2]`` are stripped and returned separately; they are hints where to look, never
citations. A sentence that still contains an address or a tag afterwards is reported as unfit to be
shown (:func:`strip_markup`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from index.text.patterns import lazy_regex
from rag.text.injection import remove_invisible

__all__ = ["CleanSentence", "ends_in_marker", "strip_markup"]

_IMAGE: Final = lazy_regex(r"!\[[^\]]*\](?:\([^)]*\)?|\[[^\]]*\]?)?")
_LINK: Final = lazy_regex(r"\[([^\]]*)\]\(([^)]*)\)?")
_MARK: Final = lazy_regex(
    r"\s*(?:\[\^?(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\]|【(\d{1,3})[^】]{0,40}】|"
    r"\((?:source|evidence|passage)s?\s+(\d{1,3}(?:\s*(?:,|and)\s*\d{1,3})*)\))",
    re.IGNORECASE,
)
_TAG: Final = lazy_regex(r"<\|[^|>]*\|?>|</?[A-Za-z!][^<>]{0,200}>|\[/?(?:INST|SYS)\]|<</?SYS>>")
_HEAD: Final = lazy_regex(r"^\s*(?:#{1,6}\s+|>+\s*|[-*+•]\s+|\d{1,2}[.)]\s+(?=\S))+")
_ROLE: Final = lazy_regex(r"^\s*(?:assistant|system|user|answer|model)\s*:\s*", re.IGNORECASE)
_EMPHASIS: Final = lazy_regex(
    r"(\*\*\*|\*\*|__|~~|``?`?)(?=\S)(.+?)(?<=\S)\1|(?<!\w)([*_])(\S.*?\S|\S)\3"
)
# What is left of a pair around several sentences; "f***." keeps its own.
_STRAY_MARKS: Final = lazy_regex(r"^[*_`]+\s*|[*_`]+$|(?<![*_`])[*_`]{1,2}(?=[.!?…]$)")
_ADDRESS: Final = lazy_regex(
    r"\b[a-z][a-z0-9+.-]{1,15}://|\bwww\.|\b(?:javascript|data|mailto|file|vbscript):\S|"
    r"\b[\w.+-]+@[\w-]+\.\w{2,}|"
    r"\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|ai|app|dev|xyz|info|biz|ru|cn|co|me|site|top|click|"
    r"link|example|test|invalid|local|onion|zip|uk|de|fr|eu|gov|edu)\b(?:[/?:]\S*)?|"
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b|hxxps?|\[\.\]|\bdot\s+com\b",
    re.IGNORECASE,
)
_RESIDUE: Final = lazy_regex(
    r"!\[|\]\(|\[[^\]]*\]:|<[a-z/!|]|```|\{\{|&(?:lt|gt|#\d+|#x[0-9a-f]+);|%[0-9a-f]{2}%",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CleanSentence:
    """A sentence without markup; ``markers`` are the numbers of the markers that it had.
    ``is_clean`` is false where an address or markup is left in it."""

    text: str
    markers: tuple[int, ...]
    is_clean: bool


def strip_markup(raw: str) -> CleanSentence:
    """Strip the markup off one sentence, as a chat model wrote it."""
    text = remove_invisible(raw)
    had_address = _ADDRESS.search(text)
    text = _IMAGE.sub(" ", text)
    text = _LINK.sub(lambda link: link.group(1), text)
    markers = tuple(number for mark in _MARK.finditer(text) for number in _numbers(mark.group()))
    text = _MARK.sub("", text)
    text = _TAG.sub(" ", text)
    text = _ROLE.sub("", _HEAD.sub("", text))
    for _ in range(3):
        text = _EMPHASIS.sub(lambda part: part.group(2) or part.group(4), text)
    text = re.sub(r"\s+(?=[.,](?:\s|$))", "", " ".join(text.split()))
    text = _STRAY_MARKS.sub("", text)
    # Markup may have hidden an address: "evil`.`com".
    unfit = had_address or _ADDRESS.search(text) or _RESIDUE.search(text)
    return CleanSentence(text, markers, bool(text) and not unfit)


def _numbers(mark: str) -> list[int]:
    numbers = re.findall(r"\d{1,3}", mark.split("†")[0])
    return [int(number) for number in numbers]


_OPEN_MARK: Final = lazy_regex(
    r"(?:[\[【(][^\]】)]{0,40}|\[[\d,;\s–-]*\]|【[^】]*】|!?\[[^\]]*\]\(\S*)$"
)


def ends_in_marker(text: str) -> bool:
    """Whether a text ends in a marker, or in the beginning of one."""
    return bool(_OPEN_MARK.search(text))
