"""Read EPUB books: one article a chapter, so that a citation names the chapter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from html.entities import html5
from typing import Any, ClassVar

from index.article import Article, Findings
from index.errors import LoadError
from index.load.base import Loaded, Source, title_from_name, too_long
from index.load.encoding.charset import decode_page
from index.load.html.blocks import blocks
from index.load.html.captions import write_captions
from index.load.html.inline import settle_inline
from index.load.html.nested_lists import flatten_lists
from index.load.html.style_sheet import write_styles
from index.load.html.table import write_definitions, write_tables
from index.load.zip_archive import Archive
from index.text.dates import parse_day
from index.text.line_joining import clean_prose
from index.text.normalise import clean_line

__all__ = ["EpubLoader"]

MAX_BYTES = 500_000_000

_DC = "{http://purl.org/dc/elements/1.1/}"
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]*);")
_PAGES = {"application/xhtml+xml", "text/html"}
# Parts that are about the book and not in it (EPUB structural semantics).
_FRAME = re.compile(
    r"(?i)\b(cover|title-?page|half-?title|copyright(-page)?|toc|landmarks|index)\b"
)

_NOTES = re.compile(r"(?i)(foot|end|rear)?notes?\b")


class EpubLoader:
    """``.epub``: an article for each chapter of the table of contents, in reading order.

    A file without an entry of its own belongs to the chapter before it. Cover, title page, contents
    and copyright page are left out, and so are the marks of notes, but not the notes. Author,
    publisher, date and language are the book's; a chapter's title is ``CHAPTER (BOOK)``.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".epub",)
    content_types: ClassVar[tuple[str, ...]] = ("application/epub+zip",)
    max_bytes: ClassVar[int] = MAX_BYTES

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        with Archive.open(source) as archive:
            if "META-INF/encryption.xml" in archive and _is_locked(archive):
                raise source.refused("locked by DRM: only the shop's own reader opens it")
            book = _Book.read(archive, source)
            count = 0
            for chapter in _chapters(book, archive, source):
                count += 1
                yield _article(chapter, book, source, max_chars)
        if not count:
            raise source.refused("no chapter with text in the book")


@dataclass
class _Chapter:
    """``rows``: those of the blocks that are rows of tables. ``left_out``: words that are hidden or
    struck out, each with the reason."""

    name: str
    title: str
    blocks: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class _Book:
    """``spine``: names of the pages in reading order. ``entries``: titles of the pages that the
    table of contents names. ``frame``: pages that are no chapters."""

    package: Any
    spine: list[str]
    entries: dict[str, str]
    frame: set[str]

    @classmethod
    def read(cls, archive: Archive, source: Source) -> _Book:
        container = archive.xml("META-INF/container.xml")
        name = next((rootfile.get("full-path") for rootfile in container.iter("{*}rootfile")), None)
        if not name:
            raise source.refused("the book does not say where its package document is")
        package = archive.xml(name)
        items = {item.get("id"): item for item in package.iter("{*}item")}
        spine, frame = [], set()
        for ref in package.iter("{*}itemref"):
            item = items.get(ref.get("idref"))
            if item is None or item.get("media-type") not in _PAGES or not item.get("href"):
                continue
            page = archive.resolve(name, item.get("href"))
            spine.append(page)
            notes = any(_NOTES.search(item.get(name) or "") for name in ("href", "id"))
            # Pages beside the way through the book; its notes are often kept there.
            if (ref.get("linear") == "no" and not notes) or "nav" in (
                item.get("properties") or ""
            ).split():
                frame.add(page)
        for reference in package.iterfind("{*}guide/{*}reference"):
            if _FRAME.search(reference.get("type") or ""):
                frame.add(archive.resolve(name, reference.get("href") or ""))
        return cls(package, spine, _contents(package, name, items, archive), frame)

    def metadata_text(self, name: str) -> str:
        return clean_line(self.package.findtext(f".//{_DC}{name}") or "")

    def stated_date(self) -> str:
        """Return the date of publication, and of no other event in the life of the file."""
        for element in self.package.iter(f"{_DC}date"):
            event = next((v for k, v in element.attrib.items() if str(k).endswith("event")), "")
            if not event or re.search("publi|issue", str(event).lower()):
                return clean_line(element.text or "")
        return ""

    def creators(self) -> str:
        """Return the names of all authors, with commas between them."""
        names = (clean_line(element.text or "") for element in self.package.iter(f"{_DC}creator"))
        return ", ".join(filter(None, names))


