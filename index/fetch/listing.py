"""Read what is behind a link: a page, or a feed or sitemap that lists pages."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.errors import FetchError
from index.fetch.body import BadBody, gunzip, is_gzip
from index.fetch.client import Client, Response
from index.fetch.json_feed import is_json_feed
from index.fetch.link import Link
from index.fetch.listing_reader import read_listing
from index.fetch.media import charset, media_type
from index.fetch.states import FetchStates, Kind, State
from index.fetch.xml_text import root_tag

__all__ = ["MAX_LISTED", "MAX_SITEMAPS", "LinkReader", "Listing"]

# Of one sitemap with all that it leads to.
MAX_SITEMAPS = 200
MAX_LISTED = 100_000
_HEAD = 65_536
_FEED_TYPES = {
    *("application/rss+xml", "application/atom+xml", "application/rdf+xml"),
    "application/feed+json",
}
_FEEDS = {"rss", "feed", "rdf"}
_SITEMAPS = {"urlset", "sitemapindex"}


@dataclass(frozen=True, slots=True)
class Listing:
    """The links behind a link, or the page that it is.

    ``links``: the articles that a feed or sitemap lists now, in its order (a sitemap's newest
    first), without repetitions; further sitemaps are fetched as the iteration reaches them. A
    ``FetchError`` among them is an entry or a sitemap that could not be read. For a page there is
    one link, and ``page`` is its response. ``unchanged``: the server says that nothing changed.
    """

    kind: Kind
    links: Iterator[Link | FetchError]
    page: Response | None = None
    unchanged: bool = False


class LinkReader:
    """Reads links, with conditional requests for those that were read before.

    ``has`` says whether the library holds the articles of these ids: a request is conditional only
    if it does. Validators are stored for the next time, unless ``remember`` is off. Not for use by
    two threads at once.
    """

    def __init__(
        self,
        client: Client,
        states: FetchStates,
        has: Callable[[Sequence[str]], bool],
        remember: bool = True,
    ) -> None:
        self._client = client
        self._states = states
        self._has = has
        self._remember = remember

    def listing(self, url: str) -> Listing:
        """Read the page, feed or sitemap of a link. Raises ``FetchError`` when that fails."""
        state, response = self._state(url)
        if state.kind == "page":
            return Listing("page", iter([Link(url)]), response, response.unchanged)
        links = self._sitemap_links(url, state) if state.kind == "sitemap" else _state_links(state)
        return Listing(state.kind, links, unchanged=response.unchanged)

    def page(self, link: Link) -> Response:
        """Fetch the page of a link to an article. Raises ``FetchError`` when that fails."""
        state = self.stored_state(link.url)
        return self._client.get(link.url, state.validators if state else None)

    def stored_state(self, url: str) -> State | None:
        """Return the state of a link when it was last read; ``None`` if articles of it have been
        removed since."""
        state = self._states.get(url)
        if state and state.kind == "page" and not (state.articles and self._has(state.articles)):
            return None
        return state

    def took(self, link: Link, response: Response, articles: Sequence[str]) -> None:
        """Store that the library has the articles of a page, and what the link stated of them."""
        state = State("page", response.validators, tuple(articles), (link,))
        self._put(link.url, state)

    def _put(self, url: str, state: State) -> None:
        if self._remember:
            self._states.put(url, state)

    def _state(self, url: str) -> tuple[State, Response]:
        before = self.stored_state(url)
        response = self._client.get(url, before.validators if before else None)
        if response.unchanged and before is not None:
            return before, response
        try:
            state = self._parse(response)
        except BadBody as exc:
            raise FetchError(url, str(exc)) from exc
        if state.kind != "page":
            self._put(url, state)
        return state, response

    def _parse(self, response: Response) -> State:
        data, encoding = response.data, charset(response.content_type)
        limit = self._client.settings.max_download_bytes
        root = root_tag(gunzip(data, _HEAD, cut=True) if is_gzip(data) else data, encoding)
        kind: Literal["feed", "sitemap"]
        if root in _SITEMAPS:
            kind = "sitemap"
        elif (
            root in _FEEDS or media_type(response.content_type) in _FEED_TYPES or is_json_feed(data)
        ):
            kind = "feed"
        else:
            return State("page", response.validators)
        contents = read_listing(kind, data, response.url, response.content_type, limit)
        return State(
            kind, response.validators, (), contents.links, contents.sitemaps, contents.problems
        )

    def _sitemap_links(self, url: str, first: State) -> Iterator[Link | FetchError]:
        """Yield all links of a sitemap and of the sitemaps below it."""
        links: set[str] = set()
        for state in self._sitemaps(url, first):
            for entry in [state] if isinstance(state, FetchError) else _state_links(state):
                if isinstance(entry, FetchError):
                    yield entry
                elif entry.url not in links:
                    links.add(entry.url)
                    yield entry
                if len(links) >= MAX_LISTED:
                    yield FetchError(url, f"only its first {MAX_LISTED:,} articles are read")
                    return

    def _sitemaps(self, url: str, first: State) -> Iterator[State | FetchError]:
        """Yield the sitemap and those below it, each once, also where they refer to each other."""
        yield first
        urls, queue = {url}, deque(first.sitemaps[: MAX_SITEMAPS + 1])
        while queue:
            below = queue.popleft()
            if below in urls:
                continue
            if len(urls) >= MAX_SITEMAPS:
                yield FetchError(url, f"only the first {MAX_SITEMAPS} of its sitemaps are read")
                return
            urls.add(below)
            try:
                state = self._state(below)[0]
            except FetchError as exc:
                yield exc
                continue
            if state.kind == "page":
                yield FetchError(below, "it is no sitemap")
            else:
                yield state
                queue.extendleft(reversed(state.sitemaps[: MAX_SITEMAPS + 1]))


def _state_links(state: State) -> Iterator[Link | FetchError]:
    yield from state.links
    for problem in state.problems:
        yield FetchError(state.validators.url, problem)
