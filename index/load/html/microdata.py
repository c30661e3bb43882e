"""Read names from a page's microdata (https://html.spec.whatwg.org/multipage/microdata.html)."""

from __future__ import annotations

from typing import Any

from index.load.html.tags import is_within
from index.text.normalise import clean_line

__all__ = ["microdata_names"]

# Parts that have authors of their own.
_OTHERS = {"aside", "nav", "footer"}


def microdata_names(tree: Any, property: str) -> list[str]:
    """Return the names under the first property of this name (``author``, ``publisher``) and those
    beside it: its own words, or those of the name that the item in it has."""
    first = next((node for node in tree.iter() if _is_of(node, property)), None)
    if first is None or is_within(first, _OTHERS):
        return []
    siblings = [node for node in first.itersiblings() if _is_of(node, property)]
    return list(dict.fromkeys(filter(None, map(_name_of, [first, *siblings]))))


def _is_of(node: Any, property: str) -> bool:
    return property in (node.get("itemprop") or "").split()


def _name_of(node: Any) -> str:
    if node.get("itemscope") is not None:
        node = next((part for part in node.iterdescendants() if _is_of(part, "name")), None)
    return "" if node is None else clean_line(node.get("content") or "".join(node.itertext()))
