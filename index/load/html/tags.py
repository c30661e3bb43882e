"""Edit a tree of elements without losing the text around them."""

from __future__ import annotations

from collections.abc import Set
from functools import lru_cache
from typing import Any

__all__ = ["is_within", "local_name", "remove", "replace_by_text", "said_of", "set_name",
           "tag_like"]  # fmt: skip


def local_name(element: Any) -> str:
    """Return the name without namespace, in lower case; empty for comments and instructions."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def set_name(element: Any, name: str) -> None:
    """Rename the element, within its namespace."""
    element.tag = tag_like(element, name)


def tag_like(element: Any, name: str) -> str:
    """Return the tag of that name in the namespace of an element."""
    space, brace, _ = element.tag.rpartition("}")
    return f"{space}{brace}{name}"


def is_within(element: Any, names: Set[str]) -> bool:
    """Whether the element stands inside an element of one of these names."""
    return any(local_name(ancestor) in names for ancestor in element.iterancestors())


def said_of(element: Any) -> str:
    """Join the attributes that describe an element's role: class, id, role and the like."""
    if not element.attrib:
        return ""
    names = ("class", "id", "role", "itemprop", "data-component", "data-testid")
    return " ".join(element.get(name) or "" for name in names).lower()


def remove(element: Any) -> None:
    """Remove the element; the text after it stays."""
    replace_by_text(element, "")


def replace_by_text(element: Any, text: str) -> None:
    """Replace an element by characters; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    text += element.tail or ""
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(element)
