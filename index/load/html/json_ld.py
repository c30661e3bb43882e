"""Read what a page states of its article in JSON-LD (schema.org)."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from index.text.normalise import clean_line
from index.text.scripts import unspaced_letters

__all__ = ["article_said", "name_of", "names_of", "remove_other_stories", "text_of"]

_TYPES = re.compile(r"(?:\w*Article|\w*Posting|Report|Review|Recipe|CreativeWork)\Z")
_PAGES = re.compile(r"(?:Item|Web|About|FAQ|QA)Page\Z")
_MOST_NODES = 2_000
# Of the words of an article's headline: how many the page has to have in its titles.
_SHARE = 0.25
# Fewer words than this in all headings are the name of a site, not of a story.
_LEAST_WORDS = 3
_DATE_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]{4,60})"')


def article_said(tree: Any) -> Mapping[str, Any]:
    """Return the properties of the page's article, or else of the page; empty where there are none.

    Of several articles the first counts that has the page's address or words of its titles: others
    are further reading. People and publishers that it names by reference are filled in.
    """
    nodes: list[Mapping[str, Any]] = []
    for script in list(tree.iter("script")):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = re.sub(r"\A\s*(?:<!--|//<!\[CDATA\[)|(?:-->|//\]\]>)\s*\Z", "", script.text or "")
        try:
            nodes.extend(_nodes(json.loads(text, strict=False)))
        except (ValueError, RecursionError):
            # Half of it is still true: a comma too many is the commonest fault.
            if len(days := set(_DATE_PUBLISHED.findall(text))) == 1:
                nodes.append({"@type": "WebPage", "datePublished": days.pop()})
    page = _Page.of(tree)
    for kind in (_TYPES, _PAGES):
        for node in nodes:
            is_kind = any(kind.match(type_name) for type_name in _types(node))
            if is_kind and (kind is _PAGES or page.is_about(node)):
                return _with_references(node, nodes)
    return {}


def remove_other_stories(tree: Any, node: Mapping[str, Any]) -> None:
    """Remove the scripts that state another article than the page's, for those who would read its
    author or day from them.

    node: what :func:`article_said` returned.
    """
    for script in list(tree.iter("script")):
        if "ld+json" in (script.get("type") or "").lower() and _DATE_PUBLISHED.search(
            script.text or ""
        ):
            heading = text_of(node, "headline", "name")
            if not node or (heading and heading not in clean_line(script.text)):
                script.text = ""


@dataclass(frozen=True, slots=True)
class _Page:
    """What a page calls itself: the words of its titles, and its addresses."""

    words: frozenset[str]
    addresses: frozenset[str]

    @classmethod
    def of(cls, tree: Any) -> Self:
        titles = tree.xpath(
            "//title/text() | //meta[@property='og:title' or @name='twitter:title']/@content"
        )
        titles += ["".join(heading.itertext()) for heading in tree.iter("h1", "h2")]
        addresses = tree.xpath(
            "//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"
        )
        return cls(
            _words(" ".join(titles)), frozenset(address.rstrip("/") for address in addresses)
        )

    def is_about(self, node: Mapping[str, Any]) -> bool:
        """Whether an article's properties may be those of the page's own."""
        main = node.get("mainEntityOfPage")
        addresses = {
            node.get("url"),
            node.get("@id"),
            main.get("@id") if isinstance(main, dict) else main,
        }
        if self.addresses & {str(address).rstrip("/") for address in addresses}:
            return True
        heading = text_of(node, "headline", "name", "alternativeHeadline")
        if not heading and isinstance(node.get("itemReviewed"), dict):
            heading = text_of(node["itemReviewed"], "name")
        words = _words(heading)
        if not words or len(self.words) < _LEAST_WORDS:
            return True
        return len(words & self.words) >= _SHARE * len(words)


def _words(text: str) -> frozenset[str]:
    """Return the longer words, and the pairs of letters in scripts that set no words apart."""
    words = re.findall(r"\w{4,}", text.casefold())
    pairs = (f"{a}{b}" for a, b in itertools.pairwise(text) if unspaced_letters(f"{a}{b}") == 2)
    return frozenset((*(word for word in words if not unspaced_letters(word)), *pairs))


def _with_references(
    node: Mapping[str, Any], nodes: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Return the properties with the people and publishers that they name by ``@id``."""
    by_id = {str(party["@id"]): party for party in nodes if party.get("name") and "@id" in party}
    whole = dict(node)
    for name in ("author", "creator", "publisher"):
        value = node.get(name)
        items = value if isinstance(value, list) else [value]
        whole[name] = [
            by_id.get(str(item.get("@id")), item) if isinstance(item, dict) else item
            for item in items
            if item is not None
        ]
    return whole


def _nodes(data: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the top-level objects, in order, with those that they name as the page's main
    subject."""
    waiting = [data]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = value
        elif isinstance(value, dict):
            yield value
            waiting[:0] = [value[key] for key in ("@graph", "mainEntity") if key in value]


def _types(node: Mapping[str, Any]) -> list[str]:
    value = node.get("@type")
    values = value if isinstance(value, list) else [value]
    return [name.rpartition("/")[2] for name in values if isinstance(name, str)]


def text_of(node: Mapping[str, Any], *names: str) -> str:
    """Return the first of the named properties that is a text; empty where none is."""
    entries = (node.get(name) for name in names)
    values = (value[0] if isinstance(value, list) and value else value for value in entries)
    # With its type or language beside it.
    values = (value.get("@value") if isinstance(value, dict) else value for value in values)
    return next(
        (clean_line(value) for value in values if isinstance(value, str) and value.strip()), ""
    )


def name_of(value: Any) -> str:
    """Return the name of a person or an organisation, in whatever form it is given."""
    return next(iter(names_of(value)), "")


def names_of(value: Any) -> list[str]:
    """Return the names of one or several."""
    if isinstance(value, str):
        return [clean_line(value)] if value.strip() else []
    if isinstance(value, dict):
        return names_of(value.get("name") or value.get("@value"))
    if isinstance(value, list):
        return [name for item in value[:20] for name in names_of(item)]
    return []
