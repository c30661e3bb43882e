"""Families of near-duplicates in the database: an article joins the family of an article that it
copies.

Signatures are looked up by LSH band, so adding one article to many compares it with few. A family
includes the copies of copies, so a round-up of several stories may join unlike articles. That does
no harm: which copy is cited is decided by the sentence (:mod:`rag.citing.copies`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from index.store.sqlite.database import LIST, Database
from index.store.sqlite.row_checksums import RowChecksums
from index.text.shingles import SCHEME, Fingerprint, are_copies

__all__ = ["FamilyTable"]

# One band that very many articles share is a publisher's furniture.
_MOST_OF_A_BAND, _MOST_COMPARED = 200, 48
_META = "copies"


class FamilyTable:
    """The families of one database. Methods that write are called inside ``database.writing()``."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._checksums = RowChecksums(database)

    def prepare(self) -> None:
        """Delete signatures of an older version; :meth:`fill` computes them again."""
        if self._db.meta(_META) != SCHEME:
            self._db.execute("DELETE FROM copies")
            self._db.execute("DELETE FROM copy_bands")
            self._db.set_meta(_META, SCHEME)

    def place(self, key: int, text: str, fingerprint: Fingerprint) -> str | None:
        """Put an article that was just written into its family; returns the id of an article that
        it copies, if there is one."""
        original: str | None = None
        family = key
        for candidate, candidate_family in self._candidates(fingerprint):
            if candidate_family == family:
                continue
            query = "SELECT id, text FROM articles WHERE key = ?"
            id, candidate_text = self._db.execute(query, (candidate,)).fetchone()
            if not are_copies(text, candidate_text):
                continue
            original = original or id
            if family != key:
                query = "UPDATE copies SET family = ? WHERE family = ?"
                self._db.execute(query, (candidate_family, family))
            family = candidate_family
        self._db.execute(
            "INSERT INTO copies (article, family, runs, signature) VALUES (?, ?, ?, ?)",
            (key, family, fingerprint.runs, fingerprint.to_bytes()),
        )
        self._insert_bands(key, fingerprint)
        return original

    def _insert_bands(self, key: int, fingerprint: Fingerprint) -> None:
        rows = [(value, key) for value in fingerprint.bands()]
        self._db.executemany("INSERT OR IGNORE INTO copy_bands VALUES (?, ?)", rows)

    def _candidates(self, fingerprint: Fingerprint) -> Iterator[tuple[int, int]]:
        """Yield key and family of the articles worth comparing, the likeliest first."""
        counts: Counter[int] = Counter()
        query = "SELECT article FROM copy_bands WHERE value = ? LIMIT ?"
        for value in fingerprint.bands():
            rows = self._db.execute(query, (value, _MOST_OF_A_BAND))
            counts.update(row[0] for row in rows)
        query = "SELECT family, runs, signature FROM copies WHERE article = ?"
        for key, _ in counts.most_common(_MOST_COMPARED):
            row = self._db.execute(query, (key,)).fetchone()
            if row and fingerprint.may_copy(Fingerprint.from_bytes(row[2], row[1])):
                yield key, row[0]

    def forget(self, keys: Sequence[int]) -> None:
        """Remove articles from their families before they are deleted; the others stay one
        family."""
        for key in keys:
            row = self._db.execute(
                "SELECT runs, signature FROM copies WHERE article = ?", (key,)
            ).fetchone()
            if row is None:
                continue
            for value in Fingerprint.from_bytes(row[1], row[0]).bands():
                query = "DELETE FROM copy_bands WHERE value = ? AND article = ?"
                self._db.execute(query, (value, key))
            self._db.execute("DELETE FROM copies WHERE article = ?", (key,))

    def families(self, ids: Sequence[str]) -> dict[str, int]:
        """Return the number of each article's family, by id; without those that are in none, and
        those of which it is not as it was written."""
        if not self._db.has("copies"):
            return {}
        rows = self._db.execute(
            "SELECT a.id, c.family FROM articles a JOIN copies c ON c.article = a.key "
            f"WHERE a.id IN {LIST} AND {self._checksums.condition('copies', 'c')}",
            (json.dumps(list(ids)),),
        )
        return {row[0]: row[1] for row in rows}

    def members(self, id: str) -> list[int]:
        """Return the keys of an article's family, including itself, the one to cite first: the
        earliest dated, then the most complete, then the first that was added."""
        if not self._db.has("copies"):
            return []
        rows = self._db.execute(
            "SELECT a.key FROM articles a JOIN copies c ON c.article = a.key WHERE c.family = "
            "(SELECT c.family FROM articles a JOIN copies c ON c.article = a.key WHERE a.id = ?) "
            "ORDER BY a.published_at IS NULL, a.published_at, c.runs DESC, a.key",
            (id,),
        )
        return [row[0] for row in rows]

    def uncompared(self) -> int:
        """Count the articles not yet compared with others: those of an older Pullquote."""
        (articles,) = self._db.execute("SELECT count(*) FROM articles").fetchone()
        if not self._db.has("copies") or self._db.meta(_META) != SCHEME:
            return int(articles)
        (count,) = self._db.execute("SELECT count(*) FROM copies").fetchone()
        return int(articles) - int(count)

    def fill(self) -> int:
        """Compare all articles that were not yet compared; returns how many there were."""
        self.prepare()
        rows = self._db.execute(
            "SELECT key FROM articles WHERE key NOT IN (SELECT article FROM copies) ORDER BY key"
        ).fetchall()
        for (key,) in rows:
            query = "SELECT text FROM articles WHERE key = ?"
            (text,) = self._db.execute(query, (key,)).fetchone()
            self.place(key, text, Fingerprint.of(text))
        return len(rows)

    def has_damaged_bands(self) -> bool:
        """Whether the bands are not those of the signatures, which have to be as they were
        written."""
        if not self._db.checksummed("table_rows"):
            return False
        count = 0
        for article, fingerprint in self._fingerprints():
            values = set(fingerprint.bands())
            query = f"SELECT count(*) FROM copy_bands WHERE article = ? AND value IN {LIST}"
            (there,) = self._db.execute(query, (article, json.dumps(list(values)))).fetchone()
            if there != len(values):
                return True
            count += there
        (total,) = self._db.execute("SELECT count(*) FROM copy_bands").fetchone()
        return bool(total != count)

    def restore_bands(self) -> None:
        """Write the bands of all signatures anew."""
        self._db.execute("DELETE FROM copy_bands")
        for article, fingerprint in self._fingerprints():
            self._insert_bands(article, fingerprint)

    def _fingerprints(self) -> Iterator[tuple[int, Fingerprint]]:
        for article, runs, signature in self._db.execute(
            "SELECT article, runs, signature FROM copies"
        ):
            yield article, Fingerprint.from_bytes(signature, runs)
