"""Bring what was extracted from a page to the page's own blocks: each apart, whole, in order."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from index.load.html.page_blocks import Block, fold
from index.load.html.tags import local_name

__all__ = ["page_texts"]

# Paragraphs: more than these are no page that was taken in one piece.
_MOST_BASELINE = 20
# Letters and figures of a text that is found by them, if it stands on the page once.
_LEAST_KEY = 4
# The share of a text taken in one piece that has to be in blocks.
_MOST_OF_TEXT = 0.8
# By which a text is found among the blocks, how many blocks may begin so, and its words at least.
_START_CHARS, _START_WORDS, _MOST_ALIKE, _LEAST_WORDS = 80, 3, 20, 6


def page_texts(page: Sequence[Block], extraction: Sequence[str], title: str) -> list[str]:
    """Return the extracted texts as the page has them.

    page: all its blocks.
    title: the headline, folded.
    """
    texts = _spaced(page, _separate_blocks(page, extraction, title))
    return _in_page_order(page, _whole_blocks(page, texts))


def _spaced(page: Sequence[Block], extraction: Sequence[str]) -> list[str]:
    """Replace texts by the blocks of the page that differ from them in spaces and line ends alone:
    extraction joins the lines of a box."""
    there = {_letters(block.text): block.text for block in reversed(page)}
    return [there.get(_letters(text), text) for text in extraction]


def _letters(text: str) -> str:
    return "".join(text.split())


def _separate_blocks(page: Sequence[Block], extraction: Sequence[str], title: str) -> list[str]:
    """Split the extraction into the page's blocks: of a page where nothing looks like an article,
    trafilatura extracts everything as one paragraph, headline included."""
    if len(extraction) > _MOST_BASELINE:
        return list(extraction)
    keys = [block.key for block in page]
    offsets = {at: i for i, at in enumerate(itertools.accumulate(map(len, keys), initial=0))}
    # Of blocks without a word, the last one begins where the next block does.
    whole, there = "".join(keys), set(keys)
    texts: list[str] = []
    for text in extraction:
        key = fold(text)
        start = -1 if key in there or not key else whole.find(key)
        first, end = offsets.get(start), offsets.get(start + len(key))
        if first is None or end is None or end - first < 2:
            texts += _blocks_in(page, text, title) if len(extraction) == 1 else [text]
        else:
            texts += (
                f"- {block.text}" if local_name(block.element) == "li" else block.text
                for block in page[first:end]
                if block.key and block.key != title
            )  # fmt: skip
    return texts


def _blocks_in(page: Sequence[Block], text: str, title: str) -> list[str]:
    """Return the blocks that are most of a text, in its order: between them stand words of no
    block, as on buttons, or of parts that are no article's; or else the text."""
    key, place = fold(text), 0
    blocks: list[Block] = []
    for block in page:
        at = key.find(block.key, place) if block.key else -1
        if at >= 0:
            place = at + len(block.key)
            blocks.append(block)
    is_most = sum(len(block.key) for block in blocks) >= _MOST_OF_TEXT * len(key)
    if len(blocks) < 2 or not is_most:
        return [text]
    return [
        f"- {block.text}" if local_name(block.element) == "li" else block.text
        for block in blocks
        if block.key != title and block.reason in ("", "caption")
    ] or [text]


def _whole_blocks(page: Sequence[Block], extraction: Sequence[str]) -> list[str]:
    """Replace texts that lack words from their middle by the whole block of the page: extraction
    drops parts of a sentence by their names, and the words that a page really hides are gone
    before."""
    keys = {fold(text) for text in extraction}
    starts: dict[tuple[str, ...], list[Block]] = {}
    for block in page:
        if block.is_telling and not block.reason and block.key not in keys:
            starts.setdefault(_first_words(block.text), []).append(block)
    texts: list[str] = []
    for text in extraction:
        mark = "- " if text.startswith("- ") else ""
        blocks = starts.get(_first_words(text), [])[:_MOST_ALIKE] if starts else []
        whole = next((block for block in blocks if _lacks_words_of(text, block)), None)
        texts.append(text if whole is None else f"{mark}{whole.text}")
    return texts


def _without_repetitions(extraction: Sequence[str], count: Counter[str]) -> list[str]:
    """Drop what was extracted more often than it stands on the page."""
    seen: Counter[str] = Counter()
    texts: list[str] = []
    for text in extraction:
        key = fold(text)
        seen[key] += 1
        if not 0 < count[key] < seen[key]:
            texts.append(text)
    return texts


def _first_words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text[:_START_CHARS].casefold())[:_START_WORDS])


def _lacks_words_of(text: str, block: Block) -> bool:
    """Whether a text is most of a block, with words left out."""
    words, all_words = (re.findall(r"\w+", t.casefold()) for t in (text, block.text))
    rest = iter(all_words)
    is_most = len(all_words) > len(words) >= _LEAST_WORDS and 2 * len(words) > len(all_words)
    return is_most and all(word in rest for word in words)


def _in_page_order(page: Sequence[Block], extraction: Sequence[str]) -> list[str]:
    """Sort the extracted texts by where they stand on the page: extraction appends what a second
    search finds to what the first found.

    A text that stands on the page twice, or is very short, stays with the one extracted before it.
    """
    count = Counter(block.key for block in page)
    places = {
        block.key: i
        for i, block in enumerate(page)
        if block.is_telling or len(block.key) >= _LEAST_KEY
    }
    place, order = -1, []
    extraction = _without_repetitions(extraction, count)
    for text in extraction:
        key = fold(text)
        if count[key] == 1:
            place = places.get(key, place)
        order.append(place)
    if order == sorted(order):
        return list(extraction)
    # What is short and stands above a text goes with it, as a heading does.
    for i in range(len(order) - 2, -1, -1):
        if fold(extraction[i]) not in places and len(extraction[i]) < 60:
            order[i] = order[i + 1]
    numbers = sorted(range(len(order)), key=lambda i: (order[i], i))
    return [extraction[i] for i in numbers]
