"""Set apart the parts of a line between which a page's styles put space: a label and its value, the
figures of a score."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Any

from index.load.html.tags import is_within, local_name, said_of

__all__ = ["set_labels_apart"]

_LINES = {"div", "li", "section", "dd", "figcaption", "p"}
_PARTS = {"span", "b", "strong", "small", "label", "time", "data", "em", "i", "a", "button"}
_LEAST_LABEL_CHARS, _MOST_CHARS = 3, 80
# Behind a figure such letters are its ending or unit: "21st", "48m".
_LEAST_WORD, _LAST_WORD = re.compile(r"[^\W\d_]{3}"), re.compile(r"[^\W\d_]{3}\Z")
_LABEL = re.compile(r"(?:^|[\s_-])(?:label|key|name|term|title)(?:$|[\s_-])")
_VALUE = re.compile(r"(?:^|[\s_-])(?:value|val|data|content|text|desc\w*)(?:$|[\s_-])")
# What holds scores and the figures of one, and what holds the digits of one number.
_SCORE = re.compile(
    r"(?i)(?:^|[\s_-])(?:scor(?:e|es|eline|eboard|ecard)|goals?|sets?|points?|results?|match|matchup"
    r"|teams?|home|away|quarters?|innings?|frames?)(?:$|[\s_-])"
)
_DIGITS = re.compile(
    r"(?i)(?:^|[\s_-])(?:digits?|odometer|counter|flip\w*|cents?|frac\w*|decimals?|dollars?|whole"
    r"|int(?:eger)?|price\w*)(?:$|[\s_-])"
)
_FIGURE = re.compile(r"0|[1-9]\d{0,2}")


def set_labels_apart(root: Any) -> None:
    """Write a space between two elements that are all of a line with others of their kind, where
    their words would be joined to one that none is: ``Length85 cm``."""
    for part in root.iter(*_PARTS):
        _set_figure_apart(part)
    for line in root.iter():
        if local_name(line) not in _LINES or not len(line):
            continue
        if (line.text or "").strip():
            _set_role_apart(line)
            continue
        if any(local_name(part) not in _PARTS or (part.tail or "").strip() for part in line):
            continue
        if is_within(line, {"pre", "code"}):
            continue
        for first, second in pairwise(line):
            if not first.tail and _are_apart(first, second):
                first.tail = " "


def _set_figure_apart(first: Any) -> None:
    """Write a space between two figures beside each other, each in an element of its own, that are
    no digits of one number, and between a figure of a score and whose it is."""
    second = first.getnext()
    if first.tail or second is None or local_name(second) not in _PARTS:
        return
    texts = ["".join(part.itertext()) for part in (first, second)]
    figures = sum(_FIGURE.fullmatch(text) is not None for text in texts)
    if not figures or not all(texts) or is_within(first, {"pre", "code"}):
        return
    above = first.getparent()
    names = [said_of(part) for part in (first, second, above) if part is not None]
    if any(map(_DIGITS.search, names)):
        return
    is_score = any(map(_SCORE.search, names))
    is_named = is_score and (_LEAST_WORD.match(texts[1]) or _LAST_WORD.search(texts[0]))
    is_pair = figures == 2 and (
        is_score or local_name(above) in ("td", "th") or max(map(len, texts)) > 1
    )
    if is_pair or is_named:
        first.tail = " "


def _set_role_apart(line: Any) -> None:
    """Write a space between a name and the element that says who it is: all of a line, each of
    several words."""
    text, part = line.text, line[-1]
    if len(line) > 1 or (part.tail or "").strip() or local_name(part) not in _PARTS:
        return
    after = "".join(part.itertext())
    has_words = min(len(text.split()), len(after.split())) > 1 and len(text) <= _MOST_CHARS
    if has_words and text[-1].islower() and after[:1].isupper():
        line.text = f"{text} "


def _are_apart(first: Any, second: Any) -> bool:
    """Whether the words of two elements are two, by their letters or by what the page calls
    them."""
    before, after = ("".join(part.itertext()) for part in (first, second))
    if not before or not after or before[-1].isspace() or after[0].isspace():
        return False
    if _LABEL.search(first.get("class") or "") and _VALUE.search(second.get("class") or ""):
        return True
    if len(before) > _MOST_CHARS:
        return False
    word = before.rstrip(":.?!)%")[-1:]
    is_other = _kind(first) != _kind(second)
    if word.isdigit():
        is_word = is_other and _LEAST_WORD.match(after)
        return bool(is_word) or (after[0].isupper() and after[1:2].islower())
    if is_other and before[0].isdigit() and _LEAST_WORD.match(after):
        # "48 m" and "high".
        return True
    if len(before) < _LEAST_LABEL_CHARS:
        return False
    is_start = after[0].isupper() or after[0].isdigit() or unicodedata.category(after[0]) == "Sc"
    return word.islower() and is_start


def _kind(part: Any) -> tuple[str, str]:
    return local_name(part), part.get("class") or ""
