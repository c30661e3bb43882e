"""Recognise what extraction took from parts of a page that are not its article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from index.boilerplate.classifier import terminal
from index.load.html.page_blocks import HEADINGS, Block
from index.load.html.tags import local_name, said_of
from index.text.captions import is_caption

__all__ = ["other_parts"]

_TEASER = re.compile(r"(?:^|[\s_-])(?:teaser|card|promo|related|recommend\w*)(?:$|[\s_-])")
# Parts that are called so are of no article, whatever else a page calls them.
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:promo\w*|newsletter\w*|sign-?up|advert\w*|sponsor\w*|related|recommend\w*"
    r"|share|sharing|social|comments|most-?(?:read|popular|viewed)|trending|outbrain|taboola"
    r"|cookie\w*|consent)(?:$|[\s_-])"
)
# The share of what was extracted that such a part may have at most.
_MOST_ASIDE = 0.2
_MOST_LABEL_WORDS = 8
# The share of the words of a bar of links that is links.
_BAR = 0.9


def other_parts(
    page: Sequence[Block], there: Sequence[int | None], extraction: Sequence[str]
) -> dict[int, str]:
    """Return the numbers of extracted texts that stand in the teaser of another article, in a part
    which the page labels as something else, or in a list of short links below the article, each
    with the reason.

    there: of each block of the page, the number of its text; ``None`` or below 0 without one.

    Labels are no proof, so a part has to be small, and its label one that no article has.
    """
    whole = sum(map(len, extraction))
    prose = [i for i, n in enumerate(there) if n is not None and n >= 0 and page[i].is_prose]
    numbers: dict[int, str] = {}
    parts: dict[Any, tuple[str, list[int]]] = {}
    menus: dict[Any, bool] = {}
    for i, (block, number) in enumerate(zip(page, there, strict=True)):
        if number is None or number < 0 or is_caption(block.text):
            continue
        part = next((node for node in _around(block.element) if _ASIDE.search(said_of(node))), None)
        if (block.is_telling and _in_teaser(block.element)) or _in_link_card(block.element):
            numbers[number] = "related"
        elif block.reason == "author" and prose and i < prose[0] and _is_label(block.text):
            numbers[number] = "author"
        elif prose and i > prose[-1] and _is_bar_of_links(block):
            numbers[number] = "navigation"
        elif part is not None:
            parts.setdefault(part, (block.reason or "aside", []))[1].append(number)
        elif local_name(block.element) == "li" and (not prose or i > prose[-1]):
            links = block.element.getparent()
            if links not in menus:
                menus[links] = _is_menu(links)
            if menus[links]:
                numbers[number] = "navigation"
    for reason, members in parts.values():
        if sum(len(extraction[number]) for number in members) <= _MOST_ASIDE * whole:
            numbers |= dict.fromkeys(members, reason)
    return numbers


def _in_teaser(element: Any) -> bool:
    """Whether a block stands in an article that is marked as a teaser and headed by a link."""
    for article in element.iterancestors("article", "{*}article"):
        if _TEASER.search(said_of(article)):
            headings = (node for node in article.iter() if local_name(node) in HEADINGS)
            links = [link for heading in headings for link in heading.iter("a", "{*}a")]
            return any(not (link.get("href") or "#").startswith("#") for link in links)
    return False


def _is_label(text: str) -> bool:
    """Whether a line has a few words and is no sentence: a name, what somebody is."""
    return len(text.split()) <= _MOST_LABEL_WORDS and not terminal(text)


def _is_bar_of_links(block: Block) -> bool:
    """Whether a block is two links or more to other pages, and nothing else."""
    links = list(block.element.iter("a", "{*}a"))
    return len(links) > 1 and block.link_share > _BAR and block.leads_elsewhere


def _in_link_card(element: Any) -> bool:
    """Whether a block stands in a link to another page that holds a heading: a card."""
    return any(
        not (link.get("href") or "#").startswith("#")
        and any(local_name(node) in HEADINGS for node in link.iter())
        for link in element.iterancestors("a", "{*}a")
    )


def _around(element: Any) -> Iterator[Any]:
    """Yield an element and the parts around it, up to the article."""
    for node in (element, *element.iterancestors()):
        if local_name(node) in ("article", "main", "body", "html"):
            return
        yield node


def _is_menu(items: Any) -> bool:
    """Whether a list is one of short lines, most of which are links."""
    texts = [" ".join("".join(item.itertext()).split()) for item in items]
    links = sum(len("".join(link.itertext())) for link in items.iter("a", "{*}a"))
    return max(len(text.split()) for text in texts) <= 9 and links > 0.6 * sum(map(len, texts))
