"""Read sitemaps and sitemap indexes (sitemaps.org), with Google's news tags."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import iterparse

from index.fetch.body import BadBody
from index.fetch.link import Link
from index.text.dates import parse_day
from index.text.normalise import clean_line

__all__ = ["Sitemap", "read_sitemap"]

# What the protocol allows in one file.
_MAX_ENTRIES = 50_000
# A story with a thousand pictures, each of them described.
_MAX_INSIDE = 10_000


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The articles that a sitemap lists, or the sitemaps that an index lists; the last changed
    first where that is stated. ``problem`` says why there may be more."""

    links: tuple[Link, ...] = ()
    sitemaps: tuple[str, ...] = ()
    problem: str | None = None


def read_sitemap(text: str) -> Sitemap:
    """Read a sitemap or an index of sitemaps; of a broken one, what stands before the break.

    text: what :func:`index.fetch.xml_text.xml_text` returns.

    Raises ``BadBody`` when nothing can be read.
    """
    links: dict[str, Link] = {}
    sitemaps: dict[str, str] = {}
    problem = None
    try:
        for name, entry in _entries(text):
            values = dict(_fields(entry))
            url = values.get("loc", "")
            if not url.lower().startswith(("http://", "https://")):
                continue
            if name == "sitemap":
                sitemaps.setdefault(url, values.get("lastmod", ""))
            else:
                links.setdefault(url, _link(url, values))
            if len(links) + len(sitemaps) >= _MAX_ENTRIES:
                problem = f"only the first {_MAX_ENTRIES:,} entries of the sitemap were read"
                break
    except (ParseError, ValueError) as exc:
        problem = f"the sitemap is broken: {exc}"
        if not links and not sitemaps:
            raise BadBody(problem) from exc
    newest = sorted(links.values(), key=_moment, reverse=True)
    return Sitemap(
        tuple(newest), tuple(sorted(sitemaps, key=lambda url: sitemaps[url], reverse=True)), problem
    )


def _entries(text: str) -> Iterator[tuple[str, Element]]:
    """Yield each ``url`` and ``sitemap`` element, and free it afterwards."""
    # No entities get this far; defusedxml makes sure of it.
    stream = io.BytesIO(text.encode(errors="replace"))
    root: Element | None = None
    depth = inside = 0
    for event, element in iterparse(stream, events=("start", "end")):
        if event == "start":
            root = element if root is None else root
            depth, inside = depth + 1, inside + 1
            if inside > _MAX_INSIDE:
                raise ValueError(f"an entry of more than {_MAX_INSIDE:,} elements")
            continue
        depth -= 1
        if depth == 1 and root is not None:
            if (name := _local(element.tag)) in ("url", "sitemap"):
                yield name, element
            root.clear()
            inside = 0


def _fields(entry: Element) -> Iterator[tuple[str, str]]:
    """Yield local names and texts of the elements inside, news tags with their prefix."""
    for child in entry.iter():
        prefix = "news:" if "sitemap-news" in str(child.tag) else ""
        if "sitemap-image" in str(child.tag) or "sitemap-video" in str(child.tag):
            continue
        value = clean_line(child.text or "")
        if value:
            yield prefix + _local(child.tag), value


def _link(url: str, values: dict[str, str]) -> Link:
    return Link(
        url=url,
        title=values.get("news:title"),
        published_at=parse_day(values.get("news:publication_date", "")),
        publisher=values.get("news:name"),
        modified=values.get("lastmod"),
    )


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2].lower()


def _moment(link: Link) -> str:
    return (link.published_at.isoformat() if link.published_at else None) or link.modified or ""
