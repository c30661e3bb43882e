"""Word documents, read from the file's own XML."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from index.article import Article, Findings
from index.boilerplate.rules import says_who_or_when
from index.load.base import Loaded, Source, title_from_name, too_long
from index.load.bylines import author_of_file
from index.load.docx.chunks import read_chunks
from index.load.docx.contents import remove_contents
from index.load.docx.formatting import Looks, W
from index.load.docx.lists import Lists
from index.load.docx.text import Paragraph, WordText
from index.load.plain.text import split_title
from index.load.zip_archive import Archive
from index.text.line_joining import clean_prose
from index.text.normalise import clean_line

__all__ = ["DocxLoader"]

MAX_BYTES = 200_000_000

# The strict variant of the format has other namespaces and the same names.
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_DC = "{http://purl.org/dc/elements/1.1/}"
_NO_HEADLINES = {"table", "note", "caption"}
# Paragraphs in which a title stands: above it may be what kind of article it is, and when.
_MOST_ABOVE = 4
_TITLES = {"title", "titel", "titre"}
# Titles that programs write by themselves.
_NO_TITLE = re.compile(r"(?i)(microsoft )?word\b|document\d*$|untitled|powerpoint|.*\.\w{3,4}$")


class DocxLoader:
    """``.docx``: one article a document; its title is the paragraph with the title style, or the
    document's property, or its first heading, or what stands out above the text.

    Table rows are lines with cells separated by `` | ``, list items have their number or a dash,
    notes an asterisk; notes and text boxes follow the paragraph that they belong to. Headers,
    footers, comments, and hidden, struck out or deleted text are left out; the last three are
    listed. The dates in the file are those of the file, so the article has none.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".docx", ".docm")
    content_types: ClassVar[tuple[str, ...]] = (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    )
    max_bytes: ClassVar[int] = MAX_BYTES

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        with _open_archive(source) as archive:
            name = _main_part(archive)
            chunks, left_out = read_chunks(archive, name, source, _document)
            paragraphs, omissions = _paragraphs(archive, name, chunks)
            properties = (
                archive.xml("docProps/core.xml") if "docProps/core.xml" in archive else None
            )
        title = _title(paragraphs, properties)
        first = [paragraph.text for paragraph in paragraphs[:_MOST_ABOVE]]
        if title in first:
            del paragraphs[first.index(title)]
        text = clean_prose("\n\n".join(paragraph.text for paragraph in paragraphs))
        if not text:
            raise source.refused("no text in the document")
        if len(text) > max_chars:
            raise source.refused(too_long(f"{len(text):,} characters", max_chars))
        yield Article(
            id=source.id(),
            title=title or title_from_name(source.stem),
            text=text,
            author=author_of_file(
                [paragraph.text for paragraph in paragraphs], _property(properties, "creator")
            ),
            language=_language(_property(properties, "language")),
            url=source.url,
            source=source.name,
            findings=Findings(
                (*left_out, *omissions),
                rows=tuple(
                    paragraph.text for paragraph in paragraphs if paragraph.style == "table"
                ),
            ),
        )


def _paragraphs(
    archive: Archive, name: str, chunks: Mapping[str, list[Paragraph]]
) -> tuple[list[Paragraph], list[tuple[str, str]]]:
    """Read the paragraphs of a document, and ``(text, reason)`` of what nobody reads in them."""
    body = _part(archive, name).find(f"{W}body")
    folder = f"{posixpath.dirname(name)}/"
    styles = _other_part(archive, f"{folder}styles.xml")
    lists = Lists(_other_part(archive, f"{folder}numbering.xml"), styles)
    has_colour = _part(archive, name).find(f"{W}background") is not None
    notes = _notes(archive, folder)
    words = WordText(Looks(styles), notes, chunks, paper_is_white=not has_colour, lists=lists)
    if body is None:
        return [], []
    entries = remove_contents(body, styles)
    return list(words.paragraphs(body)), [*entries, *words.left_out]


def _document(source: Source) -> list[Paragraph]:
    """Read the paragraphs of a Word document inside another one."""
    with _open_archive(source) as archive:
        return _paragraphs(archive, _main_part(archive), {})[0]


def _open_archive(source: Source) -> AbstractContextManager[Archive]:
    with source.open() as file:
        if file.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise source.refused("encrypted, or an old .doc: save it as .docx without a password")
    return Archive.open(source)


def _main_part(archive: Archive) -> str:
    # Some programs call it document2.xml; the package says which it is.
    if "word/document.xml" not in archive and "_rels/.rels" in archive:
        for relation in archive.xml("_rels/.rels"):
            if str(relation.get("Type", "")).endswith("/officeDocument"):
                return str(relation.get("Target", "")).lstrip("/")
    return "word/document.xml"


def _notes(archive: Archive, folder: str) -> dict[str, Any]:
    """Collect the notes of the document by kind and number (``footnote 2``)."""
    notes = {}
    for kind in ("footnote", "endnote"):
        root = _other_part(archive, f"{folder}{kind}s.xml")
        for note in () if root is None else root.iter(f"{W}{kind}"):
            # The others are the lines between text and notes.
            if note.get(f"{W}type", "normal") == "normal":
                notes[f"{kind} {note.get(f'{W}id')}"] = note
    return notes


def _part(archive: Archive, name: str) -> Any:
    return archive.parse(archive.read(name).replace(_STRICT, W[1:-1].encode()), name)


def _other_part(archive: Archive, name: str) -> Any:
    return _part(archive, name) if name in archive else None


def _title(paragraphs: list[Paragraph], properties: Any) -> str:
    titles = [clean_line(paragraph.text) for paragraph in paragraphs if paragraph.style in _TITLES]
    property_title = _property(properties, "title")
    headings = [
        clean_line(paragraph.text)
        for paragraph in paragraphs[:3]
        if paragraph.style in ("heading1", "berschrift1")
    ]
    usable = [] if _NO_TITLE.match(property_title) else [property_title]
    return next(filter(None, [*titles, *usable, *headings]), "") or _headline(paragraphs)


def _headline(paragraphs: list[Paragraph]) -> str:
    """Return what would be the title in a text, where it stands out or credits are below it."""
    first = paragraphs[: _MOST_ABOVE + 1]
    rows = [paragraph.text for paragraph in first if paragraph.style in _NO_HEADLINES]
    title, _ = split_title("\n\n".join(paragraph.text for paragraph in first), rows)
    for paragraph, below in itertools.pairwise(first):
        if paragraph.text == title and (paragraph.stands_out or says_who_or_when(below.text)):
            return title
    return ""


def _property(properties: Any, name: str) -> str:
    return "" if properties is None else clean_line(properties.findtext(f"{_DC}{name}") or "")


def _language(tag: str) -> str:
    return match[0].lower() if (match := re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", tag)) else ""
