"""Word documents, read from the file's own XML."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from index.article import Article
from index.load.archive import Archive
from index.load.base import Loaded, Source, title_from_name, too_long
from index.load.docx_look import Looks, W
from index.load.docx_text import Paragraph, WordText
from index.text.normalise import clean, clean_line

__all__ = ["DocxLoader"]

MAX_BYTES = 200_000_000

# The strict variant of the format has other namespaces and the same names.
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TITLES = {"title", "titel", "titre"}
# Titles that programs write by themselves.
_NO_TITLE = re.compile(r"(?i)(microsoft )?word\b|document\d*$|untitled|powerpoint|.*\.\w{3,4}$")


class DocxLoader:
    """``.docx``: one article a document; its title is the paragraph styled so, or the document's
    property, or its first heading.

    Table rows are lines with cells apart by `` | ``, list items have a dash, notes an asterisk;
    notes and text boxes follow the paragraph that they belong to. Headers, footers, comments,
    what is hidden, struck out or deleted under tracking are no part of the text. The dates in the
    file are those of the file, so the article has none.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".docx", ".docm")
    content_types: ClassVar[tuple[str, ...]] = (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    )
    max_bytes: ClassVar[int] = MAX_BYTES

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        with _opened(source) as archive:
            name = _main_part(archive)
            body = _part(archive, name).find(f"{W}body")
            folder = f"{posixpath.dirname(name)}/"
            looks = Looks(_other_part(archive, f"{folder}styles.xml"))
            words = WordText(looks, _notes(archive, folder))
            known = archive.xml("docProps/core.xml") if "docProps/core.xml" in archive else None
        found = [] if body is None else list(words.paragraphs(body))
        title = _title(found, known)
        if found and found[0].text == title:
            del found[0]
        text = clean("\n\n".join(each.text for each in found))
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


def _notes(archive: Archive, folder: str) -> dict[str, Any]:
    """The notes of the document: ``footnote 2`` and the like, and the element of each."""
    found = {}
    for kind in ("footnote", "endnote"):
        root = _other_part(archive, f"{folder}{kind}s.xml")
        for each in () if root is None else root.iter(f"{W}{kind}"):
            # The others are the lines between text and notes.
            if each.get(f"{W}type", "normal") == "normal":
                found[f"{kind} {each.get(f'{W}id')}"] = each
    return found


def _part(archive: Archive, name: str) -> Any:
    return archive.parse(archive.read(name).replace(_STRICT, W[1:-1].encode()), name)


def _other_part(archive: Archive, name: str) -> Any:
    return _part(archive, name) if name in archive else None


def _title(found: list[Paragraph], known: Any) -> str:
    styled = [clean_line(each.text) for each in found if each.style in _TITLES]
    stated = _property(known, "title")
    headings = [
        clean_line(each.text) for each in found[:3] if each.style in ("heading1", "berschrift1")
    ]
    usable = [] if _NO_TITLE.match(stated) else [stated]
    return next(filter(None, [*styled, *usable, *headings]), "")


def _property(known: Any, name: str) -> str:
    return "" if known is None else clean_line(known.findtext(f"{_DC}{name}") or "")


def _language(stated: str) -> str:
    return match[0].lower() if (match := re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", stated)) else ""
