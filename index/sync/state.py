"""The stored state of a source: its items as they were last read, and their articles.

An item is stored after its articles, so an interruption in between only makes the next sync read
the item again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from index.store.base import Store
from index.store.sync_changes import Dropped, Item, KeptByHand, Moved, Put, Restamped, SyncChange

__all__ = ["SyncState"]


class SyncState:
    """The items of one source."""

    def __init__(self, store: Store, source: str) -> None:
        self._store = store
        self._changes: list[SyncChange] = []
        self.source = source

    def items(self) -> dict[str, Item]:
        """Return the items, by name."""
        with self._store.reading() as records:
            return records.sync_items(self.source)

    def lost(self) -> set[str]:
        """Return the items of which an article is no longer in the library."""
        with self._store.reading() as records:
            return records.sync_lost(self.source)

    def held_elsewhere(self, ids: Iterable[str]) -> set[str]:
        """Select the articles that another source has too, or that were added by hand."""
        with self._store.reading() as records:
            return records.held_elsewhere(self.source, ids)

    def present(self, ids: Iterable[str]) -> list[str]:
        """Select the articles that are in the library."""
        ids = list(ids)
        with self._store.reading() as records:
            versions = records.stored(ids)
        return [id for id in ids if id in versions]

    def added_by_hand(self, ids: Iterable[str], origin: str | tuple[str, ...]) -> list[str]:
        """Select the articles that must have been added by a person: no source holds them, and
        their own ``source`` does not begin with ``origin``, or any of several."""
        with self._store.reading() as records:
            ids = set(ids)
            free = sorted(ids - records.held(ids))
            articles = [article for id in free if (article := records.article(id))]
        return [article.id for article in articles if not article.source.startswith(origin)]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Collect the changes of the block and store them at its end, all or none, as one new
        generation."""
        self._changes = []
        yield
        if self._changes:
            self._store.note(self.source, self._changes)

    def put(self, name: str, item: Item) -> None:
        """Store an item in place of an earlier one of its name."""
        self._changes.append(Put(name, item))

    def restamp(self, name: str, stamp: str) -> None:
        """Store another stamp of an item."""
        self._changes.append(Restamped(name, stamp))

    def drop(self, name: str) -> None:
        """Delete an item."""
        self._changes.append(Dropped(name))

    def change_source(self, articles: Iterable[str], old: str, new: str) -> None:
        """Change where articles lie: their source begins with the path of their file."""
        self._changes.append(Moved(list(articles), old, new))

    def keep_by_hand(self, articles: Iterable[str]) -> None:
        """Mark articles as added by hand: no source that holds them may remove them."""
        if ids := list(articles):
            self._changes.append(KeptByHand(ids))
