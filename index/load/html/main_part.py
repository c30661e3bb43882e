"""Complete an extraction with blocks of the page's main part that it left out.

Trafilatura takes one element for the article's body and none beside it, so it loses the second part
of a divided body, and a standfirst above it. Here the blocks of the page are compared with those
extracted. Prose that stands in the same article, under the same headline, and in no part that the
page labels as something else, is put back in its place. The rest of the main part is recorded with
a reason, so that nothing is lost silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from index.boilerplate.classifier import solicits
from index.boilerplate.rules import byline, sure
from index.load.html.notes import is_note
from index.load.html.page_asides import other_parts
from index.load.html.page_blocks import HEADINGS, Block, fold, text_blocks
from index.load.html.page_texts import page_texts
from index.load.html.tags import local_name
from index.text.captions import is_caption
from index.text.dates import stamp

__all__ = ["LeftOut", "complete"]

LeftOut = tuple[str, str]

_MOST_LEFT_OUT, _MOST_CHARS = 300, 1_000
_MOST_LINES = 20
_MOST_LINKED = 0.35
_MOST_KICKER_CHARS = 40
# Of an item, outside of its links.
_LEAST_WORDS_CHARS = 12
# Who publishes the site and what may be done with it, below articles of all kinds.
_IMPRINT = re.compile(
    r"(?i)\bcopyright\b|©|all rights reserved|registered (?:in|office|company|trade ?mark)"
    r"|terms (?:of|and)|privacy policy|alle rechte vorbehalten|impressum|tous droits réservés"
)


def complete(root: Any, extraction: Sequence[str], title: str) -> tuple[list[str], list[LeftOut]]:
    """Add to the extracted blocks those of the article that are missing; returns the blocks in
    order, and ``(text, reason)`` for the rest of the main part.

    root: the page's body.
    extraction: the blocks that were extracted from it.
    """
    page = text_blocks(root)
    extraction = page_texts(page, extraction, fold(title))
    numbers: dict[str, int] = {}
    for number, text in enumerate(extraction):
        numbers.setdefault(fold(text), number)
    all_keys = "\n".join(numbers)
    page_keys = {block.key for block in page}
    there = [_number_of(block, numbers, all_keys, page_keys) for block in page]
    anchors = [b for b, n in zip(page, there, strict=True) if n is not None and b.is_telling]
    if not anchors:
        return list(extraction), []
    others = other_parts(page, there, extraction)
    if others and len(others) < len(extraction):
        return _without(root, extraction, others, title)
    # Where all that was extracted are parts of one block, nothing shows where the article is.
    if all(n is None or n < 0 or not b.is_telling for b, n in zip(page, there, strict=True)):
        return list(extraction), []
    scope = _scope([block.element for block in anchors])
    first = page.index(anchors[0])
    headline = _headline(page, fold(title), first)
    inside = [
        _is_inside(block.element, scope) or 0 <= headline < i < first
        for i, block in enumerate(page)
    ]
    additions = _additions(page, there, inside, scope, fold(title))
    additions |= _captions(page, there, inside, fold(title))
    additions |= {i for i, block in enumerate(page) if there[i] is None and is_note(block.element)}
    omissions: list[LeftOut] = [
        (block.text[:_MOST_CHARS], block.reason or "outside the body")
        for i, block in enumerate(page)
        if inside[i] and there[i] is None and i not in additions and block.key != fold(title)
    ]
    return _merge(page, there, additions, extraction), omissions[:_MOST_LEFT_OUT]


def _without(
    root: Any, extraction: Sequence[str], others: Mapping[int, str], title: str
) -> tuple[list[str], list[LeftOut]]:
    """Return the result without some of what was extracted, which is listed as left out.

    others: the reasons, by the numbers of the texts.
    """
    texts = [text for number, text in enumerate(extraction) if number not in others]
    whole, left_out = complete(root, texts, title)
    reported_keys = {fold(text) for text, _ in left_out}
    teasers = [(extraction[number], others[number]) for number in sorted(others)]
    missing = [(text, reason) for text, reason in teasers if fold(text) not in reported_keys]
    return whole, [*left_out, *missing][:_MOST_LEFT_OUT]


def _number_of(
    block: Block, numbers: dict[str, int], all_keys: str, page_keys: Set[str]
) -> int | None:
    """Return the number of the extracted block that this block is, or is a part of; ``None`` if
    there is none.

    page_keys: the keys of all blocks of the page.
    """
    key = block.key
    if not key:
        return -1
    if key in numbers:
        return numbers[key]
    at = all_keys.find(key) if len(key) > 3 else -1
    if at < 0 and "\n" in block.text:
        # Other blocks stand between its lines.
        places = [all_keys.find(line) for line in map(fold, block.text.split("\n")) if line]
        at = min(places) if 1 < len(places) <= _MOST_LINES else -1
    if at < 0:
        return None
    number = all_keys.count("\n", 0, at)
    if not block.is_telling and _line_at(all_keys, at) in page_keys:
        # A word that some other block holds as well ("Monday").
        return None
    return list(numbers.values())[number]


def _line_at(text: str, at: int) -> str:
    end = text.find("\n", at)
    return text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)]


def _scope(elements: Sequence[Any]) -> Any:
    """Find the part of the page that is the article: the ``main`` or ``article`` around all
    extracted elements, or else what holds these and a headline."""
    common = _common(elements)
    line = [common, *common.iterancestors()]
    mains = [
        element
        for element in line
        if local_name(element) == "main" or element.get("role") == "main"
    ]
    articles = [element for element in line if local_name(element) == "article"]
    if articles and not _has_brothers(articles[-1]):
        return articles[-1]
    if mains:
        return mains[0]
    if articles:
        parent = articles[-1].getparent()
        return parent if parent is not None else articles[-1]
    for element in line:
        if next(element.iter("h1", "{*}h1"), None) is not None and local_name(element) != "html":
            # The page goes on in brothers of the same kind.
            parent = element.getparent()
            kind = _kind(element) if element.get("class") else ""
            goes_on = parent is not None and any(_kind(node) == kind for node in _siblings(element))
            return parent if goes_on else element
    return common


def _has_brothers(article: Any) -> bool:
    return any(local_name(sibling) == "article" for sibling in _siblings(article))


def _siblings(element: Any) -> Iterator[Any]:
    yield from element.itersiblings()
    yield from element.itersiblings(preceding=True)


def _common(elements: Sequence[Any]) -> Any:
    """Return the deepest element that contains all of these."""
    line = [*reversed([elements[0], *elements[0].iterancestors()])]
    for element in elements[1:]:
        ancestors = {element, *element.iterancestors()}
        line = [ancestor for ancestor in line if ancestor in ancestors]
    last = line[-1]
    parent = last.getparent()
    return parent if local_name(last) in ("p", "li") and parent is not None else last


def _is_inside(element: Any, scope: Any) -> bool:
    return element is scope or any(ancestor is scope for ancestor in element.iterancestors())


def _additions(
    page: Sequence[Block],
    there: Sequence[int | None],
    inside: Sequence[bool],
    scope: Any,
    title: str,
) -> set[int]:
    """Select the blocks that were not extracted and belong to the article."""
    anchors = {
        page[i].element
        for i, number in enumerate(there)
        if number is not None and number >= 0 and page[i].is_telling
    }
    around = {ancestor for element in anchors for ancestor in (element, *element.iterancestors())}
    kinds = {_kind(anchor.getparent()) for anchor in anchors if anchor.getparent() is not None}
    units: dict[Any, list[int]] = {}
    for i, block in enumerate(page):
        if inside[i] and there[i] is None and not block.reason:
            units.setdefault(_unit(block.element, around), []).append(i)
    positions = [i for i, block in enumerate(page) if block.element in anchors]
    headline = _headline(page, title, positions[0])
    additions: set[int] = set()
    for unit, all_members in units.items():
        members = [i for i in all_members if i > headline and not _is_headline(page[i].key, title)]
        blocks = [page[i] for i in members]
        if members and _is_subheading(page, blocks, members, there):
            additions.add(members[-1])
        if not members or _is_other_article(unit, title):
            continue
        is_standfirst = members[0] == headline + 1 and blocks[0].is_standfirst
        if is_standfirst or _belongs(unit, blocks, members, positions, kinds):
            additions.update(i for i in members if not _is_furniture(page[i].text))
    return additions


def _captions(
    page: Sequence[Block], there: Sequence[int | None], inside: Sequence[bool], title: str
) -> set[int]:
    """Select the blocks that are captions of the article's pictures: between its headline and its
    end."""
    positions = [
        i for i, number in enumerate(there)
        if number is not None and number >= 0 and page[i].is_telling
    ]  # fmt: skip
    headline = _headline(page, title, positions[0])
    return {
        i
        for i in range(headline + 1, positions[-1] + 2)
        if i < len(page) and inside[i] and there[i] is None and page[i].reason in ("", "caption")
        and is_caption(page[i].text) and page[i].link_share <= _MOST_LINKED
        and page[i].key.removeprefix("image") != title
    }  # fmt: skip


def _is_furniture(text: str) -> bool:
    """Whether a block is a byline, a date or surrounding text, and not the article's."""
    return bool(byline(text) or stamp(text) or sure(text, "body"))


