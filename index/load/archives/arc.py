"""Read web archives in the format before WARC, which the Internet Archive used until 2008."""

from __future__ import annotations

import gzip
import http.client
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, ClassVar, cast

from index.errors import LoadError
from index.load.archives.http_body import unpack
from index.load.base import Loaded, Source, one_of_many
from index.load.encoding.charset import decode_page
from index.load.html.loader import MAX_BYTES, page_article

__all__ = ["ArcLoader"]

# URL, address, moment (14 digits), content type, in the second version more, and the length.
_HEAD = re.compile(rb"(\S.*?) \S+ (\d{14}) (\S+) (?:.* )?(\d+)\s*$")
_STATUS = re.compile(rb"HTTP/[\d.]+ 200\b")
_LINE = 65_536
_PAGES = (b"text/html", b"application/xhtml+xml")
# Where the line of a record does not say what it is, the headers of its page do.
_NO_TYPES = (b"no-type", b"unknown", b"-")
_HEADER_TYPE = re.compile(rb"(?i)(?:.*\n){1,60}?content-type:[ \t]*([^\s;]+)")


@dataclass(frozen=True, slots=True)
class _Record:
    url: str
    timestamp: bytes
    body: bytes
    is_page: bool


class ArcLoader:
    """``.arc``, plain or compressed: an article for each page with status 200.

    Of a page that was captured more than once the latest capture counts. The archive is read twice,
    record by record.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".arc", ".arc.gz")
    content_types: ClassVar[tuple[str, ...]] = ("application/x-internet-archive",)
    max_bytes: ClassVar[int | None] = None

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        latest: dict[str, bytes] = {}
        try:
            for record in _records(source):
                if record.is_page:
                    latest[record.url] = max(record.timestamp, latest.get(record.url, b""))
        except LoadError:
            # It will be met again after what can be read.
            if not latest:
                raise
        if not latest:
            raise source.refused("no page in the archive")
        for record in _records(source):
            if record.is_page and latest.get(record.url) == record.timestamp:
                del latest[record.url]
                yield _article(record, source, max_chars)


def _records(source: Source) -> Iterator[_Record]:
    with source.open() as raw:
        is_gzip = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        file = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if is_gzip else raw
        number = 0
        try:
            while line := file.readline(_LINE):
                if not line.strip():
                    continue
                number += 1
                match = _HEAD.match(line)
                if match is None:
                    raise ValueError("a line that begins no record")
                yield _read(file, match)
        except (OSError, EOFError, ValueError, zlib.error) as exc:
            reason = f"damaged at record {number}: {exc}"
            raise source.refused(f"{reason}; nothing after it was read") from exc


def _read(file: BinaryIO, head: re.Match[bytes]) -> _Record:
    url, timestamp, kind, length = head.groups()
    remaining = int(length)
    data = file.read(min(remaining, MAX_BYTES + _LINE))
    remaining -= len(data)
    while remaining > 0 and (chunk := file.read(min(remaining, 1 << 20))):
        remaining -= len(chunk)
    if remaining > 0:
        raise EOFError("the archive ends within it")
    if kind.lower() in _NO_TYPES and (header_type := _HEADER_TYPE.match(data[:_LINE])):
        kind = header_type[1]
    is_page = kind.partition(b";")[0].lower() in _PAGES and bool(_STATUS.match(data))
    return _Record(url.decode(errors="replace"), timestamp, data, is_page)


def _article(record: _Record, source: Source, max_chars: int) -> Loaded:
    place = f"{source.name}#{record.url}"
    file = io.BytesIO(record.body)
    file.readline()
    try:
        headers = http.client.parse_headers(file)
        kind = headers.get("Content-Type")
        data = unpack(
            file.read(), headers.get("Transfer-Encoding", ""), headers.get("Content-Encoding", "")
        )
    except Exception as exc:  # http.client and fastwarc raise what their parsers raise
        return LoadError(place, f"damaged: {exc}")
    if len(data) > MAX_BYTES:
        return LoadError(place, f"over the limit of {MAX_BYTES:,} bytes a page")
    page = Source(place, record.url, data=data, url=record.url, content_type=kind)
    return one_of_many(place, lambda: page_article(decode_page(data, place, kind), page, max_chars))
