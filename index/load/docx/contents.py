"""Remove the table of contents from a Word document: its headings stand in the text again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from index.load.docx.formatting import W
from index.text.normalise import clean_line

__all__ = ["remove_contents"]

# Word names these styles in English whatever its language, and translates only their ids.
_STYLE = re.compile(r"(?:toc|contents) ?(?:heading|\d)|table of figures")
_CODE = re.compile(r"\s*TOC\b")
_GALLERY = "Table of Contents"


def remove_contents(body: Any, styles: Any) -> list[tuple[str, str]]:
    """Remove the paragraphs of a table of contents, which its field, their styles or its content
    control shows; returns ``(text, reason)`` of each.

    body: of the document, which is changed.
    styles: the part that defines its styles; ``None`` without one.
    """
    ids = {
        str(style.get(f"{W}styleId"))
        for style in (() if styles is None else styles.iter(f"{W}style"))
        for name in style.iterfind(f"{W}name")
        if _STYLE.fullmatch(str(name.get(f"{W}val", "")).lower())
    }
    entries = dict.fromkeys(_in_control(body))
    entries |= dict.fromkeys(_in_field(body))
    entries |= dict.fromkeys(p for p in body.iter(f"{W}p") if _is_entry(p, ids))
    for paragraph in entries:
        paragraph.getparent().remove(paragraph)
    texts = (
        clean_line("".join("\t" if node.tag == f"{W}tab" else node.text or "" for node in nodes))
        for nodes in (list(paragraph.iter(f"{W}t", f"{W}tab")) for paragraph in entries)
    )
    return [(text, "contents") for text in texts if text]


def _is_entry(paragraph: Any, ids: set[str]) -> bool:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    name = "" if style is None else str(style.get(f"{W}val", ""))
    return name in ids or bool(_STYLE.fullmatch(name.lower()))


def _in_control(body: Any) -> Iterator[Any]:
    for control in body.iter(f"{W}sdt"):
        galleries = control.iterfind(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        if any(gallery.get(f"{W}val") == _GALLERY for gallery in galleries):
            yield from control.iter(f"{W}p")


def _in_field(body: Any) -> Iterator[Any]:
    """Yield the paragraphs that begin within the field or with it, and do not go on behind it."""
    # Of each field that is open, from the outermost: whether it is a table of contents.
    fields: list[bool] = []
    entries: list[Any] = []
    for paragraph in body.iter(f"{W}p"):
        is_inside, rest = any(fields), ""
        for node in paragraph.iter(f"{W}fldChar", f"{W}instrText", f"{W}t"):
            kind = str(node.get(f"{W}fldCharType", ""))
            if kind == "begin":
                fields.append(False)
            elif kind == "end" and fields:
                fields.pop()
            elif node.tag == f"{W}instrText" and fields and _CODE.match(node.text or ""):
                fields[-1] = is_inside = True
            elif node.tag == f"{W}t" and not any(fields):
                rest += node.text or ""
        if is_inside and not rest.strip():
            entries.append(paragraph)
        # One without an end would go on to that of the document.
        if not any(fields):
            yield from entries
            entries.clear()