def _is_subheading(
    page: Sequence[Block],
    blocks: Sequence[Block],
    members: Sequence[int],
    there: Sequence[int | None],
) -> bool:
    """Whether this ends in a heading above an extracted block, which may have a number: the only
    one in it, below nothing but a time, and no link elsewhere."""
    last, below = blocks[-1], members[-1] + 1
    below += int(below < len(page) and page[below].key.isdigit())
    heads = local_name(last.element) in HEADINGS and not last.leads_elsewhere
    heads = heads and all(stamp(block.text) for block in blocks[:-1])
    number = there[below] if below < len(there) else None
    return heads and number is not None and number >= 0


def _is_headline(key: str, title: str) -> bool:
    """Whether a block is the headline, with a word or two before it at most."""
    is_long = len(key) > len(title) + _MOST_KICKER_CHARS
    return key == title or (bool(title) and key.endswith(title) and not is_long)


def _unit(element: Any, around: set[Any]) -> Any:
    """Return the largest part around a block in which nothing was extracted."""
    unit = element
    for ancestor in element.iterancestors():
        if ancestor in around:
            break
        unit = ancestor
    return unit


def _kind(element: Any) -> str:
    return f"{local_name(element)} {element.get('class') or ''}"


def _headline(page: Sequence[Block], title: str, first: int) -> int:
    """Find the index of the page's headline; blocks above it are not the article's."""
    headings = [
        i for i, block in enumerate(page[: first + 1]) if local_name(block.element) in HEADINGS
    ]
    matches = [i for i in headings if title and page[i].key == title]
    tops = [i for i in headings if local_name(page[i].element) == "h1"]
    return (matches or tops or [-1])[-1]


