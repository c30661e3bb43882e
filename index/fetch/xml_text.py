"""Decode XML before it is parsed, and refuse entity declarations."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

from index.fetch.body import BadBody
from index.load.encoding.code_page import WESTERN, code_page, page_of_label

__all__ = ["root_tag", "xml_text"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD = 65_536
_ENCODINGS = re.compile("utf-(8|16|32)|iso|cp|koi8|gb|big5|shift|euc|ascii|mac|tis|hz|johab|kz")
_ENCODING_DECLARATION = re.compile(
    rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})"""
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,400}\?>")
_PROLOG = re.compile(
    r"\s+|<\?.{0,2000}?\?>|<!--.{0,20000}?-->|<!DOCTYPE[^>\[]{0,2000}(\[.{0,20000}?\]\s*)?>",
    re.DOTALL | re.IGNORECASE,
)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]{0,100})")


def xml_text(data: bytes, charset: str | None = None) -> str:
    """Decode an XML document and remove its XML declaration.

    The byte-order mark decides the encoding, then the declaration, then the server's ``charset``;
    where these do not fit it is read as UTF-8, or failing that in the code page that its letters
    tell, which goes before a label of Western Europe too. Raises ``BadBody``
    when the document declares entities: feeds need none, and attacks that expand to gigabytes are
    made of them.
    """
    text = _DECLARATION.sub("", _decode(data, charset), count=1)
    if re.search("<!ENTITY", text, re.IGNORECASE):
        raise BadBody("it declares XML entities, which feeds have no use for and bombs are made of")
    return text


def root_tag(data: bytes, charset: str | None = None) -> str:
    """Return the name of a document's first element, in lower case without prefix; empty when there
    is none near the beginning."""
    text = _decode(data[:_HEAD], charset)
    at = 0
    while match := _PROLOG.match(text, at):
        at = match.end()
    root = _ROOT.match(text, at)
    return root.group(1).rpartition(":")[2].lower() if root else ""


def _decode(data: bytes, charset: str | None) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    declaration = _ENCODING_DECLARATION.match(data)
    for name in (declaration and declaration.group(1).decode(), charset, "utf-8"):
        # Some of Python's codecs are no encodings of documents, and slow.
        with suppress(ValueError, LookupError):
            codec = codecs.lookup(name).name if name else ""
            if codec in WESTERN:
                codec = page_of_label(_words(data), codec)
            if _ENCODINGS.match(codec):
                return data.decode(codec)
    return data.decode(code_page(_words(data)) or "cp1252", errors="replace")


def _words(data: bytes) -> bytes:
    """Return the words between the tags, which tell the code page."""
    return re.sub(rb"<[^<>]*>", b" ", data[:_HEAD])
