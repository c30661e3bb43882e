"""Read the lines between the title of a text and its first paragraph, which say who wrote it, and
when and where it appeared."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from index.boilerplate.rules import byline, says_who_or_when
from index.text.dates import stamp
from index.text.nobodies import names_nobody

__all__ = ["are_credits", "author_below", "head_lines"]

_MOST_LINES, _MOST_WORDS = 5, 8


def head_lines(text: str) -> list[str]:
    """Return the short lines before the first blank one; none where one may be a sentence's."""
    lines = list(itertools.takewhile(str.strip, text.split("\n", _MOST_LINES + 1)))
    is_head = all(len(line.split()) <= _MOST_WORDS or says_who_or_when(line) for line in lines)
    return lines if is_head and len(lines) <= _MOST_LINES else []


def are_credits(lines: Sequence[str]) -> bool:
    """Whether one of a few lines says who wrote a text, or when or where it appeared: then each is
    a line of its own, and no part of a paragraph."""
    return len(lines) <= _MOST_LINES and any(map(says_who_or_when, lines))


def author_below(text: str) -> str | None:
    """Return the author, where the first line of what follows a title is no more than a name, with
    what they are, and the others, before a blank one, are days."""
    name, *days = head_lines(text) or [""]
    if not days or not all(map(stamp, days)) or name.isupper() or name.startswith("The "):
        return None
    author = byline(name) or byline(f"By {name}")
    return None if author is None or names_nobody(author) else author