def _belongs(
    unit: Any,
    blocks: Sequence[Block],
    members: Sequence[int],
    places: Sequence[int],
    kinds: set[str],
) -> bool:
    """Whether a part of the page that was left out is a part of the article."""
    prose = [block for block in blocks if block.is_prose]
    # A list amid the text whose items say something outside of their links.
    is_list = local_name(unit) in ("ul", "ol") and members[-1] < places[-1]
    says_more = all(
        (1 - block.link_share) * len(block.text) > _LEAST_WORDS_CHARS for block in blocks
    )
    if not prose and not (is_list and says_more):
        return False
    chars = sum(len(block.text) for block in blocks)
    if sum(block.link_share * len(block.text) for block in blocks) > _MOST_LINKED * chars:
        return False
    if 2 * sum(solicits(block.text) for block in prose) >= len(prose) + 1:
        return False
    if members[-1] < places[-1]:
        return True
    if any(_IMPRINT.search(block.text) for block in prose):
        return False
    alike = _kind(unit) in kinds or any(_kind(node) in kinds for node in unit.iterdescendants())
    return len(prose) >= 2 or (alike and local_name(unit) in ("div", "section", "article"))


def _is_other_article(unit: Any, title: str) -> bool:
    """Whether the part has the heading of another article: a link, or one as a page has.

    title: that of this article, folded.
    """
    for node in unit.iter():
        if local_name(node) not in HEADINGS or fold("".join(node.itertext())) == title:
            continue
        if local_name(node) == "h1" or next(node.iter("{*}a"), None) is not None:
            return True
        if any(local_name(around) == "a" for around in node.iterancestors()):
            return True
    return False


def _merge(
    page: Sequence[Block],
    there: Sequence[int | None],
    additions: set[int],
    extraction: Sequence[str],
) -> list[str]:
    """Insert the chosen blocks among the extracted ones, after what stands before them on the
    page."""
    after: dict[int, list[str]] = {}
    last = -1
    for i, block in enumerate(page):
        number = there[i]
        if i in additions:
            item = local_name(block.element) == "li"
            after.setdefault(last, []).append(f"- {block.text}" if item else block.text)
        elif number is not None:
            last = max(last, number)
    texts = list(after.get(-1, []))
    for number, text in enumerate(extraction):
        texts += [text, *after.get(number, [])]
    return texts
