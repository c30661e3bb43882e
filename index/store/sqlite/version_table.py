"""The table of earlier versions of articles: written when a version is replaced, never searched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from index.store.base import StoredVersion
from index.store.sqlite.articles import COLUMNS
from index.store.sqlite.database import Database
from index.store.sqlite.row_checksums import RowChecksums
from index.store.sqlite.rows import version_of_row

__all__ = ["VersionTable"]


class VersionTable:
    """Versions by id of their article. Methods that write are called inside
    ``database.writing()``."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._checksums = RowChecksums(database)

    def keep(self, key: int) -> None:
        """Copy an article that is about to be replaced into the history."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._db.execute(
            f"INSERT OR REPLACE INTO versions ({COLUMNS}, version, added_at, replaced_at) "
            f"SELECT {COLUMNS}, version, added_at, ? FROM articles WHERE key = ?",
            (now, key),
        )

    def forget(self, ids: Sequence[str]) -> None:
        """Delete the history of articles."""
        for id in ids:
            self._db.execute("DELETE FROM versions WHERE id = ?", (id,))

    def of(self, id: str) -> list[StoredVersion]:
        """Return all versions of an article, the present one first, without earlier ones that are
        not as they were written; none if it does not exist."""
        query = f"SELECT {COLUMNS}, version, added_at, NULL FROM articles WHERE id = ?"
        rows = self._db.execute(query, (id,)).fetchall()
        if rows and self._db.has("versions"):
            query = (
                f"SELECT {COLUMNS}, version, added_at, replaced_at FROM versions "
                f"WHERE id = ? AND {self._checksums.condition('versions', 'versions')} "
                "ORDER BY version DESC"
            )
            rows += self._db.execute(query, (id,)).fetchall()
        return [version_of_row(row) for row in rows]
