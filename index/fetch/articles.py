"""From links to articles of a library: fetched, loaded, added, link by link."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal, Self

import httpx2

from index.article import Article
from index.errors import FetchError
from index.fetch.address import article_address, canonical
from index.fetch.client import Response
from index.fetch.link import Link
from index.fetch.listing import Reader
from index.ingest.batch import AddReport
from index.load import Loaded, Source, load_bytes
from index.load.base import title_from_name
from index.load.html import id_of_url

__all__ = ["LinkAdder", "LinkResult", "Outcome"]

Outcome = Literal["added", "updated", "unchanged", "failed", "more"]


@dataclass(frozen=True, slots=True)
class LinkResult:
    """What came of one link. ``ids`` are of the articles behind it, ``title`` of the first.

    ``report`` says what was done and what failed, of one link perhaps a part. ``more`` is said
    of a feed or sitemap that lists more than was asked for.
    """

    url: str
    outcome: Outcome
    ids: tuple[str, ...] = ()
    title: str = ""
    report: AddReport = field(default_factory=AddReport)

    @classmethod
    def of_error(cls, error: FetchError) -> Self:
        return cls(error.source, "failed", report=AddReport(failed=[error]))


class LinkAdder:
    """Adds what is behind links. Each article is written as it comes, so that what is
    interrupted goes on where it was.

    ``add`` writes articles to the library and says what it did.
    """

    def __init__(
        self, reader: Reader, add: Callable[[Sequence[Loaded]], AddReport], max_chars: int
    ) -> None:
        self._reader = reader
        self._add = add
        self._max_chars = max_chars
        self._seen: set[str] = set()

    def add(self, url: str, limit: int) -> Iterator[LinkResult]:
        """The article of a page, or up to ``limit`` of those that a feed or sitemap lists.

        What cannot be had is a result like the others, and the rest goes on. Raises what
        writing to a library raises.
        """
        try:
            listing = self._reader.listing(url)
        except FetchError as exc:
            yield LinkResult.of_error(exc)
            return
        if listing.page is not None:
            yield self.take(Link(url), listing.page)
            return
        links = iter(listing.links)
        for each in islice(links, limit):
            if isinstance(each, FetchError):
                yield LinkResult.of_error(each)
            elif (address := _address(each.url)) not in self._seen:
                self._seen.add(address)
                yield self.add_link(each)
        if next(links, None) is not None:
            yield LinkResult(url, "more")

    def add_link(self, link: Link) -> LinkResult:
        """The article behind one link; what the link says of it fills what its page leaves out."""
        try:
            response = self._reader.page(link)
        except FetchError as exc:
            return LinkResult.of_error(exc)
        return self.take(link, response)

    def take(self, link: Link, response: Response) -> LinkResult:
        """The article of a page that is there already."""
        known = self._reader.known(link.url)
        if response.unchanged:
            ids = known.articles if known else ()
            return LinkResult(link.url, "unchanged", ids, report=AddReport(unchanged=len(ids)))
        if known and known.links:
            # The feed that named the page once said what it said: the page alone is no change.
            link = link.or_else(known.links[0])
        loaded = list(_load(link, response, self._max_chars))
        report = self._add(loaded)
        found = [each for each in loaded if isinstance(each, Article)]
        if found and not report.failed:
            self._reader.took(link, response, [each.id for each in found])
        return LinkResult(
            link.url,
            _outcome(report),
            tuple(each.id for each in found),
            found[0].title if found else "",
            report,
        )


def _outcome(report: AddReport) -> Outcome:
    if report.added:
        return "added"
    if report.updated:
        return "updated"
    return "failed" if report.failed and not report.unchanged else "unchanged"


def _load(link: Link, response: Response, max_chars: int) -> Iterator[Loaded]:
    page = canonical(response.url)
    loaded = load_bytes(
        response.data,
        page,
        url=page,
        content_type=response.content_type or None,
        max_chars=max_chars,
    )
    for each in loaded:
        yield _settled(each, link, page) if isinstance(each, Article) else each


def _settled(article: Article, link: Link, page: str) -> Article:
    """The article under the address that is its own, with what the link says where the page
    says nothing."""
    here = Source.of_bytes(b"", page, page)
    untitled = article.title in ("", title_from_name(here.stem))
    article = replace(
        article,
        title=(link.title or article.title) if untitled else article.title,
        publisher=article.publisher or link.publisher,
        author=article.author or link.author,
        published_at=article.published_at or link.published_at,
    )
    by_place = {id_of_url(article.url or page), here.id()}
    if article.id not in by_place:
        return article
    address = article_address(page, article.url)
    return replace(article, id=id_of_url(address), url=address)


def _address(url: str) -> str:
    try:
        return canonical(url)
    except (httpx2.InvalidURL, ValueError):
        return url
