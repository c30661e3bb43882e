"""Making the library equal to a feed, a sitemap or a page: what to ask for, and what is to go.

A feed shows the newest of what a site has, so what drops off its end stays. A sitemap shows all
of it, so what it does not list any more goes, and so does a page that answers 404 or 410. Nothing
goes because of an error, an empty list or a part of one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence, Set
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import httpx2

from index.article import Article
from index.errors import FetchError, NotFoundError, SourceError
from index.fetch import Link, LinkAdder, LinkResult, Listing, Reader
from index.fetch.address import canonical
from index.ingest.batch import AddReport, OnProgress
from index.library import Library
from index.load import Loaded
from index.sync.engine import SyncOptions, SyncReport
from index.sync.state import Item
from index.text.sentences import sentences

__all__ = ["DAY", "sync_link"]

DAY = 86_400
# Few feeds say when an article was last changed, so their pages are asked about day by day. A
# sitemap's ``lastmod`` is meant to say it, and is believed for longer.
_BELIEVED = 30 * DAY
_GONE = {404, 410}
# A new version that is so short beside the old one is a notice in its place.
_LEAST_LEFT, _MANY_SENTENCES, _FEW_SENTENCES = 0.25, 8, 2


def sync_link(
    library: Library,
    link: str,
    reader: Reader,
    options: SyncOptions | None = None,
    limit: int = 100,
    on_progress: OnProgress | None = None,
    now: Callable[[], float] = time.time,
) -> SyncReport:
    """Make the library equal to what is behind a link, as far as articles from there go.

    Of what is listed, the first ``limit`` and all that came from there before are looked at. Each
    article is written as it comes; what is interrupted goes on from there. For a dry run the
    ``reader`` must not remember what it saw. ``now`` is in seconds since 1970.

    Raises ``SourceError`` when the listing cannot be had or is none any more, and what
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
        reader: Reader,
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
        self.known = self.state.items()
        self.items = dict(self.known)
        self.lost = self.state.lost()
        self.listed: Set[str] = set()
        self.gone: set[str] = set()
        # Which link an article is of: two that lead to one article must not take turns in it.
        self.owners: dict[str, str] = {}
        self.asked = ""
        self.came: list[str] | None = None

    def run(self) -> SyncReport:
        try:
            listing = self.reader.listing(self.link)
        except FetchError as exc:
            if exc.status not in _GONE or self._kinds() != {"page"}:
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
        return {_kind(item) for item in self.known.values()}

    # What is to be asked for

    def _list(self, listing: Listing) -> None:
        links: dict[str, Link] = {}
        errors: list[FetchError] = []
        for each in listing.links:
            if isinstance(each, FetchError):
                errors.append(each)
            else:
                links.setdefault(each.url, each)
        self.report.articles.failed.extend(errors)
        self.listed = links.keys()
        # The same one each time, in whatever order they are listed.
        for name in sorted(self.listed & self.known.keys(), reverse=True):
            self.owners |= dict.fromkeys(self.known[name].articles, name)
        absent = self._absent(listing, whole=not errors)
        for place, link in enumerate(self._once(links.values())):
            known = self.known.get(link.url)
            if known is None and place >= self.limit:
                self.report.more += 1
                continue
            self.report.files += 1
            if known is None or self._due(link, known):
                self._ask(link, _kind_of(link, listing))
            else:
                self.report.unchanged += 1
        self.gone |= absent
        for name in sorted(self.known.keys() - self.listed - absent):
            known = self.known[name]
            if known.articles and (self.options.reread or not _due(known)):
                self.report.files += 1
                self._ask(_link(name, known), _kind(known))

    def _absent(self, listing: Listing, whole: bool) -> set[str]:
        """What a sitemap does not list any more, if it was read to its end."""
        if listing.kind != "sitemap" or not whole:
            return set()
        absent = {
            name
            for name, item in self.known.items()
            if name not in self.listed and _kind(item) == "sitemap"
        }
        if absent and not self.listed:
            reason = "it lists nothing now; what came from it was kept"
            self.report.articles.failed.append(FetchError(self.link, reason))
            return set()
        return absent

    def _once(self, links: Iterable[Link]) -> list[Link]:
        """One link for each address: the one that was taken before, if one was."""
        found: dict[str, Link] = {}
        for link in links:
            other = found.setdefault(_address(link.url), link)
            if link.url in self.known and other.url not in self.known:
                found[_address(link.url)] = link
        return list(found.values())

    def _due(self, link: Link, known: Item) -> bool:
        again = self.options.reread or link.url in self.lost
        return again or _due(known) <= self.now or _changed(link, _link(link.url, known))

    # What is added

    def _ask(self, link: Link, kind: str) -> None:
        self._take(link, kind, lambda: self.adder.add_link(link))

    def _take(self, link: Link, kind: str, ask: Callable[[], LinkResult]) -> None:
        self.asked, self.came = link.url, None
        result = ask()
        known = self.known.get(link.url)
        failed = result.report.failed
        if known and any(isinstance(each, FetchError) and each.status in _GONE for each in failed):
            self._missing(link, kind)
            return
        self.report.articles.include(result.report)
        self.report.unchanged += result.outcome == "unchanged"
        ids = set(result.ids if self.came is None else self.came)
        if failed and not ids and not known:
            return  # as new the next time
        if not self.options.dry_run:
            # What the page was before stays with it: it may lead elsewhere for a day.
            ids = set(self.state.present(ids | (known.articles if known else frozenset())))
        due = 0 if failed else self.now + (_BELIEVED if _dated(link, kind) else DAY)
        self._note(link.url, Item(_stamp(kind, due), _said(link), frozenset(ids)))
        for id in ids:
            self.owners.setdefault(id, link.url)

    def _missing(self, link: Link, kind: str) -> None:
        """A page that answered that it is no more."""
        known = self.known[link.url]
        if known.articles:
            self.gone.add(link.url)
        else:
            # It has long gone, and is still listed.
            self.report.unchanged += 1
            stamp = _stamp(kind, self.now + DAY)
            self._note(link.url, Item(stamp, _said(link), frozenset()))

    def _note(self, name: str, item: Item) -> None:
        self.items[name] = item
        if not self.options.dry_run:
            mine = {*self.report.articles.added, *self.report.articles.updated}
            # What somebody added by its address is the link's all the same.
            by_hand = self.state.added_by_hand(item.articles - mine, "http")
            with self.state.writing():
                self.state.keep_by_hand(by_hand)
                self.state.put(name, item)

    def _write(self, loaded: Sequence[Loaded]) -> AddReport:
        report = AddReport()
        mine: list[Loaded] = []
        self.came = []
        for each in loaded:
            if isinstance(each, Article):
                id = self.library.identified(each).id
                self.came.append(id)
                owner = self.owners.get(id, self.asked)
                if owner != self.asked and owner not in self.gone:
                    report.unchanged += 1
                    continue
            mine.append(self._not_worse(each))
        if self.options.dry_run:
            return self.library.preview(mine, report)
        return self.library.add(mine, report=report)

    def _not_worse(self, each: Loaded) -> Loaded:
        """What came, or why it is not taken in place of what is there: a text of many sentences
        that comes back as one of two is a notice, not a new version."""
        if not isinstance(each, Article) or not self.known.get(self.asked):
            return each
        id = self.library.identified(each).id
        before: Article | None = None
        with suppress(NotFoundError), self.library.view() as view:
            before = view.article(id)
        if before is None or len(each.text) >= _LEAST_LEFT * len(before.text):
            return each
        counts = [len(sentences(text.text, text.language or "en")) for text in (before, each)]
        if counts[0] < _MANY_SENTENCES or counts[1] > _FEW_SENTENCES:
            return each
        return FetchError(
            self.asked,
            f"the page has {counts[1]} sentence(s) now, where it had {counts[0]}; the article was "
            "kept. If this is what it says now, run pullquote add with the link",
        )

    # What is removed

    def _remove(self) -> None:
        before = {id for item in self.known.values() for id in item.articles}
        held = {id for name in self.items.keys() - self.gone for id in self.items[name].articles}
        lost = {id for name in self.gone for id in self.known[name].articles} - held
        ids = self.state.present(sorted(lost - self.state.held_elsewhere(lost)))
        if len(ids) * 2 > len(before) and not self.options.yes:
            self.report.kept = ids
        else:
            self.report.removed = ids
        if self.options.dry_run or not self.gone:
            return
        if self.report.removed:
            self.library.remove(ids)
        with self.state.writing():
            for name in self.gone:
                self._forget(name, self.known[name])

    def _forget(self, name: str, known: Item) -> None:
        """Of a page that has gone: that it was kept and is to be asked about the next time; that
        it has gone, while it is listed; or nothing."""
        if self.report.kept:
            self.state.put(name, replace(known, stamp=_stamp(_kind(known), 0)))
        elif name in self.listed:
            stamp = _stamp(_kind(known), self.now + DAY)
            self.state.put(name, Item(stamp, known.hash, frozenset()))
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


def _said(link: Link) -> str:
    return json.dumps(asdict(link), default=str, ensure_ascii=False)


def _link(name: str, item: Item) -> Link:
    said: dict[str, Any] = json.loads(item.hash)
    day = said.pop("published_at")
    published = date.fromisoformat(day) if day else None
    return Link(**said | {"url": name, "published_at": published})


def _changed(now: Link, before: Link) -> bool:
    """Whether a listing says something else of an article itself."""
    return (now.title, now.published_at, now.modified) != (
        before.title,
        before.published_at,
        before.modified,
    )


def _kind_of(link: Link, listing: Listing) -> str:
    """A sitemap for news lists the articles of two days, as a feed does; it gives their days."""
    return "feed" if link.published_at else listing.kind


def _dated(link: Link, kind: str) -> bool:
    return kind == "sitemap" and link.modified is not None


def _address(url: str) -> str:
    try:
        return canonical(url)
    except (httpx2.InvalidURL, ValueError):
        return url
