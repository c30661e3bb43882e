"""Word documents and EPUB books, made of the few files that make them one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

__all__ = ["CORE", "ENTITIES", "WORD", "docx", "epub", "paragraph", "run", "zipped"]

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"

# Ten times ten times ten ... the classic.
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b0 "ha">'
    + "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
    "<dc:creator>Anna Weiss</dc:creator><dc:language>de-DE</dc:language></cp:coreProperties>"
)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def paragraph(text: str, style: str = "", inside: str = "") -> str:
    """A paragraph of a Word document; ``inside`` is XML that follows its text."""
    known = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{known}<w:r><w:t>{text}</w:t></w:r>{inside}</w:p>"


def run(text: str, look: str = "", inside: str = "") -> str:
    """Characters of a Word document; ``look`` is XML that says how they look."""
    return f"<w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t>{inside}</w:r>"


def docx(body: str, prologue: str = "", **members: str) -> bytes:
    """A Word document with this body."""
    document = (
        f'{prologue}<w:document xmlns:w="{WORD}" xmlns:mc="{_MC}"><w:body>{body}</w:body>'
        "</w:document>"
    )
    return zipped({"word/document.xml": document, **members})


def epub(chapters: Mapping[str, str], contents: Mapping[str, str], **members: str) -> bytes:
    """A book of ``chapters`` (file: body), with ``contents`` (file: title) as its contents.

    Book, author, publisher, language and date are set; ``members`` replaces files.
    """
    items = "".join(
        f'<item id="i{at}" href="{name}" media-type="application/xhtml+xml"/>'
        for at, name in enumerate(chapters)
    )
    refs = "".join(f'<itemref idref="i{at}"/>' for at in range(len(chapters)))
    links = "".join(f'<li><a href="{name}">{title}</a></li>' for name, title in contents.items())
    files = {
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:'
        'container"><rootfiles><rootfile full-path="book/it.opf"/></rootfiles></container>',
        "book/it.opf": '<package xmlns="http://www.idpf.org/2007/opf" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>The Harbour</dc:title>'
        "<dc:creator>Jon Berg</dc:creator><dc:publisher>Quay Press</dc:publisher>"
        "<dc:language>en-GB</dc:language><dc:date>2024-05-06</dc:date></metadata><manifest>"
        f'<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        f'{items}</manifest><spine><itemref idref="nav"/>{refs}</spine></package>',
        "book/nav.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml" '
        'xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc"><ol>'
        f"{links}</ol></nav></body></html>",
    }
    for name, body in chapters.items():
        files[f"book/{name}"] = (
            '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
            f"<head><title>x</title></head>{body}</html>"
        )
    return zipped({"mimetype": "application/epub+zip", **files, **members})
