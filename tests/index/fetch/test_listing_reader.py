"""Feeds and sitemaps are parsed in a process that may be lost."""

from __future__ import annotations

import ctypes
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from index.fetch import feeds, listing_reader, sitemaps
from index.fetch.body import BadBody
from index.fetch.link import Link
from index.fetch.listing_reader import read_listing
from index.load import Source
from tests.index.fetch.test_listing import NEWS, RSS, SITEMAP

RSS_TYPE, XML_TYPE = "application/rss+xml; charset=utf-8", "application/xml"


class Crash:
    def load(self, source: Source, limit: int) -> Iterator[Any]:
        ctypes.string_at(0)
        yield None


@dataclass(frozen=True)
class Listed:
    links: tuple[dict[str, Any], ...]


class Lie:
    def load(self, source: Source, limit: int) -> Iterator[Any]:
        yield Listed(({"url": ["no", "address"]},))


def test_neither_is_parsed_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def here(*args: object) -> None:
        raise AssertionError("parsed here")

    monkeypatch.setattr(feeds, "read_feed", here)
    monkeypatch.setattr(sitemaps, "read_sitemap", here)
    feed = read_listing("feed", RSS.encode(), f"{NEWS}/feed", RSS_TYPE, 1 << 20)
    assert feed.links[0].title == "Chips & cables"
    assert isinstance(feed.links[0], Link)
    assert "has no link" in feed.problems[0]
    packed = gzip.compress(SITEMAP.encode())
    sitemap = read_listing("sitemap", packed, f"{NEWS}/map.gz", XML_TYPE, 1 << 20)
    assert [link.publisher for link in sitemap.links] == ["The Wire", None]


@pytest.mark.parametrize(
    ("kind", "data", "reason"),
    [
        ("feed", b"<rss", "no feed"),
        ("feed", b'<!DOCTYPE rss [<!ENTITY a "ha">]><rss/>', "entities"),
        ("sitemap", b"<urlset><url>", "broken"),
        ("sitemap", gzip.compress(b" " * 5_000_000), "1,000,000"),
    ],
)
def test_a_bad_one_costs_a_reason(kind: Any, data: bytes, reason: str) -> None:
    with pytest.raises(BadBody, match=reason):
        read_listing(kind, data, f"{NEWS}/feed", XML_TYPE, 1_000_000)


@pytest.mark.parametrize(("parser", "reason"), [(Crash, "crashed"), (Lie, "no feed")])
def test_a_lost_or_lying_process_costs_a_reason(
    monkeypatch: pytest.MonkeyPatch, parser: type, reason: str
) -> None:
    monkeypatch.setattr(listing_reader, "FeedParser", parser)
    with pytest.raises(BadBody, match=reason):
        read_listing("feed", b"<rss/>", f"{NEWS}/feed", RSS_TYPE, 1 << 20)
