"""The tables of each article's provenance, and of the lines of its publisher's pages.

Two tables, of :data:`index.store.sqlite.schema.ADDITIONS`: an older library opens without them, and
its articles have no provenance. Rows are deleted with their article.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from index.boilerplate.omission import Omission
from index.ingest.provenance import Provenance
from index.store.sqlite.database import LIST, Database
from index.store.sqlite.row_checksums import RowChecksums

__all__ = ["ProvenanceTable"]

# More rows of one line would tell nothing new, and counting them would cost.
_MAX_ROWS_OF_A_LINE = 32


class ProvenanceTable:
    """Provenance by article.

    Reading gives nothing while the tables do not exist; methods that write are called inside
    ``database.writing()``.
    """

    def __init__(self, database: Database) -> None:
        self._db = database
        self._checksums = RowChecksums(database)

    def insert(self, article: int, provenance: Provenance) -> None:
        """Store the provenance of the article of this key."""
        lines = [[omission.line, omission.reason, omission.text] for omission in provenance.dropped]
        self._db.execute(
            "INSERT INTO arrivals (article, mark, date_source, dropped) VALUES (?, ?, ?, ?)",
            (
                article,
                provenance.input_hash,
                provenance.date_source,
                json.dumps(lines, ensure_ascii=False),
            ),
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO publisher_lines SELECT ?, ? WHERE "
            "(SELECT count(*) FROM publisher_lines WHERE line = ?) < ?",
            # Python 3.12.0 to 3.12.3 take a numbered place (?1) for a named one.
            [(line, article, line, _MAX_ROWS_OF_A_LINE) for line in provenance.lines],
        )

    def of(self, article_id: str) -> Provenance | None:
        """Return the provenance of an article; ``None`` where it has none, or one that
        is not as it was written."""
        if not self._db.has("publisher_lines"):
            return None
        row = self._db.execute(
            "SELECT v.mark, v.date_source, v.dropped, a.key FROM arrivals v "
            "JOIN articles a ON a.key = v.article WHERE a.id = ? "
            f"AND {self._checksums.condition('arrivals', 'v')}",
            (article_id,),
        ).fetchone()
        if row is None:
            return None
        query = (
            "SELECT line FROM publisher_lines l WHERE article = ? "
            f"AND {self._checksums.condition('publisher_lines', 'l')} ORDER BY line"
        )
        lines = tuple(line for (line,) in self._db.execute(query, (row[3],)))
        omissions = tuple(Omission(n, text, reason) for n, reason, text in json.loads(row[2]))
        return Provenance(row[0], row[1], omissions, lines)

    def ids_of_input(self, input_hash: str) -> list[str]:
        """Return the articles that came of exactly this input."""
        if not self._db.has("publisher_lines"):
            return []
        query = (
            "SELECT a.id FROM arrivals v JOIN articles a ON a.key = v.article "
            "WHERE v.mark = ? ORDER BY a.id"
        )
        return [id for (id,) in self._db.execute(query, (input_hash,))]

    def line_counts(
        self, lines: Collection[int], longest: Collection[int], but: Collection[str]
    ) -> dict[int, int]:
        """Count the articles that have each of these lines; see
        :meth:`index.store.base.ProvenanceRecords.line_counts`."""
        if not lines or not self._db.has("publisher_lines"):
            return {}
        # Rows are not held against their checksums: one more or less hardly weighs, and it would
        # take five times as long.
        copies = f"SELECT article FROM publisher_lines WHERE line IN {LIST}"
        excluding = f"SELECT key FROM articles WHERE id IN {LIST}"
        rows = self._db.execute(
            f"SELECT line, count(*) FROM publisher_lines WHERE line IN {LIST} "
            f"AND article NOT IN ({copies}) AND article NOT IN ({excluding}) GROUP BY line",
            [json.dumps(list(values)) for values in (lines, longest, but)],
        )
        return dict(rows.fetchall())
