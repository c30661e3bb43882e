"""Read web archives through fastwarc: each page in them is an article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from index.errors import LoadError
from index.load.archives.http_body import unpack
from index.load.base import Loaded, Source, one_of_many
from index.load.encoding.charset import decode_page
from index.load.html.loader import MAX_BYTES, page_article

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

__all__ = ["WarcLoader"]

_OK = 200
_PAGES = ("text/html", "application/xhtml+xml")


class WarcLoader:
    """``.warc``, plain or compressed: an article for each page, of a response with status 200 or of
    a resource that was archived without one.

    Of a page that was captured more than once the latest capture counts. The archive is read twice,
    record by record, so its size does not matter.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".warc", ".warc.gz", ".warc.zst")
    content_types: ClassVar[tuple[str, ...]] = ("application/warc",)
    max_bytes: ClassVar[int | None] = None

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        latest: dict[str, tuple[str, int]] = {}
        others: Counter[str] = Counter()
        try:
            for number, record in _pages(source, others):
                capture = (record.headers.get("WARC-Date") or "", number)
                url = _url(record)
                latest[url] = max(capture, latest.get(url, capture))
        except LoadError:
            # It will be met again after what can be read.
            if not latest:
                raise
        if not latest:
            kinds = ", ".join(f"{count:,} of {kind}" for kind, count in others.most_common(3))
            raise source.refused(f"no page in the archive{f' ({kinds})' if kinds else ''}")
        numbers = {number for _, number in latest.values()}
        for number, record in _pages(source):
            if number in numbers:
                yield _article(record, source, max_chars)


def _pages(source: Source, others: Counter[str] | None = None) -> Iterator[tuple[int, WarcRecord]]:
    """Yield the records that hold a page, numbered from 1; each is readable until the next is
    requested. ``others`` counts what the rest holds."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    with source.open() as file:
        kinds = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
        records = ArchiveIterator(file, record_types=kinds)
        number = 0
        while True:
            number += 1
            try:
                record = next(records, None)
                if record is None:
                    return
                status, media_type = _kind(record)
            except Exception as exc:  # fastwarc raises what its readers and parsers raise
                reason = f"damaged at record {number}: {exc}"
                raise source.refused(f"{reason}; nothing after it was read") from exc
            if status == _OK and media_type in _PAGES:
                yield number, record
            elif others is not None:
                others[media_type if status == _OK else f"status {status}"] += 1


def _kind(record: WarcRecord) -> tuple[int, str]:
    """Return the status (200 for what was archived without a response) and the media type."""
    headers = record.http_headers
    if headers is None:
        kind = (record.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        return _OK, kind or "an unknown kind"
    return headers.status_code or 0, (record.http_content_type or "an unknown kind").lower()


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
    kind = (record.http_headers or record.headers).get("Content-Type")
    page = Source(place, url or place, data=data, url=url or None, content_type=kind)
    return one_of_many(place, lambda: page_article(decode_page(data, place, kind), page, max_chars))


def _body(record: WarcRecord) -> bytes:
    """Return the body, unpacked, cut off at the limit of a page.

    It is read from the record first and unpacked then: a record that is left in the middle of
    unpacking leaves the archive at a wrong position.
    """
    headers = record.http_headers
    data = record.reader.read(MAX_BYTES + 1)
    if headers is None:
        return data
    return unpack(
        data, headers.get("Transfer-Encoding") or "", headers.get("Content-Encoding") or ""
    )
