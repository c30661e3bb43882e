"""Read what a page states of its article in JSON-LD (schema.org)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from index.text.normalise import clean_line

__all__ = ["article_said", "name_of", "names_of", "text_of"]

_TYPES = re.compile(r"(?:\w*Article|\w*Posting|Report|Review|Recipe|CreativeWork)\Z")
_PAGES = re.compile(r"(?:Item|Web|About|FAQ|QA)Page\Z")
_MOST_NODES = 2_000
_DATE_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]{4,60})"')


def article_said(tree: Any) -> Mapping[str, Any]:
    """Return the properties of the page's article, or else of the page; empty where there are none.

    Of several articles the first counts: others in it are parts, comments or further reading.
    """
    nodes: list[Mapping[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = re.sub(r"\A\s*(?:<!--|//<!\[CDATA\[)|(?:-->|//\]\]>)\s*\Z", "", script.text or "")
        try:
            nodes.extend(_nodes(json.loads(text, strict=False)))
        except (ValueError, RecursionError):
            # Half of it is still true: a comma too many is the commonest fault.
            if len(days := set(_DATE_PUBLISHED.findall(text))) == 1:
                nodes.append({"@type": "WebPage", "datePublished": days.pop()})
    for kind in (_TYPES, _PAGES):
        for node in nodes:
            if any(kind.match(type_name) for type_name in _types(node)):
                return node
    return {}


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
        return names_of(value.get("name"))
    if isinstance(value, list):
        return [name for item in value[:20] for name in names_of(item)]
    return []
