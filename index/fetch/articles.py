"""Add the articles behind links to a library: fetch, load and add, link by link."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal, Self

from index.article import Article
from index.errors import FetchError
from index.fetch.address import article_address, canonical, canonical_if_valid
from index.fetch.client import Response
from index.fetch.link import Link
from index.fetch.listing import LinkReader
from index.ingest.batch import AddReport
from index.load import Loaded, Source, load_bytes
from index.load.base import title_from_name
from index.load.html.loader import id_of_url

__all__ = ["LinkAdder", "LinkResult", "Outcome"]

Outcome = Literal["added", "updated", "unchanged", "failed", "more"]


@dataclass(frozen=True, slots=True)
class LinkResult:
    """The result of adding a link.

    ``ids`` are of the articles behind it, ``title`` is that of the first. ``report`` says what was
    added and what failed, of one link perhaps a part. ``more`` is set when a feed or sitemap lists
    more than was asked for.
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
    """Adds the articles behind links.

    Each article is written as soon as it is loaded, so an interrupted run continues where it
    stopped. ``add`` writes articles to the library and reports what it did.
    """

    def __init__(
        self, reader: LinkReader, add: Callable[[Sequence[Loaded]], AddReport], max_chars: int
    ) -> None:
        self._reader = reader
        self._add = add
        self._max_chars = max_chars
        self._seen_urls: set[str] = set()

    def add(self, url: str, limit: int) -> Iterator[LinkResult]:
        """Add the article of a page, or up to ``limit`` of those that a feed or sitemap lists;
        yields results.

        A link that fails is a result like the others, and the rest goes on. Raises what writing to
        a library raises.
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
        for entry in islice(links, limit):
            if isinstance(entry, FetchError):
                yield LinkResult.of_error(entry)
            elif (address := canonical_if_valid(entry.url)) not in self._seen_urls:
                self._seen_urls.add(address)
                yield self.add_link(entry)
        if next(links, None) is not None:
            yield LinkResult(url, "more")

    def add_link(self, link: Link) -> LinkResult:
        """Add the article behind one link; the link's own data fills in what the page does not
        state."""
        try:
            response = self._reader.page(link)
        except FetchError as exc:
            return LinkResult.of_error(exc)
        return self.take(link, response)

    def take(self, link: Link, response: Response) -> LinkResult:
        """Add the article of a page that was fetched already."""
        state = self._reader.stored_state(link.url)
        if response.unchanged:
            ids = state.articles if state else ()
            return LinkResult(link.url, "unchanged", ids, report=AddReport(unchanged=len(ids)))
        if state and state.links:
            # The feed that named the page once said what it said: the page alone is no change.
            link = link.or_else(state.links[0])
        items = list(_load(link, response, self._max_chars))
        report = self._add(items)
        articles = [item for item in items if isinstance(item, Article)]
        if articles and not report.failed:
            self._reader.took(link, response, [article.id for article in articles])
        return LinkResult(
            link.url,
            _outcome(report),
            tuple(article.id for article in articles),
            articles[0].title if articles else "",
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
    items = load_bytes(
        response.data,
        page,
        url=page,
        content_type=response.content_type or None,
        max_chars=max_chars,
    )
    for item in items:
        yield _with_link_data(item, link, page) if isinstance(item, Article) else item


def _with_link_data(article: Article, link: Link, page: str) -> Article:
    """Return the article under its own address, with the link's data where the page states
    nothing."""
    here = Source.of_bytes(b"", page, page)
    has_no_title = article.title in ("", title_from_name(here.stem))
    article = replace(
        article,
        title=(link.title or article.title) if has_no_title else article.title,
        publisher=article.publisher or link.publisher,
        author=article.author or link.author,
        published_at=article.published_at or link.published_at,
    )
    by_place = {id_of_url(article.url or page), here.id()}
    if article.id not in by_place:
        return article
    address = article_address(page, article.url)
    return replace(article, id=id_of_url(address), url=address)
