"""Read RSS and Atom, also malformed, through feedparser, and JSON Feed."""

from __future__ import annotations

import html
import io
import re
from datetime import date
from typing import Any

import feedparser
from lxml.html import defs

from index.errors import FetchError
from index.fetch.body import BadBody
from index.fetch.json_feed import read_json_feed
from index.fetch.link import Link
from index.load.people import people_named
from index.text.dates import parse_day
from index.text.normalise import clean_line

__all__ = ["MAX_FEED_BYTES", "read_feed"]

# The most that feedparser is given: every tag costs it a tenth of a millisecond, and what is
# made of them several times their memory.
MAX_FEED_BYTES = 8 * 1024 * 1024
MAX_FEED_TAGS = 100_000
# RFC 822, which RSS goes by, has years of two digits. Before 2000 there was no RSS.
_SHORT_YEAR = re.compile(r"\A((?:\w{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+)(\d\d)(\s+\d\d:\d\d)")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*)?/?>")
_ADDRESS_WITH_NAME = re.compile(r"\A\S+@\S+\s*\((.+)\)\Z")
# Between what these set apart there is a space.
_BREAKS = frozenset({"br", "p", "div", "li", "h1", "h2", "h3"})
# What feeds add to the name of the outlet.
_FEED_WORDS = re.compile(
    r"(?i)\s*(?:[-–—|:»(]\s*|\b)(?:(?:rss|atom|news|xml)[ -]?)?(?:rss|atom|feed)s?\)?\s*\Z"
)
_DC_DATE = re.compile(r"<[\w.-]+:date[\s>]")
_CHANGE = re.compile(r"<(?:[\w.-]+:)?(?:updated|modified)[\s/>]")


def read_feed(text: str, url: str) -> list[Link | FetchError]:
    """Read the links of a feed, in its order, without repetitions; an entry without a link is a
    ``FetchError``.

    text: what :func:`index.fetch.xml_text.xml_text` returns.
    url: where it came from.

    Raises ``BadBody`` when it is no feed or too large.
    """
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return read_json_feed(text, url)
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
    # Where nothing stands behind the declaration, feedparser says no version at all.
    if not feed.get("version") and not feed.entries:
        raise BadBody("it is no feed that can be read")
    publisher = _FEED_WORDS.sub("", _line(feed.feed.get("title")) or "") or None
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
    return Link(
        url=url,
        title=_title(entry),
        published_at=_day(entry, dc_only),
        author=_author(entry),
        publisher=_line(source.get("title")) if source else publisher,
        # Its own ``get`` answers with another date, and a warning.
        modified=_line(dict.get(entry, "updated")) or _line(entry.get("published")),
    )


def _author(entry: Any) -> str | None:
    """Return the names of the people who wrote an entry; of an address only its name."""
    names = [_line(person.get("name")) or "" for person in entry.get("authors") or [] if person]
    if len(names) < 2:
        # feedparser takes addresses apart for itself, not always where they end.
        names = [_ADDRESS_WITH_NAME.sub(r"\1", _line(entry.get("author")) or "")]
    people = [person for name in names for person in people_named(name)]
    return "; ".join(dict.fromkeys(people)) or None


def _title(entry: Any) -> str | None:
    title = entry.get("title")
    if not isinstance(title, str):
        return None
    bare = _TAG.sub(_tag_as_text, title)
    is_html = "html" in str((entry.get("title_detail") or {}).get("type"))
    return _line(html.unescape(bare) if is_html or bare != title else bare)


def _tag_as_text(match: re.Match[str]) -> str:
    """Remove a tag of HTML; what only looks like one stays."""
    name = match[1].lower()
    if name not in defs.tags:
        return match[0]
    return " " if name in _BREAKS else ""


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
