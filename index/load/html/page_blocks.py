"""The blocks of a page: their words, their share of links, and the label of the part around
them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from index.boilerplate.classifier import terminal
from index.load.html.blocks import BLOCKS, SILENT, own_text
from index.load.html.tags import local_name, said_of
from index.text.scripts import unspaced_letters

__all__ = ["HEADINGS", "Block", "fold", "text_blocks"]

_SENTENCE_WORDS, _SENTENCE_CHARS = 6, 20
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_SKIP_TAGS = {"script", "style", "template", "noscript", "svg", "iframe", "select", "head", "title"}
_BY_NAME = {
    "nav": "navigation", "menu": "navigation", "footer": "footer", "aside": "aside",
    "form": "form", "figure": "caption", "figcaption": "caption", "button": "control",
    "label": "control", "dialog": "popup",
}  # fmt: skip
_BY_ROLE = tuple(
    (reason, re.compile(pattern))
    for reason, pattern in (
        ("comments", r"comment(?!ar)|disqus|discussion|replies|responses|reader-?letter"),
        ("related", r"related|recommend|read-?(?:more|next|also)|most-?(?:read|popular|viewed)"
                    r"|more-?(?:on|from|stories|news)|see-?also|trending|teaser|recirc|outbrain"
                    r"|taboola|up-?next|you-?may|topics?-?list|latest-?(?:news|stories)"
                    r"|popular|next-?article|infinite"),
        ("advert", r"(?:^|[\s_-])(?:ads?|advert\w*|sponsor\w*|promo\w*|partner\w*|affiliate|dfp"
                   r"|banner|cta|offer|donat\w*)(?:$|[\s_-])"),
        ("newsletter", r"newsletter|subscri|sign-?up|paywall|regwall|register|login|opt-?in"),
        ("consent", r"cookie|consent|gdpr|privacy"),
        ("share", r"(?:^|[\s_-])(?:share|sharing|social\w*|follow)(?:$|[\s_-])"),
        ("navigation", r"(?:^|[\s_-])(?:nav\w*|menu|bread-?crumbs?|pagination|pager|toc|topbar"
                       r"|sidebar|side-bar|footer|tags?|tag-?list|categor\w+|masthead)(?:$|[\s_-])"),
        ("author", r"(?:^|[\s_-])(?:author\w*|byline|bio|about-?the)(?:$|[\s_-])"
                   r"|author-?(?:bio|box)"),
        ("caption", r"caption|credit|gallery|slideshow|media-?info|lightbox"),
        ("disclaimer", r"disclaimer|copyright|legal|licen[cs]e|correction-?policy|trust"),
        ("player", r"player|podcast|audio|transcript-?toggle"),
        ("popup", r"modal|pop-?up|overlay|tooltip|toast"),
        ("widget", r"widget(?!-(?:text-editor|theme-post-content|container|wrap))|poll|quiz"
                   r"|(?:^|[\s_-])(?:stock|weather|rating)s?(?:$|[\s_-])"),
    )
)  # fmt: skip

# As WordPress and the microformat call an article, beside its categories and tags.
_ARTICLE = re.compile(r"(?:^|\s)(?:hentry|h-entry|type-post)(?:$|\s)")
# What outlets call the lines between headline and text.
_STANDFIRST = re.compile(
    r"stand-?first|summary|sub-?(?:head|title|headline|heading)|(?:^|[\s_-])(?:deck|dek|lead|lede"
    r"|intro|chapeau|chapo|desc|excerpt|teaser|vorspann|sommario|occhiello|entradilla|bajada"
    r"|st)(?:$|[\s_-])"
)
_LEAST_STANDFIRST = 6


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A block of a page.

    ``text``: its own words. ``link_share``: the share of them that is links. ``reason``: the label
    of the part around it, if that is not the article.
    """

    element: Any
    text: str
    link_share: float
    reason: str = ""

    @property
    def key(self) -> str:
        return fold(self.text)

    @property
    def is_telling(self) -> bool:
        """Whether it is long enough to locate the article by itself."""
        return len(self.text) >= 40 or unspaced_letters(self.text) >= 15

    @property
    def is_prose(self) -> bool:
        """Whether it reads as a sentence, in any script."""
        if self.link_share > 0.6 or (local_name(self.element) in HEADINGS and len(self.text) < 60):
            return False
        words = self.text.split()
        is_long = len(words) >= _SENTENCE_WORDS or unspaced_letters(self.text) >= _SENTENCE_CHARS
        return is_long and (
            terminal(self.text) or len(words) >= 15 or unspaced_letters(self.text) >= 40
        )

    @property
    def is_standfirst(self) -> bool:
        """Whether the page calls it a standfirst, or the box of nothing else around it, and it says
        something."""
        box = self.element.getparent()
        boxes = [self.element, box] if box is not None and len(box) == 1 else [self.element]
        is_named = any(_STANDFIRST.search(said_of(element)) for element in boxes)
        return is_named and len(self.text.split()) >= _LEAST_STANDFIRST and not self.link_share

    @property
    def leads_elsewhere(self) -> bool:
        """Whether it is a link, or in one, or holds one, that leads to another page."""
        links = list(self.element.iter("a", "{*}a"))
        if any(not (link.get("href") or "#").startswith("#") for link in links):
            return True
        return self.link_share > 0 and not links


