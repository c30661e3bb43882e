"""Recognise what stands on pages of a PDF around their text: running heads and feet, page numbers,
and the lines that say on which page an article goes on."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

from index.load.pdf.fragments import Fragment, Page

__all__ = ["count_heads", "furniture_of_page"]

# Shares of the page's height in which running heads and feet stand.
_MARGIN = 0.13
_NUMBER = re.compile(r"(?i)^(page|seite|p\.?)?\s*[-–—|·]?\s*(\d{1,4}|[ivxl]{1,7})\s*[-–—|·]?$")
_NUMBER_OF = re.compile(r"(?i)^(page|seite)?\s*\d{1,4}\s*(of|/|von|sur|de)\s*\d{1,4}$")
_SENTENCE, _SENTENCE_END = 30, re.compile(r"[.!?][”\"’)]*$")
# What browsers print above and below a page: when, and from where.
_PRINT_LINE = re.compile(
    r"(?i)\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?"
    r"(?!\w).{0,200}"
    r"|(?:https?|file|data|about):\S+(?: …)?(?: \d{1,4}/\d{1,4})?"
)
# Where an article goes on, or has begun.
_JUMP = re.compile(
    r"(?i)\W*(?:[^\W\d]+,? ){0,3}(?:continue[sd]|cont[’'.]?d?|fortsetzung|fortgesetzt|suite)\W+"
    r"(?:on|from|auf|von|en|de) (?:page|pages|p\.|seite|s\.) ?[A-Z]?-?\d{1,3}\W*"
)


def count_heads(pages: list[Page]) -> Counter[tuple[str, int]]:
    """Count on how many pages the same text, digits aside, stands at the same height of a
    margin."""
    counts: Counter[tuple[str, int]] = Counter()
    for page in pages:
        keys = {_place(fragment, page) for fragment in page.fragments if _in_margin(fragment, page)}
        counts.update(keys)
        # Heights that differ by a hair fall on two sides of a rounding.
        counts.update({(text, at + 1) for text, at in keys if (text, at + 1) not in keys})
    return counts


def _place(fragment: Fragment, page: Page) -> tuple[str, int]:
    return re.sub(r"\d+", "#", fragment.text.casefold()), round(200 * fragment.middle / page.height)


def _in_margin(fragment: Fragment, page: Page) -> bool:
    return not _MARGIN * page.height < fragment.middle < (1 - _MARGIN) * page.height


def furniture_of_page(page: Page, heads: Counter[tuple[str, int]], pages: int) -> set[int]:
    """Return the ids (``id()``) of fragments that are boilerplate: from each edge up to the first
    that is not, and lines that lead to another page."""
    identities = {id(fragment) for fragment in page.fragments if _JUMP.fullmatch(fragment.text)}
    sentences = sorted(
        line.middle for line in page.fragments
        if len(line.text) >= _SENTENCE and _SENTENCE_END.search(line.text)
    )  # fmt: skip
    inwards = sorted(page.fragments, key=lambda fragment: -fragment.middle)
    for fragments in (inwards, inwards[::-1]):
        for fragment in fragments:
            if id(fragment) in identities:
                continue
            if not _in_margin(fragment, page) or not _is_furniture(
                fragment, page, heads, pages, sentences
            ):
                break
            identities.add(id(fragment))
    return identities


def _is_furniture(
    fragment: Fragment,
    page: Page,
    heads: Counter[tuple[str, int]],
    pages: int,
    sentences: Sequence[float],
) -> bool:
    """``sentences``: the heights of lines that end as sentences do, rising."""
    if _NUMBER.match(fragment.text) or _NUMBER_OF.match(fragment.text):
        # Beside a sentence it is a year or the number of an item.
        return bisect_left(sentences, fragment.bottom) == bisect_right(sentences, fragment.top)
    if _PRINT_LINE.fullmatch(fragment.text):
        return True
    text, at = _place(fragment, page)
    enough = 2 if pages < 10 else 3
    return max(heads[text, at], heads[text, at + 1]) >= enough
