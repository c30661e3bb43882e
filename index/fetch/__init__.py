"""Links: what is behind an address of the web, fetched with care.

::

    guard     which links and addresses may be asked for at all
    connect   connecting to the address that was checked, before the time is up
    client    one link: redirects, limits, retries, conditional requests
    robots    what sites allow, and how slowly they want to be read
    listing   a page, or the links of a feed or sitemap
    articles  from links to articles of a library
    states    what servers said when they were last asked

What keeps a library equal to a feed or sitemap works like this::

    with open_reader(settings, library.folder, library.has) as reader:
        listing = reader.listing("https://example.org/feed.xml")
        adder = LinkAdder(reader, library.add, max_chars)
        for link in listing.links:
            ...  # a FetchError, or a Link for adder.add_link
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.fetch.articles import LinkAdder, LinkResult, Outcome
from index.fetch.client import Client, Response, Validators
from index.fetch.link import Link
from index.fetch.listing import LinkReader, Listing
from index.fetch.states import FetchStates
from index.settings import FetchSettings

__all__ = [
    "Client",
    "FetchStates",
    "Link",
    "LinkAdder",
    "LinkReader",
    "LinkResult",
    "Listing",
    "MakeClient",
    "Outcome",
    "Response",
    "Validators",
    "open_link_reader",
]

MakeClient = Callable[[FetchSettings], Client]


@contextmanager
def open_link_reader(
    settings: FetchSettings,
    folder: Path,
    has: Callable[[Sequence[str]], bool],
    make: MakeClient = Client,
    remember: bool = True,
) -> Iterator[LinkReader]:
    """Open a reader of links for the library in ``folder``, until the block ends.

    has: whether the library holds the articles of these ids.
    make: makes the HTTP client; tests pass their own.
    remember: see :class:`LinkReader`.
    """
    with make(settings) as client:
        yield LinkReader(client, FetchStates(folder / "fetched.sqlite"), has, remember)
