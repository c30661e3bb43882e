"""Read RSS and Atom, also malformed, through feedparser."""

from __future__ import annotations

import html
import io
import re
from datetime import date
from typing import Any

import feedparser

from index.errors import FetchError
from index.fetch.body import BadBody
from index.fetch.link import Link
from index.text.agencies import is_agency
from index.text.dates import parse_day
from index.text.normalise import clean_line

__all__ = ["MAX_FEED_BYTES", "read_feed"]

# The most that feedparser is given: every tag costs it a tenth of a millisecond, and what is
# made of them several times their memory.
MAX_FEED_BYTES = 8 * 1024 * 1024
MAX_FEED_TAGS = 100_000
# RFC 822, which RSS goes by, has years of two digits. Before 2000 there was no RSS.
_SHORT_YEAR = re.compile(r"\A((?:\w{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+)(\d\d)(\s+\d\d:\d\d)")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_DC_DATE = re.compile(r"<[\w.-]+:date[\s>]")
_CHANGE = re.compile(r"<(?:[\w.-]+:)?(?:updated|modified)[\s/>]")


def read_feed(text: str, url: str) -> list[Link | FetchError]:
    """Read the links of a feed, in its order, without repetitions; an entry without a link is a
    ``FetchError``.

    text: what :func:`index.fetch.xml_text.xml_text` returns.
    url: where it came from.

    Raises ``BadBody`` when it is no feed or too large.
    """
    data = text.encode(errors="replace")
    if len(data) > MAX_FEED_BYTES:
        raise BadBody(f"the feed is larger than {MAX_FEED_BYTES:,} bytes")
    if text.count("<") > MAX_FEED_TAGS:
        raise BadBody(f"the feed has more than {MAX_FEED_TAGS:,} tags")
    feed = feedparser.parse(
        io.BytesIO(data),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": url,
        },
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not feed.version and not feed.entries:
        raise BadBody("it is no feed that can be read")
    publisher = _line(feed.feed.get("title"))
    # feedparser calls dc:date a change. Where nothing says when an entry was changed it is the day
    # of publication, as RSS 1.0 has no other.
    dc_only = bool(_DC_DATE.search(text)) and not _CHANGE.search(text)
    entries: dict[str, Link | FetchError] = {}
    for number, entry in enumerate(feed.entries, start=1):
        link = _link(entry, publisher, dc_only)
        if link is None:
            name = _line(entry.get("title")) or "untitled"
            entries[f"\n{number}"] = FetchError(url, f"entry {number} ({name[:80]}) has no link")
        else:
            entries.setdefault(link.url, link)
    return list(entries.values())


def _link(entry: Any, publisher: str | None, dc_only: bool) -> Link | None:
    url = _line(entry.get("link"))
    if not url or not url.lower().startswith(("http://", "https://")):
        return None
    source = entry.get("source")
    author = _line(entry.get("author")) or ""
    return Link(
        url=url,
        title=_title(entry),
        published_at=_day(entry, dc_only),
        author=None if is_agency(author) else author or None,
        publisher=_line(source.get("title")) if source else publisher,
        # Its own ``get`` answers with another date, and a warning.
        modified=_line(dict.get(entry, "updated")) or _line(entry.get("published")),
    )


def _title(entry: Any) -> str | None:
    title, detail = entry.get("title"), entry.get("title_detail")
    if isinstance(title, str) and detail and "html" in str(detail.get("type")):
        title = html.unescape(_TAG.sub("", title))
    return _line(title)


def _line(value: object) -> str | None:
    return (clean_line(value) or None) if isinstance(value, str) else None


def _day(entry: Any, dc_only: bool) -> date | None:
    """Read the day that the feed states, in its own time zone.

    feedparser's own value is in UTC, with missing parts filled in from today.
    """
    text = _line(dict.get(entry, "published"))
    if text is None and dc_only:
        text = _line(dict.get(entry, "updated"))
    return parse_day(_SHORT_YEAR.sub(r"\g<1>20\2\3", text)) if text else None