def _contents(package: Any, name: str, items: dict[str, Any], archive: Archive) -> dict[str, str]:
    """Map each page that the table of contents points at to its first title."""
    titles: dict[str, str] = {}
    for item in items.values():
        nav = "nav" in (item.get("properties") or "").split()
        if not nav and item.get("media-type") != "application/x-dtbncx+xml":
            continue
        place = archive.resolve(name, item.get("href") or "")
        if place not in archive:
            continue
        root = archive.xml(place)
        if nav:
            links = (
                (link.get("href"), "".join(link.itertext()))
                for part in root.iter("{*}nav")
                if _type(part) in ("toc", "")
                for link in part.iter("{*}a")
            )
        else:
            links = (
                (target.get("src"), point.findtext("{*}navLabel/{*}text"))
                for point in root.iter("{*}navPoint")
                for target in point.iterfind("{*}content")
            )
        for href, title in links:
            titles.setdefault(archive.resolve(place, href or ""), clean_line(title or ""))
    return titles


def _chapters(book: _Book, archive: Archive, source: Source) -> Iterator[_Chapter]:
    current: _Chapter | None = None
    for page in dict.fromkeys(book.spine):
        if page in book.frame or page not in archive:
            continue
        part, is_frame = _page(archive, page, source)
        if is_frame:
            continue
        if current is None or not book.entries or page in book.entries:
            if current and current.blocks:
                yield current
            current = _Chapter(page, book.entries.get(page) or part.title)
        current.blocks += part.blocks
        current.rows += part.rows
        current.left_out += part.left_out
    if current and current.blocks:
        yield current


def _page(archive: Archive, name: str, source: Source) -> tuple[_Chapter, bool]:
    """Return a page as a chapter by itself, called by its first heading, and whether it is none."""
    data = archive.read(name)
    if b"<!ENTITY" in data:
        raise source.refused(f"{name} in it declares XML entities, which are not read")
    try:
        root = archive.parse(_ENTITY.sub(_character, data), name)
    except LoadError:
        # Many books are not well-formed.
        from lxml.etree import LxmlError
        from lxml.html import document_fromstring

        try:
            root = document_fromstring(decode_page(data, source.name).encode())
        except (LxmlError, ValueError, AssertionError):
            return _Chapter(name, ""), False
    body = next(root.iter("{*}body"), None)
    if body is None:
        return _Chapter(name, ""), False
    write_styles(root, _sheets(archive, name, root))
    left_out = settle_inline(body)
    rows = write_tables(body)
    flatten_lists(body, as_divisions=True)
    write_definitions(body)
    write_captions(body)
    kinds = {_type(body), *(_type(section) for section in body.iterchildren("{*}section"))}
    is_frame = any(_FRAME.search(kind) for kind in kinds)
    heading = next(body.iter("{*}h1", "{*}h2", "{*}h3"), None)
    title = "" if heading is None else clean_line(" ".join(heading.itertext()))
    return _Chapter(name, title, list(blocks(body)), rows, left_out), is_frame


def _sheets(archive: Archive, name: str, root: Any) -> list[str]:
    """Return the style sheets of the book that a page names."""
    sheets: list[str] = []
    for link in root.iter("{*}link"):
        sheet = archive.resolve(name, link.get("href") or "")
        if "stylesheet" in (link.get("rel") or "").lower().split() and sheet in archive:
            with suppress(LoadError):
                sheets.append(archive.text(sheet))
    return sheets


def _character(match: re.Match[bytes]) -> bytes:
    # HTML's names for characters (&nbsp;) are declared outside the page, where nothing is read.
    name = match[1].decode()
    character = html5.get(f"{name};", "")
    plain = name in ("amp", "lt", "gt", "quot", "apos")
    return (
        match[0] if plain or not character else "".join(f"&#{ord(c)};" for c in character).encode()
    )


def _type(element: Any) -> str:
    return str(element.get("{http://www.idpf.org/2007/ops}type") or element.get("epub:type") or "")


def _article(chapter: _Chapter, book: _Book, source: Source, max_chars: int) -> Loaded:
    place = f"{source.name}#{chapter.name}"
    if clean_line(chapter.blocks[0]) == chapter.title:
        del chapter.blocks[0]
    text = clean_prose("\n\n".join(chapter.blocks))
    if not text:
        return LoadError(place, "no text in the chapter")
    if len(text) > max_chars:
        return LoadError(place, too_long(f"{len(text):,} characters", max_chars))
    title = book.metadata_text("title") or title_from_name(source.stem)
    return Article(
        id=source.id(chapter.name),
        title=f"{chapter.title} ({title})" if chapter.title not in ("", title) else title,
        text=text,
        publisher=book.metadata_text("publisher") or None,
        author=book.creators() or None,
        published_at=parse_day(book.stated_date()),
        language=book.metadata_text("language")[:3].split("-")[0].lower(),
        url=source.url,
        source=place,
        findings=Findings(left_out=tuple(chapter.left_out), rows=tuple(chapter.rows)),
    )


def _is_locked(archive: Archive) -> bool:
    """Whether anything but fonts is encrypted."""
    root = archive.xml("META-INF/encryption.xml")
    return any(
        str(reference.get("URI", "")).lower().endswith((".xhtml", ".html", ".htm", ".opf"))
        for reference in root.iter("{*}CipherReference")
    )
