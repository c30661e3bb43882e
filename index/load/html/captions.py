"""Write the captions of pictures, and alternative texts of pictures without one, as marked lines
(:mod:`index.text.captions`)."""

from __future__ import annotations

import re
from itertools import accumulate, islice
from typing import Any

from index.boilerplate.credits import is_bare_credit, is_credit
from index.load.html.blocks import blocks
from index.load.html.tags import is_within, local_name, said_of, set_name, tag_like
from index.text.captions import caption_line

__all__ = ["write_captions"]

_PICTURES = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif)(?:$|\?)")
# What pages call a caption; "captions" are those of films.
_CAPTION = re.compile(r"caption(?!s|ed)")
_CREDIT = re.compile(r"credit|copyright|source|photographer|author")
_IMAGES = ("img", "{*}img", "picture", "amp-img")
# How far around a caption its picture is looked for, and what else may be said there.
_MOST_CLIMB, _MOST_OTHER_CHARS = 4, 100
_BLOCKS = {"p", "div", "li", "figure", "section", "article", "main", "body", "td", "blockquote"}


def write_captions(root: Any) -> None:
    """Mark the captions under ``root``, and add a marked line after each block with a picture that
    has an alternative text and no caption. Pictures that are links are ignored."""
    _name_captions(root)
    with_caption: set[Any] = set()
    for caption in list(root.iter("{*}figcaption", "figcaption")):
        with_caption.update(caption.iterancestors("{*}figure", "figure"))
        if (box := _picture_box(caption)) is not None:
            with_caption.add(box)
        _set_credits_apart(caption)
        _write(caption, caption_line(_text(caption)))
    for image in list(root.iter("{*}img", "img", "amp-img")):
        line = caption_line(image.get("alt") or "", "Image")
        has_caption = any(box in with_caption for box in image.iterancestors())
        if not line or is_credit(line[8:-1]) or has_caption or _is_link(image):
            continue
        block = next((node for node in image.iterancestors() if local_name(node) in _BLOCKS), None)
        if block is None or is_within(image, {"nav", "header", "footer", "aside", "button"}):
            continue
        caption = block.makeelement(tag_like(block, "figcaption"))
        caption.text = line
        if local_name(block) in ("p", "li", "figure") and block.getparent() is not None:
            caption.tail, block.tail = block.tail, None
            block.addnext(caption)
        else:
            caption.tail, image.tail = image.tail, None
            image.addnext(caption)


def _set_credits_apart(caption: Any) -> None:
    """Put a space before what a page calls a credit: its style sheet sets it on another line."""
    for element in caption.iterdescendants():
        before = element.getprevious()
        text = element.getparent().text if before is None else before.tail
        if (text or "").strip() and local_name(element) and _CREDIT.search(said_of(element)):
            if before is None:
                element.getparent().text = f"{text} "
            else:
                before.tail = f"{text} "


def _name_captions(root: Any) -> None:
    """Rename what the page calls a caption, in a box with a picture and nothing else, to the
    element for captions."""
    for element in root.iter():
        if local_name(element) not in _BLOCKS | {"span", "small"} or not element.attrib:
            continue
        kind = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
        if not _CAPTION.search(kind) or next(element.iter(*_IMAGES), None) is not None:
            continue
        within = is_within(element, {"figcaption", "table"})
        if not within and _picture_box(element) is not None:
            set_name(element, "figcaption")


def _picture_box(caption: Any) -> Any | None:
    """Return the box that has a picture, the caption and no other words to speak of."""
    most_chars = len(_text(caption)) + _MOST_OTHER_CHARS
    for box in islice(caption.iterancestors(), _MOST_CLIMB):
        lengths = accumulate(len(text.strip()) for text in box.itertext())
        if any(length > most_chars for length in lengths):
            return None
        if next(box.iter(*_IMAGES), None) is not None:
            return box
    return None


def _write(caption: Any, line: str) -> None:
    """Turn a caption into the one line; one that is only a picture credit stays as it is."""
    if not line or is_bare_credit(_text(caption)):
        return
    tail = caption.tail
    caption.clear()
    caption.text, caption.tail = line, tail


def _is_link(image: Any) -> bool:
    """Whether the picture is a link to something else than the picture."""
    link = next((node for node in image.iterancestors() if local_name(node) == "a"), None)
    return link is not None and not _PICTURES.search(link.get("href") or "")


def _text(element: Any) -> str:
    return " ".join(" ".join(blocks(element)).split())
