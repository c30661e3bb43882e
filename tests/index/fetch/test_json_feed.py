from __future__ import annotations

import json
from datetime import date

import pytest

from index.errors import FetchError
from index.fetch.body import BadBody
from index.fetch.json_feed import is_json_feed, read_json_feed
from index.fetch.link import Link
from index.fetch.listing_reader import read_listing
from index.fetch.media import readable

URL = "https://quay.example/feed.json"
ITEM = {
    "id": "1",
    "url": "/pier",
    "title": "Pier shut",
    "date_published": "2025-03-04T23:40:00-05:00",
    "authors": [{"name": "Ada Roe"}, {"name": "Reuters"}],
}


def feed(*items: object) -> bytes:
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": "The Quay", "items": items}).encode()


def test_an_item_is_a_link() -> None:
    listed = read_listing(
        "feed", feed(ITEM, ITEM, {"title": "x"}, 7), URL, "application/json", 10**6
    )
    assert listed.links == (
        Link(
            "https://quay.example/pier",
            "Pier shut",
            date(2025, 3, 4),
            "Ada Roe",
            "The Quay",
            "2025-03-04T23:40:00-05:00",
        ),
    )
    assert listed.problems == ("item 3 has no link", "item 4 has no link")


def test_it_is_told_by_its_version() -> None:
    assert is_json_feed(feed())
    assert is_json_feed(feed().replace(b"/", b"\\/"))
    assert not is_json_feed(b'{"items": []}')
    assert not is_json_feed(b"<p>https://jsonfeed.org/version/1</p>")


def test_what_is_none_is_refused() -> None:
    with pytest.raises((BadBody, FetchError), match="no JSON Feed"):
        read_listing("feed", b'{"items": 3}', URL, "application/feed+json", 10**6)


@pytest.mark.parametrize("kind", ["application/feed+json", "application/json; charset=utf-8"])
def test_it_is_received(kind: str) -> None:
    assert readable(kind, "/feed")


@pytest.mark.parametrize(
    "fields",
    [
        {"authors": ["Ada Roe"]},
        {"author": "Ada Roe"},
        {"authors": [{"name": "Ada Roe"}, 3, None]},
        {"authors": {"name": "Ada Roe"}},
    ],
)
def test_authors_in_other_forms_cost_no_item(fields: dict[str, object]) -> None:
    feed = {"title": None, "items": [{"url": "https://a.example/1", **fields}]}
    (link,) = read_json_feed(json.dumps(feed), "https://a.example/feed")
    assert isinstance(link, Link)
    assert (link.author, link.publisher) == ("Ada Roe", None)
