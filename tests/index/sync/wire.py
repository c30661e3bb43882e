"""A news site whose feed and sitemap a library follows."""

from __future__ import annotations

from hashlib import sha256

from index.fetch import open_link_reader
from index.library import Library
from index.sync.engine import SyncOptions, SyncReport
from index.sync.links import sync_link
from tests.index.fetch.site import FAST, Asked, Site
from tests.index.fetch.stories import feed

__all__ = ["FEED", "MAP", "NEWS", "Wire", "told"]

NEWS = "http://news.example"
FEED, MAP = f"{NEWS}/feed", f"{NEWS}/map"


class Wire:
    """A site whose pages have tags by their content, and a library that is kept equal to it."""

    def __init__(self, site: Site, library: Library) -> None:
        self.site = site
        self.library = library
        self.statuses: list[tuple[str, int]] = []
        self.now = 1_700_000_000.0

    def put(self, path: str, body: str) -> None:
        data = body.encode()
        tag = f'"{sha256(data).hexdigest()}"'

        def answer(asked: Asked) -> None:
            known = asked.headers["If-None-Match"] == tag
            self.statuses.append((path, 304 if known else 200))
            asked.send(b"" if known else data, 304 if known else 200, etag=tag)

        self.site.routes[f"news.example{path}"] = answer

    def say(self, path: str, status: int) -> None:
        self.site.routes[f"news.example{path}"] = lambda asked: asked.send(b"No.", status)

    def lists(self, names: str, day: int = 26) -> None:
        """The feed lists these pages, which were all published on a day of May."""
        text = feed(*(f"{NEWS}/{name}" for name in names))
        self.put("/feed", text.replace("26 May", f"{day} May"))

    def maps(self, names: str, lastmod: str = "", news: bool = False) -> None:
        said = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
        if news:
            said += (
                "<news:news><news:publication_date>2025-05-26</news:publication_date></news:news>"
            )
        entries = "".join(f"<url><loc>{NEWS}/{name}</loc>{said}</url>" for name in names)
        self.put(
            "/map",
            "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
            "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>"
            f"{entries}</urlset>",
        )

    def sync(
        self, link: str = FEED, options: SyncOptions | None = None, limit: int = 100
    ) -> SyncReport:
        self.statuses.clear()
        self.site.asked.clear()
        options = options or SyncOptions()
        remember = not options.dry_run
        folder, has = self.library.folder, self.library.has
        with open_link_reader(FAST, folder, has, self.site.client, remember) as reader:
            return sync_link(self.library, link, reader, options, limit, now=lambda: self.now)

    def there(self) -> list[str]:
        """What the library has, by the last part of the addresses."""
        with self.library.view() as view:
            return sorted((each.url or "").removeprefix(f"{NEWS}/") for each in view.articles())

    def texts(self) -> str:
        with self.library.view() as view:
            return "\n".join(each.text for each in view.articles())


def told(report: SyncReport) -> tuple[int, int, int]:
    return len(report.articles.added), len(report.articles.updated), len(report.removed)
