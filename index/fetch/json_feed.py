"""Read JSON Feed (jsonfeed.org, versions 1 and 1.1)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import FetchError
from index.fetch.body import BadBody
from index.fetch.link import Link
from index.load.html.json_ld import names_of
from index.load.people import people_named
from index.text.dates import parse_day
from index.text.normalise import clean_line

__all__ = ["is_json_feed", "read_json_feed"]

_VERSION = b"//jsonfeed.org/version/1"
_HEAD = 4_096


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class _Item(_Loose):
    id: str | None = None
    url: str | None = None
    title: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    authors: Any = None
    author: Any = None


class _Feed(_Loose):
    title: str | None = None
    items: list[Any]


def is_json_feed(data: bytes) -> bool:
    """Whether a document begins as a JSON Feed does: with its version."""
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").replace(b"\\/", b"/")
    return head.startswith(b"{") and _VERSION in head


def read_json_feed(text: str, url: str) -> list[Link | FetchError]:
    """Read the links of a feed, in its order, without repetitions; an item without a link is a
    ``FetchError``.

    url: where it came from. Raises ``BadBody`` when it is no such feed.
    """
    try:
        feed = _Feed.model_validate_json(text.lstrip("\ufeff"))
    except ValidationError as exc:
        raise BadBody("it is no JSON Feed that can be read") from exc
    entries: dict[str, Link | FetchError] = {}
    for number, values in enumerate(feed.items, start=1):
        link = _link(values, feed.title or "", url)
        if link is None:
            entries[f"\n{number}"] = FetchError(url, f"item {number} has no link")
        else:
            entries.setdefault(link.url, link)
    return list(entries.values())


def _link(values: Any, publisher: str, base: str) -> Link | None:
    try:
        item = _Item.model_validate(values)
        address = urljoin(base, item.url or item.id or "")
    except ValueError:
        return None
    if not (item.url or item.id) or not address.lower().startswith(("http://", "https://")):
        return None
    # Objects with a name, by the standard; many are the names themselves.
    names = names_of(item.authors or item.author)
    people = [person for name in names for person in people_named(name)]
    return Link(
        url=address,
        title=clean_line(item.title or "") or None,
        published_at=parse_day(item.date_published) if item.date_published else None,
        author="; ".join(dict.fromkeys(people)) or None,
        publisher=clean_line(publisher) or None,
        modified=item.date_modified or item.date_published,
    )
