"""Read the authors of a page from the line below its headline, where no metadata names them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from index.boilerplate.rules import byline, byline_names, sure
from index.load.html.microdata import microdata_names
from index.load.html.tags import is_within, said_of
from index.text.agencies import is_agency
from index.text.dates import stamp
from index.text.normalise import clean_line

__all__ = ["author_of_file", "authors_of_page", "below_headline"]

_MOST_LINE_CHARS, _MOST_ELEMENTS = 120, 60
# A paragraph of so many words is the article's.
_PROSE_WORDS = 25
_OUTSIDE = {"nav", "aside", "form", "figure"}
# An author as the hCard microformat marks them, which themes of WordPress do.
_CARD = re.compile(r"(?=.*(?:^|\s)author(?:$|\s))(?=.*(?:^|\s)vcard(?:$|\s))")
_AUTHOR_IN_STAMP = re.compile(
    r"(?:作者|记者|記者|取材・文|文・写真|(?<!・)文|著者|執筆)\s*[：:＝=]\s*([^\s：:|｜]{2,20})"
)
# Names that programs write by themselves, and paragraphs among which a byline may be.
_NOBODY = re.compile(
    r"(?i)\W*(anonymous|unknown|(?:microsoft office |windows )?user|admin(istrator)?|owner|author"
    r"|python-docx|apache poi|docx4j|un-named)?\W*$"
)
_MOST_PARAGRAPHS = 5
_BY = re.compile(r"(?i)(?:by|von|par|por|di|door)\b\W*")
_BYLINE = re.compile(r"byline|(?:^|\s)(?:[a-z]+[_-]+)?authors?(?:[_-]+name)?(?:$|\s)")
_BETWEEN_LINKS = re.compile(r"(?i)(?:\s|,|;|&|and|und|et|y|e|en)*")


def authors_of_page(tree: Any, first: str) -> str:
    """Return the authors of a page, separated by semicolons.

    first: the one that its metadata names, who may be the first of several.
    """
    below = _authors_below_headline(tree)
    for names in (below, microdata_names(tree, "author")):
        is_first = first.casefold() in (name.casefold() for name in names)
        if len(names) > 1 and is_first:
            return "; ".join(names)
    return first or "; ".join(below)


def _authors_below_headline(tree: Any) -> list[str]:
    """Return the names in the first line below the headline that is a byline; empty without one."""
    for element in below_headline(tree):
        text = clean_line("".join(element.itertext()))
        if len(text) > _MOST_LINE_CHARS or is_within(element, _OUTSIDE):
            continue
        if element.tag == "li" or text.startswith("- "):
            # Of a list only facts about the article count: "Author: Jane Roe".
            text = text.removeprefix("- ") if ":" in text else ""
        if _CARD.search(element.get("class") or ""):
            cards = element.xpath(".//*[contains(concat(' ', @class, ' '), ' fn ')]")
            return [clean_line("".join(card.itertext())) for card in cards[:1] or [element]]
        if (
            names := _linked_names(element, text)
            or byline_names(text)
            or _byline_box_names(element, text)
        ):
            return names
        if stamp(text) and (match := _AUTHOR_IN_STAMP.search(text)):
            return [match[1]]
    return []


def _linked_names(element: Any, text: str) -> list[str]:
    """Return the names in a byline of which each is a link, and nothing else but what stands
    between names; none for any other line."""
    names = [clean_line("".join(link.itertext())) for link in element.iter("a")]
    by, rest = _BY.match(text), text
    if by is None or len(names) < 2 or not all(" " in name for name in names):
        return []
    rest = text[by.end() :]
    for name in names:
        before, name_in_line, rest = rest.partition(name)
        if not name_in_line or not _BETWEEN_LINKS.fullmatch(before):
            return []
    return [] if rest.strip() else names


def _byline_box_names(element: Any, text: str) -> list[str]:
    """Return the names in what the page calls a byline: of links to their authors, beside which it
    may say what they are, or the one that it consists of."""
    links = (link for link in element.iter("a") if "author" in (link.get("rel") or "").split())
    names = list(dict.fromkeys(clean_line("".join(link.itertext())) for link in links))
    if len(names) < 2:
        is_byline = _BYLINE.search(said_of(element)) and not len(element)
        names = [text] if is_byline else []
    is_name = all(byline(f"By {name}") == name and not sure(name, "head") for name in names)
    return names if is_name and not any(map(is_agency, names)) else []


def author_of_file(paragraphs: Sequence[str], property: str) -> str | None:
    """Return the author of a document: of its byline, or else what the file states, which may be
    whoever saved it."""
    names = ("; ".join(byline_names(clean_line(text))) for text in paragraphs[:_MOST_PARAGRAPHS])
    return next(filter(None, names), None if _NOBODY.match(property) else property)


def below_headline(tree: Any) -> Iterator[Any]:
    """Yield the elements between the headline and the first paragraph of prose."""
    headline = next(tree.iter("h1"), None)
    headline = next(tree.iter("h2"), None) if headline is None else headline
    is_below, count = False, 0
    for element in tree.iter("h1", "h2", "p", "div", "span", "a", "address", "li"):
        if element is headline:
            is_below = True
        elif is_below:
            count += 1
            is_prose = element.tag == "p" and len(element.xpath("string()").split()) > _PROSE_WORDS
            if is_prose or count > _MOST_ELEMENTS:
                return
            yield element
