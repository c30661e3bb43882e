"""Read the files of other formats inside a Word document (``altChunk``), as programs that make
documents out of web pages write them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from email import message_from_bytes
from email.policy import default
from typing import Any

from index.errors import LoadError
from index.load.base import Source, decode
from index.load.docx.text import Paragraph
from index.load.encoding.charset import decode_page
from index.load.html.markup import words_of_markup
from index.load.zip_archive import Archive

__all__ = ["read_chunks"]

_KIND = "/aFChunk"
_MAX_CHUNKS = 200
_PAGES, _MAILS = (".html", ".htm", ".xhtml"), (".mht", ".mhtml", ".eml")
_DOCUMENTS, _TEXTS = (".docx", ".docm"), (".txt",)
ReadDocument = Callable[[Source], list[Paragraph]]


def read_chunks(
    archive: Archive, main: str, source: Source, read_document: ReadDocument
) -> tuple[Mapping[str, list[Paragraph]], list[tuple[str, str]]]:
    """Read the paragraphs of each such file, by the id that the document refers to it with; returns
    also ``(name, reason)`` of the files that were left out.

    main: the name of the document's main part.
    read_document: reads a Word document inside another one.
    """
    folder, name = posixpath.split(main)
    relations = f"{folder}/_rels/{name}.rels"
    chunks: dict[str, list[Paragraph]] = {}
    left_out: list[tuple[str, str]] = []
    for relation in archive.xml(relations) if relations in archive else ():
        if not str(relation.get("Type", "")).endswith(_KIND):
            continue
        target = archive.resolve(main, str(relation.get("Target", "")))
        try:
            if len(chunks) >= _MAX_CHUNKS:
                raise source.refused("one of too many")
            data = archive.read(target)
            chunks[str(relation.get("Id"))] = list(
                _paragraphs(target.lower(), data, source, read_document)
            )
        except LoadError as exc:
            left_out.append((target, exc.reason))
    return chunks, left_out


def _paragraphs(
    name: str, data: bytes, source: Source, read_document: ReadDocument
) -> Iterator[Paragraph]:
    if name.endswith(_DOCUMENTS):
        yield from read_document(Source.of_bytes(data, f"{source.name}#{name}"))
    elif name.endswith(_MAILS):
        part = message_from_bytes(data, policy=default).get_body(("html", "plain"))
        content: Any = part.get_payload(decode=True) if part is not None else b""
        yield from _page(content if isinstance(content, bytes) else b"", source)
    elif name.endswith(_PAGES):
        yield from _page(data, source)
    elif name.endswith(_TEXTS):
        for block in decode(data, source.name).replace("\r\n", "\n").split("\n\n"):
            yield Paragraph("", block)
    else:
        raise source.refused("a part of the document in a format that is not read there")


def _page(data: bytes, source: Source) -> Iterator[Paragraph]:
    piece = words_of_markup(decode_page(data, source.name))
    table = frozenset(piece.rows)
    for block in piece.blocks:
        yield Paragraph("table" if block in table else "", block)
