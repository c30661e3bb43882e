"""Make the library equal to a feed, a sitemap or a page: what to fetch, and what to remove.

A feed lists only the newest articles of a site, so what drops off its end stays. A sitemap lists
all of them, so what it no longer lists is removed, and so is a page that answers 404 or 410.
Nothing is removed because of an error, an empty list or an incomplete one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence, Set
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from index.article import Article
from index.errors import FetchError, NotFoundError, SourceError
from index.fetch import Link, LinkAdder, LinkReader, LinkResult, Listing
from index.fetch.address import canonical_if_valid
from index.ingest.batch import AddReport, OnProgress
from index.library import Library
from index.load import Loaded
from index.store.sync_changes import Item
from index.sync.engine import SyncOptions, SyncReport
from index.text.sentences import sentences

__all__ = ["DAY", "sync_link"]

DAY = 86_400
# What came from the web says so itself; a file may be called "http.txt".
_ADDRESSES = ("http://", "https://")
# Few feeds say when an article was last changed, so their pages are asked about day by day. A
# sitemap's ``lastmod`` is meant to say it, and is believed for longer.
_TRUST_PERIOD = 30 * DAY
_GONE_STATUSES = {404, 410}
# A new version that is so short beside the old one is a notice in its place.
_LEAST_LEFT, _MANY_SENTENCES, _FEW_SENTENCES = 0.25, 8, 2


def sync_link(
    library: Library,
    link: str,
    reader: LinkReader,
    options: SyncOptions | None = None,
    limit: int = 100,
    on_progress: OnProgress | None = None,
    now: Callable[[], float] = time.time,
) -> SyncReport:
    """Make the library equal to what is behind a link, as far as articles from there go.

    Of what is listed, the first ``limit`` and all that came from there before are looked at. Each
    article is written as soon as it is loaded; an interrupted sync continues from there. For a dry
    run the ``reader`` must not store what it saw. ``now`` is in seconds since 1970.

    Raises ``SourceError`` when the listing cannot be fetched or is no longer one, and what
    :meth:`Library.add` raises.
    """
    return _LinkSync(
        library, link, reader, options or SyncOptions(), limit, on_progress, now()
    ).run()


class _LinkSync:
    def __init__(
        self,
        library: Library,
        link: str,
        reader: LinkReader,
        options: SyncOptions,
        limit: int,
        on_progress: OnProgress | None,
        now: float,
    ) -> None:
        self.library = library
        self.link = link
        self.reader = reader
        self.options = options
        self.limit = limit
        self.now = int(now)
        self.state = library.sync_state(link)
        self.report = SyncReport(link, options.dry_run, AddReport(on_progress))
        self.adder = LinkAdder(reader, self._write, options.max_chars)
        self.previous = self.state.items()
        self.items = dict(self.previous)
        self.lost = self.state.lost()
        self.listing_urls: Set[str] = set()
        self.missing: set[str] = set()
        # Which link an article is of: two that lead to one article must not take turns in it.
        self.owners: dict[str, str] = {}
        self.current_url = ""
        self.came: list[str] | None = None

    def run(self) -> SyncReport:
        try:
            listing = self.reader.listing(self.link)
        except FetchError as exc:
            if exc.status not in _GONE_STATUSES or self._kinds() != {"page"}:
                raise SourceError(f"{exc}; nothing was changed") from exc
            self.report.files = 1
            self._missing(Link(self.link), "page")
        else:
            if (page := listing.page) is not None:
                if self._kinds() - {"page"}:
                    raise SourceError(
                        f"{self.link}: it was a feed or sitemap and is a page now; nothing was "
                        "changed. Has the feed moved?"
                    )
                self.report.files = 1
                link = Link(self.link)
                self._take(link, "page", lambda: self.adder.take(link, page))
            else:
                self._list(listing)
        self._remove()
        return self.report

    def _kinds(self) -> set[str]:
        return {_kind(item) for item in self.previous.values()}

    # What is to be asked for

    def _list(self, listing: Listing) -> None:
        links: dict[str, Link] = {}
        errors: list[FetchError] = []
        for entry in listing.links:
            if isinstance(entry, FetchError):
                errors.append(entry)
            else:
                links.setdefault(entry.url, entry)
        self.report.articles.failed.extend(errors)
        self.listing_urls = links.keys()
        # The same one each time, in whatever order they are listed.
        for name in sorted(self.listing_urls & self.previous.keys(), reverse=True):
            self.owners |= dict.fromkeys(self.previous[name].articles, name)
        absent = self._absent(listing, whole=not errors)
        for place, link in enumerate(self._once(links.values())):
            item = self.previous.get(link.url)
            if item is None and place >= self.limit:
                self.report.more += 1
                continue
            self.report.files += 1
            if item is None or self._due(link, item):
                self._ask(link, _kind_of(link, listing))
            else:
                self.report.unchanged += 1
        self.missing |= absent
        for name in sorted(self.previous.keys() - self.listing_urls - absent):
            item = self.previous[name]
            if item.articles and (self.options.reread or not _due(item)):
                self.report.files += 1
                self._ask(_link(name, item), _kind(item))

    def _absent(self, listing: Listing, whole: bool) -> set[str]:
        """Return the names that a sitemap no longer lists, if it was read to its end."""
        if listing.kind != "sitemap" or not whole:
            return set()
        absent = {
            name
            for name, item in self.previous.items()
            if name not in self.listing_urls and _kind(item) == "sitemap"
        }
        if absent and not self.listing_urls:
            reason = "it lists nothing now; what came from it was kept"
            self.report.articles.failed.append(FetchError(self.link, reason))
            return set()
        return absent

    def _once(self, links: Iterable[Link]) -> list[Link]:
        """Choose one link for each address: the one that was taken before, if one was."""
        choices: dict[str, Link] = {}
        for link in links:
            choice = choices.setdefault(canonical_if_valid(link.url), link)
            if link.url in self.previous and choice.url not in self.previous:
                choices[canonical_if_valid(link.url)] = link
        return list(choices.values())

    def _due(self, link: Link, item: Item) -> bool:
        again = self.options.reread or link.url in self.lost
        return again or _due(item) <= self.now or _differs(link, _link(link.url, item))

    # What is added

    def _ask(self, link: Link, kind: str) -> None:
        self._take(link, kind, lambda: self.adder.add_link(link))

    def _take(self, link: Link, kind: str, ask: Callable[[], LinkResult]) -> None:
        self.current_url, self.came = link.url, None
        result = ask()
        item = self.previous.get(link.url)
        failures = result.report.failed
        if item and any(
            isinstance(failure, FetchError) and failure.status in _GONE_STATUSES
            for failure in failures
        ):
            self._missing(link, kind)
            return
        self.report.articles.include(result.report)
        self.report.unchanged += result.outcome == "unchanged"
        ids = set(result.ids if self.came is None else self.came)
        if failures and not ids and not item:
            return  # as new the next time
        if not self.options.dry_run:
            # What the page was before stays with it: it may lead elsewhere for a day.
            ids = set(self.state.present(ids | (item.articles if item else frozenset())))
        due = (
            0 if failures else self.now + (_TRUST_PERIOD if _gives_change_day(link, kind) else DAY)
        )
        self._note(link.url, Item(_stamp(kind, due), _record_of(link), frozenset(ids)))
        for id in ids:
            self.owners.setdefault(id, link.url)

    def _missing(self, link: Link, kind: str) -> None:
        """Note that a page answered that it is gone."""
        item = self.previous[link.url]
        if item.articles:
            self.missing.add(link.url)
        else:
            # It has long gone, and is still listed.
            self.report.unchanged += 1
            stamp = _stamp(kind, self.now + DAY)
            self._note(link.url, Item(stamp, _record_of(link), frozenset()))

    def _note(self, name: str, item: Item) -> None:
        self.items[name] = item
        if not self.options.dry_run:
            own_ids = {*self.report.articles.added, *self.report.articles.updated}
            # What somebody added by its address is the link's all the same.
            by_hand = self.state.added_by_hand(item.articles - own_ids, _ADDRESSES)
            with self.state.writing():
                self.state.keep_by_hand(by_hand)
                self.state.put(name, item)

    def _write(self, items: Sequence[Loaded]) -> AddReport:
        report = AddReport()
        acceptable: list[Loaded] = []
        self.came = []
        for item in items:
            if isinstance(item, Article):
                id = self.library.identify(item).id
                self.came.append(id)
                owner = self.owners.get(id, self.current_url)
                if owner != self.current_url and owner not in self.missing:
                    report.unchanged += 1
                    continue
            acceptable.append(self._not_worse(item))
        if self.options.dry_run:
            return self.library.preview(acceptable, report)
        return self.library.add(acceptable, report=report, by_hand=False)

    def _not_worse(self, candidate: Loaded) -> Loaded:
        """Check a new version of a page; the version, or an error that says why it is refused.

        Where an article of many sentences comes back as one of two, that is a notice in its place.
        """
        if not isinstance(candidate, Article) or not self.previous.get(self.current_url):
            return candidate
        id = self.library.identify(candidate).id
        before: Article | None = None
        with suppress(NotFoundError), self.library.view() as view:
            before = view.article(id)
        if before is None or len(candidate.text) >= _LEAST_LEFT * len(before.text):
            return candidate
        counts = [len(sentences(text.text, text.language or "en")) for text in (before, candidate)]
        if counts[0] < _MANY_SENTENCES or counts[1] > _FEW_SENTENCES:
            return candidate
        return FetchError(
            self.current_url,
            f"the page has {counts[1]} sentence(s) now, where it had {counts[0]}; the article was "
            "kept. If this is what it says now, run pullquote add with the link",
        )

    # What is removed

    def _remove(self) -> None:
        before = {id for item in self.previous.values() for id in item.articles}
        present = {
            id for name in self.items.keys() - self.missing for id in self.items[name].articles
        }
        lost = {id for name in self.missing for id in self.previous[name].articles} - present
        ids = self.state.present(sorted(lost - self.state.held_elsewhere(lost)))
        if len(ids) * 2 > len(before) and not self.options.yes:
            self.report.kept = ids
        else:
            self.report.removed = ids
        if self.options.dry_run or not self.missing:
            return
        if self.report.removed:
            self.library.remove(ids)
        with self.state.writing():
            for name in self.missing:
                self._forget(name, self.previous[name])

    def _forget(self, name: str, item: Item) -> None:
        """Note that a page has gone.

        If its articles were kept, the item is asked about the next time; while it is listed, it
        stays without articles; otherwise it is dropped.
        """
        if self.report.kept:
            self.state.put(name, replace(item, stamp=_stamp(_kind(item), 0)))
        elif name in self.listing_urls:
            stamp = _stamp(_kind(item), self.now + DAY)
            self.state.put(name, Item(stamp, item.hash, frozenset()))
        else:
            self.state.drop(name)


# An item of a link: its stamp is the kind of its listing and when to ask for it anyway, its hash
# what the listing said of it.


def _stamp(kind: str, due: int) -> str:
    return f"{kind} {due}"


def _kind(item: Item) -> str:
    return item.stamp.partition(" ")[0]


def _due(item: Item) -> int:
    """Seconds since 1970; 0 when it is to be asked for whatever is said of it."""
    return int(item.stamp.partition(" ")[2])


def _record_of(link: Link) -> str:
    return json.dumps(asdict(link), default=str, ensure_ascii=False)


def _link(name: str, item: Item) -> Link:
    record: dict[str, Any] = json.loads(item.hash)
    day = record.pop("published_at")
    published_at = date.fromisoformat(day) if day else None
    return Link(**record | {"url": name, "published_at": published_at})


def _differs(now: Link, before: Link) -> bool:
    """Whether a listing says something else of an article itself."""
    return (now.title, now.published_at, now.modified) != (
        before.title,
        before.published_at,
        before.modified,
    )


def _kind_of(link: Link, listing: Listing) -> str:
    """Return a listing's kind. A news sitemap counts as a feed: it lists two days of articles."""
    return "feed" if link.published_at else listing.kind


def _gives_change_day(link: Link, kind: str) -> bool:
    return kind == "sitemap" and link.modified is not None
