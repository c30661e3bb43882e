"""The table of synced sources and their items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.store.sqlite.database import Database
from index.store.sqlite.row_checksums import RowChecksums
from index.store.sync_changes import Dropped, Item, KeptByHand, Moved, Put, Restamped, SyncChange

__all__ = ["SyncTable"]

# Stands for the source of what was added by hand.
_BY_HAND = ""


class SyncTable:
    """The items of sources and their articles. Methods that write are called inside
    ``database.writing()``."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._checksums = RowChecksums(database)

    def items(self, source: str) -> dict[str, Item]:
        """Return the items of a source. One that is not as it was written is as if it were new,
        since sync removes the articles of what it does not find."""
        if not self._db.has("sync_items"):
            return {}
        articles: dict[str, set[str]] = {}
        condition = self._checksums.condition("sync_articles", "s")
        query = f"SELECT item, article FROM sync_articles s WHERE source = ? AND {condition}"
        for item, article in self._db.execute(query, (source,)):
            articles.setdefault(item, set()).add(article)
        condition = self._checksums.condition("sync_items", "i")
        query = f"SELECT item, stamp, hash FROM sync_items i WHERE source = ? AND {condition}"
        rows = self._db.execute(query, (source,))
        return {row[0]: Item(row[1], row[2], frozenset(articles.get(row[0], ()))) for row in rows}

    def lost(self, source: str) -> set[str]:
        """Return the items of a source of which an article no longer exists."""
        if not self._db.has("sync_articles"):
            return set()
        rows = self._db.execute(
            "SELECT DISTINCT item FROM sync_articles s WHERE source = ? AND NOT EXISTS "
            "(SELECT 1 FROM articles a WHERE a.id = s.article)",
            (source,),
        )
        return {item for (item,) in rows}

    def held_elsewhere(self, source: str, ids: Iterable[str]) -> set[str]:
        """Select the articles that another source has too, or that were added by hand."""
        if not self._db.has("sync_articles"):
            return set()
        query = "SELECT 1 FROM sync_articles WHERE article = ? AND source <> ? LIMIT 1"
        return {id for id in ids if self._db.execute(query, (id, source)).fetchone()}

    def held(self, ids: Iterable[str]) -> set[str]:
        """Select the articles that any source has, or that were marked as added by hand."""
        if not self._db.has("sync_articles"):
            return set()
        query = "SELECT 1 FROM sync_articles WHERE article = ? LIMIT 1"
        return {id for id in ids if self._db.execute(query, (id,)).fetchone()}

    def apply(self, source: str, changes: Sequence[SyncChange]) -> None:
        """Store changes, in order."""
        for change in changes:
            match change:
                case Put(name, item):
                    self._put(source, name, item)
                case Restamped(name, stamp):
                    query = "UPDATE sync_items SET stamp = ? WHERE source = ? AND item = ?"
                    self._db.execute(query, (stamp, source, name))
                case Dropped(name):
                    self._drop(source, name)
                case Moved(articles, old, new):
                    self._move(articles, old, new)
                case KeptByHand(articles):
                    query = "INSERT OR IGNORE INTO sync_articles VALUES (?, '', ?)"
                    self._db.executemany(query, [(_BY_HAND, id) for id in articles])

    def forget_by_hand(self, ids: Sequence[str]) -> None:
        """Delete the marks that these articles were added by hand."""
        query = "DELETE FROM sync_articles WHERE source = ? AND article = ?"
        self._db.executemany(query, [(_BY_HAND, id) for id in ids])

    def _put(self, source: str, name: str, item: Item) -> None:
        self._drop(source, name)
        values = (source, name, item.stamp, item.hash)
        self._db.execute("INSERT INTO sync_items VALUES (?, ?, ?, ?)", values)
        query = "INSERT INTO sync_articles VALUES (?, ?, ?)"
        self._db.executemany(query, [(source, name, id) for id in item.articles])

    def _drop(self, source: str, name: str) -> None:
        for table in ("sync_items", "sync_articles"):
            query = f"DELETE FROM {table} WHERE source = ? AND item = ?"
            self._db.execute(query, (source, name))

    def _move(self, articles: Sequence[str], old: str, new: str) -> None:
        for id in articles:
            self._db.execute(
                "UPDATE articles SET source = ? || substr(source, ?) "
                "WHERE id = ? AND substr(source, 1, ?) = ?",
                (new, len(old) + 1, id, len(old), old),
            )