def fold(text: str) -> str:
    """Reduce a text to letters and digits in one case, to recognise blocks."""
    return "".join(re.findall(r"\w+", text.casefold()))


def text_blocks(root: Any) -> list[Block]:
    """Return the blocks under ``root`` that have words of their own, in the order of these: the
    words of a cell or box may stand below the blocks in it."""
    blocks: list[tuple[float, Block]] = []
    reasons: dict[Any, str] = {}
    places = {element: place for place, element in enumerate(root.iter())}
    for element in places:
        name = local_name(element)
        parent = element.getparent()
        reason = reasons.get(parent, "") if element is not root else ""
        if not name or name in _SKIP_TAGS or reason == "skipped":
            reasons[element] = "skipped"
            continue
        reasons[element] = reason = reason or _reason(element, name)
        if name in BLOCKS and (text := own_text(element)):
            block = Block(element, text, _link_share(element), reason)
            blocks.append((_place_of_words(element, places) or places[element], block))
    return [block for _, block in sorted(blocks, key=lambda pair: pair[0])]


def _place_of_words(element: Any, places: Mapping[Any, int]) -> float | None:
    """Return where the first of the words of a block stand that are in no block inside it."""
    if (element.text or "").strip():
        return places[element]
    for child in element:
        name = local_name(child)
        if name and name not in BLOCKS | SILENT:
            place = _place_of_words(child, places)
            if place is not None:
                return place
        if (child.tail or "").strip():
            last = child
            while len(last):
                last = last[-1]
            return places[last] + 0.5
    return None


def _reason(element: Any, name: str) -> str:
    if name in ("body", "html", "main"):
        return ""
    if name in _BY_NAME and not (name == "footer" and _is_quoted(element)):
        return _BY_NAME[name]
    if name in ("p", "blockquote", *HEADINGS) and not element.get("class"):
        return ""
    attributes = said_of(element)
    # A whole article may be of class "premium comment" or "category-news"; what it holds is judged
    # by itself.
    is_article = name == "article" or _ARTICLE.search(attributes)
    if not attributes.strip() or is_article:
        return ""
    return next((reason for reason, pattern in _BY_ROLE if pattern.search(attributes)), "")


def _is_quoted(element: Any) -> bool:
    parent = element.getparent()
    return parent is not None and local_name(parent) == "blockquote"


def _link_share(element: Any) -> float:
    """Return the share of an element's own characters that is links."""
    whole = len("".join(element.itertext()).strip())
    characters = sum(len("".join(link.itertext()).strip()) for link in element.iter("{*}a"))
    return characters / whole if whole else 0.0
