"""Make the library equal to a folder: which files to read, which articles to remove, when to
refuse.

New and changed files are read and added first, articles of missing files are removed last, and of
these only those that came from this folder and are in no other file of it. A file counts as changed
when its stamp and its hash differ; an unchanged one is not opened. A file that cannot be read,
completely or in part, keeps the articles it had.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.article import Article
from index.errors import LoadError, PullquoteError
from index.ingest.batch import AddReport, OnProgress
from index.library import Library
from index.load import Loaded, load_file
from index.load.base import id_for, origin_of
from index.store.sync_changes import Item
from index.sync.folder import YOUNG, Scan, file_hash, scan, stamp_of
from index.sync.state import SyncState

__all__ = ["SyncOptions", "SyncReport", "is_link", "sync_folder"]

# So many files are read before it is noted that they were.
_CHUNK = 256


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """Options of a sync. ``dry_run``: report what would be done. ``yes``: remove even more than
    half of the source's articles if they are missing. ``reread``: read every file, changed or not.
    ``max_chars``: the longest article."""

    dry_run: bool = False
    yes: bool = False
    reread: bool = False
    max_chars: int = 5_000_000


@dataclass
class SyncReport:
    """The result of a sync, or of its dry run.

    ``articles`` reports what was added and updated, and what could not be read. ``removed`` and
    ``kept`` are article ids; the latter are missing but were not removed, because they are more
    than half of the source. ``files`` and ``unchanged`` count files; ``moved`` has the new path of
    each file that was only moved. For a link these count the pages that were looked at, and
    ``more`` those that are listed beyond the limit.
    """

    source: str
    dry_run: bool = False
    articles: AddReport = field(default_factory=AddReport)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    files: int = 0
    unchanged: int = 0
    more: int = 0

    @property
    def did_something(self) -> bool:
        report = self.articles
        return bool(report.added or report.updated or self.removed or self.moved or self.kept)


def is_link(source: str) -> bool:
    """Whether a source is a web address rather than a path."""
    return source.lower().startswith(("http://", "https://"))


def sync_folder(
    library: Library,
    folder: Path,
    options: SyncOptions | None = None,
    on_progress: OnProgress | None = None,
) -> SyncReport:
    """Make the library equal to a folder, as far as articles from that folder go.

    Raises ``SourceError`` when the folder cannot be read, and what :meth:`Library.add` raises; what
    was done until then stays, and the next sync continues from there.
    """
    return _Sync(library, folder, options or SyncOptions(), on_progress).run()


@dataclass
class _Read:
    """A file to be read: its state when it was hashed, and what the loaders made of it."""

    name: str
    stamp: str
    hash: str
    articles: list[Article] = field(default_factory=list)
    failed: bool = False


class _Sync:
    def __init__(
        self, library: Library, folder: Path, options: SyncOptions, on_progress: OnProgress | None
    ) -> None:
        self.library = library
        self.root = folder.resolve()
        self.options = options
        self.state: SyncState = library.sync_state(str(self.root))
        self.report = SyncReport(str(self.root), options.dry_run, AddReport(on_progress))
        self.previous: dict[str, Item] = {}
        self.items: dict[str, Item] = {}
        self.scan = Scan()
        self.lost: set[str] = set()
        self.new_stamps: dict[str, str] = {}
        self.takeovers: set[str] = set()

    def run(self) -> SyncReport:
        self.scan = scan(self.root)
        self.previous = self.state.items()
        self.items = dict(self.previous)
        self.lost = self.state.lost()
        self.report.files = len(self.scan.files)
        self.report.articles.failed.extend(self.scan.unreadable.values())
        missing = [
            name
            for name in self.previous
            if name not in self.scan.files and not self.scan.hides(name)
        ]
        changes = self._changed_files()
        moves = self._move(changes, missing)
        fresh = [read for read in changes if read.name not in moves]
        self._read(fresh, {read.name for read in changes})
        self._read([self._again(name) for name in sorted(self.takeovers)], self.takeovers)
        self._restamp()
        self._remove([name for name in missing if name in self.items])
        return self.report

    # What is to be read

    def _changed_files(self) -> list[_Read]:
        changes: list[_Read] = []
        for name in sorted(self.scan.files):
            stamp = stamp_of(self.scan.files[name], time.time_ns())
            item = self.previous.get(name)
            again = item is None or self.options.reread or name in self.lost or not item.stamp
            if item and not again and item.stamp == stamp and not stamp.endswith(YOUNG):
                self.report.unchanged += 1
                continue
            try:
                digest = file_hash(self.root / name)
            except LoadError as exc:
                self.report.articles.failed.append(exc)
                continue
            if item and not again and item.hash == digest:
                self.new_stamps[name] = stamp
                self.report.unchanged += 1
            else:
                changes.append(_Read(name, stamp, digest))
        return changes

    def _restamp(self) -> None:
        if self.new_stamps and not self.options.dry_run:
            with self.state.writing():
                for name, stamp in self.new_stamps.items():
                    self.state.restamp(name, stamp)

    def _move(self, reads: Sequence[_Read], missing: Sequence[str]) -> set[str]:
        """Recognise moved files: a new file with the bytes of a missing one is that file under
        another name."""
        candidates = {
            self.previous[name].hash: name for name in missing if self.previous[name].articles
        }
        pairs: list[tuple[str, _Read]] = []
        for read in reads:
            old = candidates.get(read.hash)
            if read.name in self.previous or old is None or old in self.lost:
                continue
            if Path(old).suffix.lower() == Path(read.name).suffix.lower():
                pairs.append((candidates.pop(read.hash), read))
        for old, read in pairs:
            item = self.items.pop(old)
            self.items[read.name] = replace(item, stamp=read.stamp)
            self.report.moved.append(read.name)
        if pairs and not self.options.dry_run:
            with self.state.writing():
                for old, read in pairs:
                    articles = self.items[read.name].articles
                    self.state.drop(old)
                    self.state.put(read.name, self.items[read.name])
                    self.state.change_source(
                        articles, str(self.root / old), str(self.root / read.name)
                    )
        return {read.name for _, read in pairs}

    # What is added

    def _read(self, reads: Sequence[_Read], changed_names: Set[str]) -> None:
        # An id belongs to the unchanged file that has it. Where it is that of two of them, their
        # content is the same.
        owners = {
            id: name
            for name, item in self.items.items()
            if name in self.scan.files and name not in changed_names
            for id in item.articles
        }
        for start in range(0, len(reads), _CHUNK):
            self._add(reads[start : start + _CHUNK], owners)
        if again := self._overwritten(reads):
            self._add(again, owners)

    def _overwritten(self, reads: Sequence[_Read]) -> list[_Read]:
        """Return what is to be read again: files that passed for copies of an article which this
        sync gave other words afterwards."""
        report = self.report.articles
        names = {*report.added, *report.updated, *(error.source for error in report.failed)}
        again: list[_Read] = []
        for read in [] if self.options.dry_run else reads:
            copies = [copy for copy in read.articles if names.isdisjoint((copy.id, copy.source))]
            lost = [
                content
                for copy, id in zip(copies, self.library.ids_of(copies), strict=True)
                if id is None and (content := copy.content_hash) in report.seen_content
            ]
            report.seen_content.difference_update(lost)
            report.unchanged -= len(lost)
            if lost:
                again.append(_Read(read.name, read.stamp, read.hash))
        return again

    def _again(self, name: str) -> _Read:
        stamp = stamp_of(self.scan.files[name], time.time_ns())
        return _Read(name, stamp, self.items[name].hash)

    def _add(self, reads: Sequence[_Read], owners: Mapping[str, str]) -> None:
        items = (item for read in reads for item in self._load(read, owners))
        if self.options.dry_run:
            self.library.preview(items, self.report.articles)
        else:
            self.library.add(items, report=self.report.articles, by_hand=False)
        own_ids = {*self.report.articles.added, *self.report.articles.updated}
        for read in reads:
            self.items[read.name] = self._item(read)
            self.report.unchanged += self._is_there_already(read, own_ids)
        if not self.options.dry_run:
            by_hand = self._by_hand(reads, own_ids)
            with self.state.writing():
                self.state.keep_by_hand(by_hand)
                for read in reads:
                    self.state.put(read.name, self.items[read.name])

    def _is_there_already(self, read: _Read, own_ids: Set[str]) -> bool:
        """Whether the library had all that was read from a file, as it is: its articles were added
        by hand, or only bytes around them changed. ``own_ids``: what this sync added or updated."""
        ids = self.items[read.name].articles
        return bool(ids) and not read.failed and ids.isdisjoint(own_ids)

    def _by_hand(self, reads: Sequence[_Read], own_ids: Set[str]) -> list[str]:
        """Articles that these files have the content of, and that were there before them.
        ``own_ids``: what this sync added or updated."""
        ids = {id for read in reads for id in self.items[read.name].articles}
        # With the separator: what lies in "news-mine" did not come from "news".
        return self.state.added_by_hand(ids - own_ids, f"{self.root}{os.sep}")

    def _load(self, read: _Read, owners: Mapping[str, str]) -> Iterator[Loaded]:
        for item in load_file(self.root / read.name, self.options.max_chars):
            if isinstance(item, Article):
                item = self._identify(item, read, owners)
            if isinstance(item, LoadError):
                read.failed = True
            else:
                read.articles.append(item)
            yield item

    def _identify(self, article: Article, read: _Read, owners: Mapping[str, str]) -> Loaded:
        """Make the article that this file has; an error refuses that article alone."""
        try:
            return self._claim(self.library.identify(article), read, owners)
        except (PullquoteError, sqlite3.Error):
            # That is the library's trouble, and not the article's.
            raise
        except Exception as exc:
            return LoadError(article.source, f"not an article: {type(exc).__name__}: {exc}")

    def _claim(self, article: Article, read: _Read, owners: Mapping[str, str]) -> Loaded:
        """Give the article the id that it has in this file; refuse it when that is another's."""
        by_path = origin_of(article.id) == origin_of(id_for("", str(self.root / read.name)))
        before = self.previous.get(read.name)
        if by_path and before is not None and len(before.articles) == 1:
            # A file that was moved and is edited now stays the article that it was.
            (id,) = before.articles
            article = article if id in owners else replace(article, id=id)
        owner = owners.get(article.id)
        if owner is None or self.library.ids_of([article]) == [article.id]:
            return article
        if by_path:
            # The other one had the same content, and is an article of its own from now on.
            self.takeovers.add(owner)
            return article
        return LoadError(article.source, f"id {article.id!r} is that of {owner} too")

    def _item(self, read: _Read) -> Item:
        """Return the item to store for a file that was read."""
        ids = self.library.ids_of(read.articles)
        if self.options.dry_run:
            ids = [id or article.id for id, article in zip(ids, read.articles, strict=True)]
        articles = frozenset(id for id in ids if id is not None)
        stamp = read.stamp
        if read.failed or None in ids:
            # The articles that it had may be the ones that cannot be read now.
            before = self.previous.get(read.name)
            articles |= before.articles if before else frozenset()
            stamp = ""
        return Item(stamp, read.hash, articles)

    # What is removed

    def _remove(self, missing: Sequence[str]) -> None:
        before = {id for item in self.previous.values() for id in item.articles}
        for name in missing:
            del self.items[name]
        present = {id for item in self.items.values() for id in item.articles}
        ids = sorted(before - present - self.state.held_elsewhere(before - present))
        ids = self.state.present(ids)
        if len(ids) * 2 > len(before) and not self.options.yes:
            self.report.kept = ids
            self._keep(missing, set(ids))
            return
        self.report.removed = ids
        if self.options.dry_run:
            return
        if ids:
            self.library.remove(ids)
        holder = {id: name for name, item in self.items.items() for id in item.articles}
        with self.state.writing():
            for name in missing:
                for id in self.previous[name].articles & holder.keys():
                    there = str(self.root / holder[id])
                    self.state.change_source([id], str(self.root / name), there)
                self.state.drop(name)

    def _keep(self, missing: Sequence[str], ids: set[str]) -> None:
        """Keep the items whose articles were not removed, to be asked about the next time."""
        if self.options.dry_run:
            return
        with self.state.writing():
            for name, item in self.previous.items():
                if name not in missing and item.articles & ids:
                    now = self.items.get(name, item)
                    articles = now.articles | (item.articles & ids)
                    self.state.put(name, replace(now, stamp="", articles=articles))
