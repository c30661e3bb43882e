"""Decode web pages, whose encoding labels are often wrong."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from index.errors import LoadError
from index.load.base import decode, unmarked_text
from index.load.encoding.code_page import WESTERN, page_of_label

__all__ = ["decode_page", "without_odd_characters"]

_META = re.compile(rb"""(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9_.:-]{2,40})""")
_XML = re.compile(rb"""(?i)^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([a-z0-9_.:-]{2,40})""")
_TYPE = re.compile(r"""(?i)charset\s*=\s*["']?([a-z0-9_.:-]{2,40})""")
# What browsers read in place of what the label says (WHATWG Encoding, "Names and labels").
_READ_AS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
}
_SAMPLE = 65_536
# Characters that no page may hold and many do, out of word processors and PDF; the same as
# numbers. libxml2 reads them and refuses to write them.
_ODD = re.compile("\x1b\\[[0-9;]{0,16}[A-Za-z]|[\x00-\x08\x0e-\x1f\ufffe\uffff]")
# Line and page ends of word processors are spaces between words, and nothing elsewhere.
_ODD_SPACES = re.compile("[\x0b\x0c]")
_SPACE_BETWEEN = re.compile(r"(?<=\S)[\x0b\x0c]+(?=[^\s\x0b\x0c)\]}.,;:!?”’»])")
_NUMERIC_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}));?")
# Text in two or four bytes a character holds far more zero bytes than this, as do pictures.
_MOST_ZEROS = 0.02


def decode_page(data: bytes, source: str, content_type: str | None = None) -> str:
    """Decode a page.

    A byte-order mark wins; valid UTF-8 is UTF-8 whatever the labels say; then come the server's
    label and the page's own, each if its text is plausible; then a guess. Stray bytes in UTF-8
    become U+FFFD: a reader cannot repair a page. ``LoadError`` for binary data and where no
    encoding fits.
    """
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return decode(data, source)
    labels = _labels(data, content_type)
    for label in labels:
        # These write text in ASCII bytes or with zero bytes, so other tests would misread them.
        if label.startswith(("utf-16", "utf-32", "iso2022")) and (text := _strict(data, label)):
            return text
    if (wide := unmarked_text(data)) is not None:
        return wide
    if zeros := data.count(0):
        if zeros > _MOST_ZEROS * len(data):
            raise LoadError(source, "binary data, not a page (it holds zero bytes)")
        data = data.replace(b"\x00", b"")
    text = data.decode(errors="replace")
    stray = text.count("\ufffd")
    if sum(char > "\x7f" for char in text) > 2 * stray or not stray:
        return text
    return _decode_by_label(data, labels) or decode(data, source)


def without_odd_characters(page: str) -> str:
    """Remove control characters and noncharacters, also those written as numeric references."""
    page = _NUMERIC_REFERENCE.sub(_sound, _ODD.sub("", page))
    return _ODD_SPACES.sub("", _SPACE_BETWEEN.sub(" ", page))


def _sound(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    if number in (0x0B, 0x0C):
        return chr(number)
    odd = number < 0x20 and number not in (0x09, 0x0A, 0x0D)
    return "" if odd or number > 0x10FFFF or number & 0xFFFE == 0xFFFE else match[0]


def _labels(data: bytes, content_type: str | None) -> list[str]:
    head = data[:4096]
    names = [match[1] for match in [_TYPE.search(content_type or "")] if match]
    names += [match[1].decode() for match in (_XML.search(head), _META.search(head)) if match]
    labels = []
    for name in names:
        try:
            labels.append(codecs.lookup(name).name)
        except LookupError:
            continue
    return labels


def _decode_by_label(data: bytes, labels: list[str]) -> str | None:
    """Return the page in the first of its labels that charset-normalizer finds possible, and in
    place of a label of Western Europe in the code page that its letters tell."""
    # Mark-up is ASCII and drowns the few bytes that tell encodings apart.
    visible = re.sub(rb"<[^<>]*>", b" ", data)
    first = next((at for at, byte in enumerate(visible) if byte > 0x7F), 0)
    sample = visible[max(0, first - 1024) : first + _SAMPLE]
    for label in labels:
        encoding = _READ_AS.get(label, label)
        if encoding == "utf-8":
            continue
        if encoding in WESTERN:
            encoding = page_of_label(sample, encoding)
        text = _strict(data, encoding)
        if text is not None and from_bytes(sample, cp_isolation=[encoding]).best() is not None:
            return text
    return None


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (ValueError, LookupError):
        # Some of Python's codecs are no encodings, and say so in their own way.
        return None
