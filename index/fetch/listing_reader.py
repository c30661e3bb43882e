"""Read feeds and sitemaps in the process in which loaders run (:mod:`index.load.isolate`).

They are XML of strangers, as pages are: one that crashes the parser or exhausts its memory must not
harm this process.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import TypeAdapter, ValidationError

from index.errors import FetchError, LoadError
from index.fetch.body import BadBody, gunzip, is_gzip
from index.fetch.link import Link
from index.fetch.media import charset
from index.fetch.xml_text import xml_text
from index.load.base import Source
from index.load.isolate import Limits, Record, isolated

__all__ = ["FeedParser", "ListedLinks", "SitemapParser", "read_listing"]


@dataclass(frozen=True, slots=True)
class ListedLinks:
    """The content of a feed or sitemap: articles, further sitemaps, and entries that could not be
    read."""

    links: tuple[Link, ...] = ()
    sitemaps: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


class FeedParser:
    """Reads RSS, Atom and JSON Feed in the other process."""

    def load(self, source: Source, max_bytes: int) -> Iterator[ListedLinks]:
        """Yield the links of one feed. ``LoadError`` when it is none."""
        # feedparser is imported with the first feed, where it is used.
        from index.fetch.feeds import read_feed

        try:
            text = xml_text(source.data or b"", charset(source.content_type or ""))
            entries = read_feed(text, source.url or source.name)
        except BadBody as exc:
            raise source.refused(str(exc)) from exc
        links = tuple(entry for entry in entries if isinstance(entry, Link))
        problems = tuple(entry.reason for entry in entries if isinstance(entry, FetchError))
        yield ListedLinks(links, problems=problems)


class SitemapParser:
    """Reads sitemaps and indexes of them in the other process."""

    def load(self, source: Source, max_bytes: int) -> Iterator[ListedLinks]:
        """Yield the content of one sitemap; unpacked it may have ``max_bytes``. ``LoadError`` when
        it is none."""
        from index.fetch.sitemaps import read_sitemap

        data = source.data or b""
        try:
            data = gunzip(data, max_bytes) if is_gzip(data) else data
            sitemap = read_sitemap(xml_text(data, charset(source.content_type or "")))
        except BadBody as exc:
            raise source.refused(str(exc)) from exc
        problems = (sitemap.problem,) if sitemap.problem else ()
        yield ListedLinks(sitemap.links, sitemap.sitemaps, problems)


_LIMITS: Final = Limits()
_adapter: Final = TypeAdapter(ListedLinks)


def read_listing(
    kind: Literal["feed", "sitemap"], data: bytes, url: str, content_type: str, max_bytes: int
) -> ListedLinks:
    """Read a feed or sitemap. ``BadBody`` when it cannot be read.

    data: as received, a sitemap perhaps packed.
    url: where it came from.
    content_type: as the server states it.
    max_bytes: the most that it may have unpacked.
    """
    parser = FeedParser() if kind == "feed" else SitemapParser()
    source = Source.of_bytes(data, url, url, content_type)
    try:
        (record,) = isolated(parser, source, max_bytes, _LIMITS)
        if not isinstance(record, Record):
            raise BadBody(f"its reader answered with what is no {kind}")
        return _adapter.validate_python(record.values)
    except LoadError as exc:
        raise BadBody(exc.reason) from exc
    except (ValidationError, ValueError) as exc:
        raise BadBody(f"its reader answered with what is no {kind}") from exc
