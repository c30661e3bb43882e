"""What is known of a source: its items as they were last read, and the articles they hold.

An item is a file of a folder, or a link of a feed. It is written down after its articles are in
the store, so whatever ends a sync in between only makes the next one read the item again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from index.error_mapping import storage_errors
from index.store.sqlite import Store

__all__ = ["Item", "SyncState"]


@dataclass(frozen=True, slots=True)
class Item:
    """How an item was when it was read (``stamp`` empty: read it again), the SHA-256 of its
    bytes, and the ids of its articles in the library. Of a link, :mod:`index.sync.links` says
    what the first two are."""

    stamp: str
    hash: str
    articles: frozenset[str]


class SyncState:
    """The items of one source. Kept in the store, without a new generation."""

    def __init__(self, store: Store, source: str) -> None:
        self._store = store
        self.source = source

    def items(self) -> dict[str, Item]:
        with self._store.reading():
            if not self._store.has("sync_items"):
                return {}
            held: dict[str, set[str]] = {}
            query = "SELECT item, article FROM sync_articles WHERE source = ?"
            for item, article in self._store.execute(query, (self.source,)):
                held.setdefault(item, set()).add(article)
            query = "SELECT item, stamp, hash FROM sync_items WHERE source = ?"
            rows = self._store.execute(query, (self.source,))
            return {row[0]: Item(row[1], row[2], frozenset(held.get(row[0], ()))) for row in rows}

    def lost(self) -> set[str]:
        """The items of which an article is not in the library any more."""
        with self._store.reading():
            if not self._store.has("sync_articles"):
                return set()
            rows = self._store.execute(
                "SELECT DISTINCT item FROM sync_articles s WHERE source = ? AND NOT EXISTS "
                "(SELECT 1 FROM articles a WHERE a.id = s.article)",
                (self.source,),
            )
            return {row[0] for row in rows}

    def held_by_others(self, ids: Iterable[str]) -> set[str]:
        """Those of these articles that another source has too."""
        if not self._store.has("sync_articles"):
            return set()
        query = "SELECT 1 FROM sync_articles WHERE article = ? AND source <> ? LIMIT 1"
        return {id for id in ids if self._store.execute(query, (id, self.source)).fetchone()}

    def present(self, ids: Iterable[str]) -> list[str]:
        """Those of these articles that are in the library."""
        query = "SELECT 1 FROM articles WHERE id = ?"
        return [id for id in ids if self._store.execute(query, (id,)).fetchone()]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All that is noted inside, or nothing."""
        self._store.complete()
        with storage_errors(self._store.folder):
            self._store.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._store.execute("COMMIT")
            except BaseException:
                self._store.execute("ROLLBACK")
                raise

    def put(self, name: str, item: Item) -> None:
        self.drop(name)
        values = (self.source, name, item.stamp, item.hash)
        self._store.execute("INSERT INTO sync_items VALUES (?, ?, ?, ?)", values)
        for article in item.articles:
            holding = (self.source, name, article)
            self._store.execute("INSERT INTO sync_articles VALUES (?, ?, ?)", holding)

    def restamp(self, name: str, stamp: str) -> None:
        query = "UPDATE sync_items SET stamp = ? WHERE source = ? AND item = ?"
        self._store.execute(query, (stamp, self.source, name))

    def drop(self, name: str) -> None:
        for table in ("sync_items", "sync_articles"):
            query = f"DELETE FROM {table} WHERE source = ? AND item = ?"
            self._store.execute(query, (self.source, name))

    def moved(self, articles: Iterable[str], old: str, new: str) -> None:
        """Say where articles lie now: their source begins with the path of their file."""
        for id in articles:
            self._store.execute(
                "UPDATE articles SET source = ? || substr(source, ?) "
                "WHERE id = ? AND substr(source, 1, ?) = ?",
                (new, len(old) + 1, id, len(old), old),
            )
