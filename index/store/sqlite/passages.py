"""The table of passages with their vectors, and of removed passages."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.article import Passage, Span
from index.encode.base import Floats
from index.search.lexical import LexicalRow
from index.store.base import Keys
from index.store.sqlite.checksums import PASSAGE_COLUMNS, ChecksumTable, is_intact
from index.store.sqlite.database import Database, chunks, marks
from index.store.sqlite.rows import passage_of_row, spans_of_blob

__all__ = ["PassageTable"]

_OF_ARTICLE = "JOIN articles a ON a.key = p.article"


class PassageTable:
    """Passages by key.

    Keys come from an AUTOINCREMENT column, so none is used twice. Methods that write are called
    inside ``database.writing()``.
    """

    def __init__(self, database: Database) -> None:
        self._db = database
        self._checksums = ChecksumTable(database)

    def count(self) -> int:
        (count,) = self._db.execute("SELECT count(*) FROM passages").fetchone()
        return int(count)

    def insert(self, article: int, ordinal: int, sentences: Sequence[Span], vector: Floats) -> int:
        """Add one passage; returns its key."""
        spans = np.array([(span.start, span.end) for span in sentences], dtype="<i4")
        blobs = spans.tobytes(), vector.astype("<f4").tobytes()
        cursor = self._db.execute(
            "INSERT INTO passages (article, ordinal, sentences, vector) VALUES (?, ?, ?, ?)",
            (article, ordinal, *blobs),
        )
        key = cursor.lastrowid
        assert key is not None
        self._checksums.insert(key, article, ordinal, *blobs)
        return key

    def by_key(self, keys: Sequence[int]) -> dict[int, tuple[Passage, int]]:
        """``{passage key: (passage, article key)}`` of those that are there. One that is not as it
        was written is as if it were not: whose it is and where it stands, nobody knows."""
        passages: dict[int, tuple[Passage, int]] = {}
        for part in chunks(keys):
            rows = self._intact(f"{_OF_ARTICLE} WHERE p.key IN ({marks(part)})", part, ", a.id")
            passages |= {row[0]: (_passage(row), row[1]) for row in rows}
        return passages

    def of(self, article_id: str) -> list[Passage]:
        """Return the passages of one article that are as they were written, in order."""
        rest = f"{_OF_ARTICLE} WHERE a.id = ? ORDER BY p.ordinal"
        return [_passage(row) for row in self._intact(rest, (article_id,), ", a.id")]

    def holds_any(self, keys: Sequence[int]) -> bool:
        """Whether there is a row, of whatever content, for any of these keys."""
        return any(
            self._db.execute(
                f"SELECT 1 FROM passages WHERE key IN ({marks(part)})", part
            ).fetchone()
            for part in chunks(keys)
        )

    def _intact(
        self, rest: str, values: Sequence[Any] = (), more: str = ""
    ) -> Iterator[tuple[Any, ...]]:
        """Rows of passages that are as they were written: what a checksum is over, the checksum,
        and ``more`` columns. ``rest``: the statement from its joins on."""
        strict = self._checksums.is_complete
        query = f"SELECT {PASSAGE_COLUMNS}, {self._checksums.column}{more} FROM passages p {rest}"
        for row in self._db.execute(query, values):
            if (row[5] is None and not strict) or is_intact(*row[:6]):
                yield row

    def keys(self, articles: NDArray[np.int64]) -> Keys:
        """Return the keys of the passages of some articles, ascending."""
        keys: list[int] = []
        for part in chunks(articles.tolist()):
            query = f"SELECT key FROM passages WHERE article IN ({marks(part)})"
            keys.extend(row[0] for row in self._db.execute(query, part))
        return np.array(sorted(keys), dtype=np.int64)

    def vectors(self, after: int = 0) -> tuple[Keys, Floats]:
        """Keys and vectors (float32 ``[n, dim]``) of the passages with a key above ``after``, but
        for those that are not as they were written."""
        rows = [
            (row[0], row[4]) for row in self._intact("WHERE p.key > ? ORDER BY p.key", (after,))
        ]
        keys = np.array([key for key, _ in rows], dtype=np.int64)
        return keys, _matrix([vector for _, vector in rows])

    def vectors_of(self, keys: Sequence[int]) -> Floats:
        """Return the vectors of these passages, float32 ``[len(keys), dim]``. ``KeyError`` if one
        does not exist."""
        vectors: dict[int, bytes] = {}
        for part in chunks(keys):
            query = f"SELECT key, vector FROM passages WHERE key IN ({marks(part)})"
            vectors |= dict(self._db.execute(query, part).fetchall())
        return _matrix([vectors[key] for key in keys])

    def corrupt_keys(self) -> list[int]:
        """The keys of passages that are not as they were written, belong to no article, or have no
        checksum and lie outside of their article's text."""
        strict = self._checksums.is_complete
        query = "SELECT key, length(text) FROM articles"
        # Counted once each: SQLite counts the characters of a text one by one.
        lengths: dict[int, int] = {} if strict else dict(self._db.execute(query).fetchall())
        query = (
            f"SELECT {PASSAGE_COLUMNS}, {self._checksums.column}, a.key "
            "FROM passages p LEFT JOIN articles a ON a.key = p.article ORDER BY p.key"
        )
        keys: list[int] = []
        for row in self._db.execute(query):
            unknown = row[5] is None and not strict
            if unknown and row[6] is not None and _within(row[3], lengths[row[6]]):
                continue
            if row[6] is None or unknown or not is_intact(*row[:6]):
                keys.append(row[0])
        return keys

    def incomplete(self, corrupt: list[int]) -> list[str]:
        """Return the ids of articles that lost passages, have none, or own some of the ``corrupt``
        keys."""
        bare = "SELECT key FROM articles WHERE key NOT IN (SELECT article FROM passages)"
        keys = {key for (key,) in self._db.execute(bare)}
        owners = self._checksums.owners(corrupt)
        keys |= {*self._checksums.lost(), *owners.values()}
        # Of the others, the row itself has to be believed.
        for part in chunks([key for key in corrupt if key not in owners]):
            query = f"SELECT CAST(article AS INTEGER) FROM passages WHERE key IN ({marks(part)})"
            keys |= {key for (key,) in self._db.execute(query, part)}
        ids: list[str] = []
        for part in chunks(sorted(key for key in keys if key is not None)):
            query = f"SELECT id FROM articles WHERE key IN ({marks(part)}) ORDER BY key"
            ids += [id for (id,) in self._db.execute(query, part)]
        return ids

    def delete(self, keys: Sequence[int]) -> None:
        """Remove single passages; that their articles had them stays known."""
        for part in chunks(keys):
            rows = f"FROM passages WHERE key IN ({marks(part)})"
            self._db.execute(f"INSERT OR IGNORE INTO tombstones SELECT key {rows}", part)
            self._db.execute(f"DELETE {rows}", part)

    def faults(self) -> list[str]:
        """List what is wrong with the passages as a whole, and with which articles."""
        sizes = self._db.execute("SELECT DISTINCT length(vector) FROM passages").fetchall()
        corrupt = self.corrupt_keys()
        faults = [
            f"a passage of article {id!r} is not as it was written"
            for id in self.incomplete(corrupt)
        ]
        if corrupt and not faults:
            faults.append(f"{len(corrupt)} passages without article")
        if len(sizes) > 1 and not faults:
            faults.append(f"vectors of {len(sizes)} sizes")
        if count := self.count_masked():
            faults.append(f"{count} passages are noted as removed, but are there")
        return (
            [*faults[:5], f"and {len(faults) - 5} more of the kind"] if len(faults) > 5 else faults
        )

    def lexical_rows(self) -> Iterator[LexicalRow]:
        """Yield the rows of the lexical index, one for each passage."""
        rows = self._intact(f"{_OF_ARTICLE} ORDER BY p.key")
        # An article's text is read once, not with each of its passages.
        for article, passages in itertools.groupby(rows, key=lambda row: int(row[1])):
            query = "SELECT language, title, text FROM articles WHERE key = ?"
            language, title, text = self._db.execute(query, (article,)).fetchone()
            for key, _, _, blob, *_ in passages:
                spans = spans_of_blob(blob)
                passage = text[spans[0].start : spans[-1].end]
                yield LexicalRow(key, article, language, title, passage)

    # Passages that went since the vector file was written

    def count_masked(self) -> int:
        """How many passages are noted as removed and are there all the same."""
        query = "SELECT count(*) FROM tombstones WHERE passage IN (SELECT key FROM passages)"
        (count,) = self._db.execute(query).fetchone()
        return int(count)

    def tombstones(self, up_to: int) -> Keys:
        """Return the keys of removed passages, up to ``up_to``: later ones were never in the vector
        file."""
        query = "SELECT passage FROM tombstones WHERE passage <= ? ORDER BY passage"
        rows = self._db.execute(query, (up_to,)).fetchall()
        return np.array([row[0] for row in rows], dtype=np.int64)

    def clear_tombstones(self) -> None:
        self._db.execute("DELETE FROM tombstones")


def _passage(row: Sequence[Any]) -> Passage:
    """Return the passage of a row that ends with the id of its article."""
    return passage_of_row((row[0], row[-1], row[2], row[3]))


def _matrix(vectors: Sequence[bytes]) -> Floats:
    """Vectors as they are stored: float32 ``[n, dim]``."""
    flat = np.frombuffer(b"".join(vectors), dtype="<f4")
    return flat.reshape(len(vectors), -1) if vectors else np.zeros((0, 1), dtype=np.float32)


def _within(blob: bytes, length: int) -> bool:
    """Whether sentences are in order and inside a text of ``length`` characters."""
    if not blob or len(blob) % 8:
        return False
    offsets = [0, *np.frombuffer(blob, dtype="<i4").tolist(), length]
    return all(before <= after for before, after in itertools.pairwise(offsets))
