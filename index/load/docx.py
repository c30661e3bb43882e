"""Word documents: the running text of the main part, read from the file's own XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from index.article import Article
from index.clean import clean, clean_line
from index.load.archive import Archive
from index.load.base import Loaded, Source, title_from_name, too_long

__all__ = ["DocxLoader"]

MAX_BYTES = 200_000_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# The strict variant of the format has other namespaces and the same names.
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TITLES = {"title", "titel", "titre"}
# What was deleted, is written by a field's code, or stands there for older programs only.
_SKIPPED = {"del", "moveFrom", "delText", "instrText", "Fallback", "txbxContent", "rPr", "pPr"}
# Titles that programs write by themselves.
_NO_TITLE = re.compile(r"(?i)(microsoft )?word\b|document\d*$|untitled|powerpoint|.*\.\w{3,4}$")


class DocxLoader:
    """``.docx``: one article a document; its title is the paragraph styled so, or the document's
    property, or its first heading.

    Table rows are lines with cells apart by `` | ``, list items have a dash. Headers, footers,
    footnotes, comments, text boxes and deletions under tracking are no part of the text. The
    dates in the file are those of the file, so the article has none.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".docx", ".docm")
    content_types: ClassVar[tuple[str, ...]] = (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    )
    max_bytes: ClassVar[int] = MAX_BYTES

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        with _opened(source) as archive:
            name = _main_part(archive)
            root = archive.parse(archive.read(name).replace(_STRICT, _W[1:-1].encode()), name)
            known = archive.xml("docProps/core.xml") if "docProps/core.xml" in archive else None
        found = list(_paragraphs(root))
        title = _title(found, known)
        if found and found[0][1] == title:
            del found[0]
        text = clean("\n\n".join(text for _, text in found))
        if not text:
            raise source.refused("no text in the document")
        if len(text) > max_chars:
            raise source.refused(too_long(f"{len(text):,} characters", max_chars))
        yield Article(
            id=source.id(),
            title=title or title_from_name(source.stem),
            text=text,
            author=_property(known, "creator") or None,
            language=_language(_property(known, "language")),
            url=source.url,
            source=source.name,
        )


def _opened(source: Source) -> AbstractContextManager[Archive]:
    with source.open() as file:
        if file.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise source.refused("encrypted, or an old .doc: save it as .docx without a password")
    return Archive.opened(source)


def _main_part(archive: Archive) -> str:
    # Some programs call it document2.xml; the package says which it is.
    if "word/document.xml" not in archive and "_rels/.rels" in archive:
        for each in archive.xml("_rels/.rels"):
            if str(each.get("Type", "")).endswith("/officeDocument"):
                return str(each.get("Target", "")).lstrip("/")
    return "word/document.xml"


def _paragraphs(root: Any) -> Iterator[tuple[str, str]]:
    """The style (lower-case, often empty) and the text of each paragraph, in order."""
    body = root.find(f"{_W}body")
    for element in () if body is None else body.iterchildren(f"{_W}p", f"{_W}tbl", f"{_W}sdt"):
        yield from _block(element)


def _block(element: Any) -> Iterator[tuple[str, str]]:
    if element.tag == f"{_W}tbl":
        for row in element.iterchildren(f"{_W}tr"):
            cells = (
                " ".join(_text(p) for p in cell.iter(f"{_W}p"))
                for cell in row.iterchildren(f"{_W}tc")
            )
            if line := " | ".join(filter(None, (clean_line(cell) for cell in cells))):
                yield "table", line
    elif element.tag == f"{_W}sdt":
        for inner in element.iterfind(f"{_W}sdtContent/*"):
            yield from _block(inner)
    elif element.tag == f"{_W}p" and (text := clean(_text(element))):
        style = element.find(f"{_W}pPr/{_W}pStyle")
        listed = element.find(f"{_W}pPr/{_W}numPr") is not None
        name = "" if style is None else str(style.get(f"{_W}val", "")).lower()
        yield name, f"- {text}" if listed and not name.startswith("heading") else text


def _text(element: Any) -> str:
    parts: list[str] = []
    for child in element:
        match _name(child):
            case "t":
                parts.append(child.text or "")
            case "tab" | "ptab":
                parts.append(" ")
            case "br" | "cr":
                parts.append("\n")
            case "noBreakHyphen":
                parts.append("‑")
            case name if name in _SKIPPED:
                pass
            case _:
                parts.append(_text(child))
    return "".join(parts)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _title(found: list[tuple[str, str]], known: Any) -> str:
    styled = [clean_line(text) for style, text in found if style in _TITLES]
    stated = _property(known, "title")
    headings = [
        clean_line(text) for style, text in found[:3] if style in ("heading1", "berschrift1")
    ]
    usable = [] if _NO_TITLE.match(stated) else [stated]
    return next(filter(None, [*styled, *usable, *headings]), "")


def _property(known: Any, name: str) -> str:
    return "" if known is None else clean_line(known.findtext(f"{_DC}{name}") or "")


def _language(stated: str) -> str:
    return match[0].lower() if (match := re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", stated)) else ""
