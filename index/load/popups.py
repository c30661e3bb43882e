"""Boxes that open over a sentence, hidden words, and links to other articles inside a sentence."""

from __future__ import annotations

import re
from typing import Any

from index.load.tags import is_within, local_name, remove, said_of

__all__ = ["is_hidden", "remove_popups"]

_OPENS = re.compile(
    r"tool-?_?tip|pop-?_?over|pop-?_?up|roll-?over|hover-?_?card|fly-?out|drop-?down|bubble"
    r"|\bmodal|\bdialog|info-?box|glossary|mini-?profile|lightbox|qtip|tippy"
)
# What is the box itself and not the word that opens it.
_BOX = re.compile(
    r"(?:tip|over|up|card|out|down|bubble|modal|dialog|glossary|profile)[-_]*"
    r"(?:text|content|body|block|box|panel|inner|card|list|menu|message|description|definition)"
)
_RELATED = re.compile(
    r"(?:^|[\s_-])(?:related|read-?more|readmore|see-?also|also-?read|read-?also|recommend\w*"
    r"|newsletter|promo\w*|advert\w*|ad-(?:slot|unit|box)|sponsored|share|sharing|most-?read)"
    r"(?:$|[\s_-])"
)
_FOR_READERS_ALOUD = re.compile(
    r"(?:^|\s)(?:sr-?only|visually-?hidden|screen-?reader(?:-text|-only)?|a11y-hidden"
    r"|element-invisible|offscreen|assistive-text)(?:$|\s)"
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\b")
_SENTENCES = {"p", "li", "dd", "dt", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"}
_GONE = {"template", "dialog", "script", "style", "noscript"}
# A hidden part with more of the page's text than this waits for a script to show it.
_MOST_HIDDEN = 0.3


def is_hidden(element: Any) -> bool:
    """Whether the page itself says that the element is not seen."""
    if element.get("hidden") is not None and element.get("hidden") != "until-found":
        return True
    style = (element.get("style") or "").lower()
    return bool(style and _HIDDEN_STYLE.search(style))


def remove_popups(root: Any) -> None:
    """Take out of the tree what opens over its sentences, what is not seen, and what a sentence
    is interrupted by."""
    whole = max(1, _length(root))
    for element in list(root.iterdescendants()):
        name = local_name(element)
        if not name or element.getparent() is None or name in ("html", "body", "head"):
            continue
        if name in ("template", "dialog"):
            remove(element)
        elif name in _GONE or is_within(element, {"head"}):
            continue
        elif is_hidden(element) or _FOR_READERS_ALOUD.search(said_of(element)):
            if _length(element) <= _MOST_HIDDEN * whole:
                remove(element)
        elif is_within(element, _SENTENCES) and _interrupts(element):
            remove(element)


def _interrupts(element: Any) -> bool:
    said = said_of(element)
    if element.get("aria-hidden") == "true" and not re.search(r"\w", "".join(element.itertext())):
        return True
    if _OPENS.search(said):
        return _is_box(element, said)
    return bool(_RELATED.search(said)) and _inside_text(element)


def _is_box(element: Any, said: str) -> bool:
    """Whether this is what opens, and not the words that it opens from."""
    inner = [each for each in element.iterdescendants() if _OPENS.search(said_of(each))]
    if inner:
        outside = _length(element) - _length(inner[0])
        return outside == 0 and _opener_before(element)
    if "tooltip" in (element.get("role") or "") or _BOX.search(said):
        return True
    text = " ".join("".join(element.itertext()).split())
    parent = element.getparent()
    nested = parent is not None and bool(_OPENS.search(said_of(parent)))
    return nested or len(text.split()) >= 6 or text.endswith((".", "!", "?"))


def _opener_before(element: Any) -> bool:
    parent = element.getparent()
    return parent is not None and bool(_OPENS.search(said_of(parent)))


def _inside_text(element: Any) -> bool:
    """Whether the sentence has words outside the element: one that is all of it is judged later."""
    block = next(each for each in element.iterancestors() if local_name(each) in _SENTENCES)
    return _length(block) > _length(element)


def _length(element: Any) -> int:
    return sum(len(text.strip()) for text in element.itertext())
