"""Write the captions of pictures, and alternative texts of pictures without one, as marked lines
(:mod:`index.text.captions`)."""

from __future__ import annotations

import re
from typing import Any

from index.boilerplate.credits import is_credit
from index.load.tags import is_within, local_name, tag_like
from index.text.captions import caption_line

__all__ = ["write_captions"]

_PICTURES = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif)(?:$|\?)")
_BLOCKS = {"p", "div", "li", "figure", "section", "article", "main", "body", "td", "blockquote"}


def write_captions(root: Any) -> None:
    """Mark the captions under ``root``, and add a marked line after each block with a picture that
    has an alternative text and no caption. Pictures that are links are ignored."""
    for caption in list(root.iter("{*}figcaption", "figcaption")):
        _write(caption, caption_line(_text(caption)))
    with_caption = {
        figure
        for caption in root.iter("{*}figcaption", "figcaption")
        for figure in caption.iterancestors("{*}figure", "figure")
    }
    for image in list(root.iter("{*}img", "img")):
        line = caption_line(image.get("alt") or "", "Image")
        has_caption = any(
            figure in with_caption for figure in image.iterancestors("{*}figure", "figure")
        )
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


def _write(caption: Any, line: str) -> None:
    """Turn a caption into the one line; one that is only a picture credit stays as it is."""
    if not line or is_credit(_text(caption)):
        return
    tail = caption.tail
    caption.clear()
    caption.text, caption.tail = line, tail


def _is_link(image: Any) -> bool:
    """Whether the picture is a link to something else than the picture."""
    link = next((node for node in image.iterancestors() if local_name(node) == "a"), None)
    return link is not None and not _PICTURES.search(link.get("href") or "")


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
