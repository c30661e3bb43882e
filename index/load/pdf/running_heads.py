"""Recognise what stands on pages of a PDF around their text: running heads and feet, page numbers,
and the lines that say on which page an article goes on."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from statistics import median

from index.load.page_figures import digits_aside, ends_as_sentence, is_running
from index.load.pdf.fragments import Fragment, Page

__all__ = ["furniture", "lines_left_out"]

# Shares of the page's height in which running heads and feet stand.
_MARGIN = 0.13
_NUMBER = re.compile(r"(?i)^(page|seite|p\.?)?\s*[-–—|·]?\s*(\d{1,4}|[ivxl]{1,7})\s*[-–—|·]?$")
_NUMBER_OF = re.compile(r"(?i)^(page|seite)?\s*\d{1,4}\s*(of|/|von|sur|de)\s*\d{1,4}$")
# Of the size of the body's type, which smaller type is not.
_BODY_SHARE = 0.9
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


def furniture(pages: list[Page]) -> set[int]:
    """Return the ids (``id()``) of fragments that are boilerplate of their page."""
    heads = _count_heads(pages)
    return {place for page in pages for place in _furniture_of_page(page, heads, len(pages))}


def lines_left_out(pages: list[Page]) -> Iterator[str]:
    """Yield the lines that are boilerplate, but for bare page numbers: one of several that are the
    same, digits aside."""
    identities = furniture(pages)
    lines: dict[str, str] = {}
    for fragment in (fragment for page in pages for fragment in page.fragments):
        if id(fragment) in identities and not _is_number(fragment):
            lines.setdefault(digits_aside(fragment.text), fragment.text)
    yield from lines.values()


def _count_heads(pages: list[Page]) -> Counter[tuple[str, int]]:
    """Count on how many pages the same text stands at the same height of a margin. Figures in it
    may rise with the pages, unless it reads as a sentence of the body."""
    places: defaultdict[tuple[str, int], dict[int, Fragment]] = defaultdict(dict)
    for number, page in enumerate(pages):
        for fragment in page.fragments:
            if _in_margin(fragment, page):
                text, at = _place(fragment, page)
                # Heights that differ by a hair fall on two sides of a rounding.
                places[text, at][number] = places[text, at + 1][number] = fragment
    size = _body_size(pages)
    return Counter({
        place: len(fragments) for place, fragments in places.items() if _is_head(fragments, size)
    })  # fmt: skip


def _is_head(fragments: dict[int, Fragment], body_size: float) -> bool:
    lines = [(number, fragment.text) for number, fragment in fragments.items()]
    if len({text.casefold() for _, text in lines}) == 1:
        return True
    is_said = any(
        ends_as_sentence(fragment.text) and fragment.size >= _BODY_SHARE * body_size
        for fragment in fragments.values()
    )
    return not is_said and is_running(lines)


def _body_size(pages: list[Page]) -> float:
    sizes = [fragment.size for page in pages for fragment in page.fragments]
    return median(sizes) if sizes else 0.0


def _place(fragment: Fragment, page: Page) -> tuple[str, int]:
    return digits_aside(fragment.text), round(200 * fragment.middle / page.height)


def _is_number(fragment: Fragment) -> bool:
    return bool(_NUMBER.match(fragment.text) or _NUMBER_OF.match(fragment.text))


def _in_margin(fragment: Fragment, page: Page) -> bool:
    return not _MARGIN * page.height < fragment.middle < (1 - _MARGIN) * page.height


def _furniture_of_page(page: Page, heads: Counter[tuple[str, int]], pages: int) -> set[int]:
    """Return the ids (``id()``) of fragments that are boilerplate: from each edge up to the first
    that is not, and lines that lead to another page."""
    identities = {id(fragment) for fragment in page.fragments if _JUMP.fullmatch(fragment.text)}
    sentences = sorted(line.middle for line in page.fragments if ends_as_sentence(line.text))
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
    if _is_number(fragment):
        # Beside a sentence it is a year or the number of an item.
        return bisect_left(sentences, fragment.bottom) == bisect_right(sentences, fragment.top)
    if _PRINT_LINE.fullmatch(fragment.text):
        return True
    text, at = _place(fragment, page)
    enough = 2 if pages < 10 else 3
    return max(heads[text, at], heads[text, at + 1]) >= enough
