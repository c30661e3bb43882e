"""Read web archives through fastwarc: each page in them is an article."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from index.errors import LoadError
from index.load.base import Loaded, Source, one_of_many
from index.load.charset import decode_page
from index.load.html import MAX_BYTES, page_article

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

__all__ = ["WarcLoader"]

_CHUNK = re.compile(rb"[0-9a-fA-F]{1,8}[ \t]*(;[^\r\n]{0,200})?\r?\n")
_PAGES = ("text/html", "application/xhtml+xml")


class WarcLoader:
    """``.warc``, plain or compressed: an article for each page with status 200.

    Of a page that was captured more than once the latest capture counts. The archive is read twice,
    record by record, so its size does not matter.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".warc", ".warc.gz", ".warc.zst")
    content_types: ClassVar[tuple[str, ...]] = ("application/warc",)
    max_bytes: ClassVar[int | None] = None

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        latest: dict[str, tuple[str, int]] = {}
        try:
            for number, record in _pages(source):
                capture = (record.headers.get("WARC-Date") or "", number)
                url = _url(record)
                latest[url] = max(capture, latest.get(url, capture))
        except LoadError:
            # It will be met again after what can be read.
            if not latest:
                raise
        if not latest:
            raise source.refused("no page in the archive")
        numbers = {number for _, number in latest.values()}
        for number, record in _pages(source):
            if number in numbers:
                yield _article(record, source, max_chars)


def _pages(source: Source) -> Iterator[tuple[int, WarcRecord]]:
    """Yield the records that hold a page, numbered from 1; each is readable until the next is
    requested."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    with source.open() as file:
        kind = WarcRecordType.response
        records = ArchiveIterator(file, record_types=kind)
        number = 0
        while True:
            number += 1
            try:
                record = next(records, None)
                if record is None:
                    return
                headers = record.http_headers
                page = headers.status_code == 200 and record.http_content_type in _PAGES
            except Exception as exc:  # fastwarc raises what its readers and parsers raise
                reason = f"damaged at record {number}: {exc}"
                raise source.refused(f"{reason}; nothing after it was read") from exc
            if page:
                yield number, record


def _url(record: WarcRecord) -> str:
    return (record.headers.get("WARC-Target-URI") or "").strip("<>")


def _article(record: WarcRecord, source: Source, max_chars: int) -> Loaded:
    url = _url(record)
    place = f"{source.name}#{url}"
    try:
        data = _body(record)
    except Exception as exc:  # as above
        return LoadError(place, f"damaged: {exc}")
    if len(data) > MAX_BYTES:
        return LoadError(place, f"over the limit of {MAX_BYTES:,} bytes a page")
    kind = record.http_headers.get("Content-Type")
    page = Source(place, url or place, data=data, url=url or None, content_type=kind)
    return one_of_many(place, lambda: page_article(decode_page(data, place, kind), page, max_chars))


def _body(record: WarcRecord) -> bytes:
    """Return the body, unpacked, cut off at the limit of a page.

    It is read from the record first and unpacked then: a record that is left in the middle of
    unpacking leaves the archive at a wrong position.
    """
    from fastwarc import stream_io

    headers = record.http_headers
    data = record.reader.read(MAX_BYTES + 1)
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower() and _CHUNK.match(data):
        data = stream_io.ChunkedReader(io.BytesIO(data)).read(MAX_BYTES + 1)
    codings = (headers.get("Content-Encoding") or "").lower().replace(",", " ").split()
    for coding in reversed(codings):
        buffer = io.BytesIO(data)
        # Some crawlers unpack a body and keep the header that says it is packed.
        if coding in ("gzip", "x-gzip") and data.startswith(b"\x1f\x8b"):
            data = stream_io.GzipReader(buffer).read(MAX_BYTES + 1)
        elif coding == "deflate":
            data = stream_io.GzipReader(buffer, zlib=True).read(MAX_BYTES + 1)
        elif coding == "br":
            data = stream_io.BrotliReader(buffer).read(MAX_BYTES + 1)
        elif coding == "zstd":
            data = stream_io.ZstdReader(buffer).read(MAX_BYTES + 1)
    return data
