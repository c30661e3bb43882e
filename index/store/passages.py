"""The table of passages with their vectors, and of removed passages."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.article import Passage, Span
from index.encode.base import Floats
from index.search.lexical import LexicalRow
from index.store.base import Keys
from index.store.database import Database, chunks, marks
from index.store.rows import passage_of_row, spans_of_blob

__all__ = ["PassageTable"]

_PASSAGES = (
    "SELECT p.key, a.id, p.ordinal, p.sentences, p.article "
    "FROM passages p JOIN articles a ON a.key = p.article"
)


class PassageTable:
    """Passages by key.

    Keys come from an AUTOINCREMENT column, so none is used twice. Methods that write are called
    inside ``database.writing()``.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def count(self) -> int:
        (count,) = self._db.execute("SELECT count(*) FROM passages").fetchone()
        return int(count)

    def insert(self, article: int, ordinal: int, sentences: Sequence[Span], vector: Floats) -> int:
        """Add one passage; returns its key."""
        spans = np.array([(span.start, span.end) for span in sentences], dtype="<i4")
        cursor = self._db.execute(
            "INSERT INTO passages (article, ordinal, sentences, vector) VALUES (?, ?, ?, ?)",
            (article, ordinal, spans.tobytes(), vector.astype("<f4").tobytes()),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def by_key(self, keys: Sequence[int]) -> dict[int, tuple[Passage, int]]:
        """Return ``{passage key: (passage, article key)}`` for the passages that exist."""
        passages: dict[int, tuple[Passage, int]] = {}
        for part in chunks(keys):
            rows = self._db.execute(f"{_PASSAGES} WHERE p.key IN ({marks(part)})", part)
            passages |= {row[0]: (passage_of_row(row), row[4]) for row in rows}
        return passages

    def of(self, article_id: str) -> list[Passage]:
        """The passages of one article, in order."""
        rows = self._db.execute(f"{_PASSAGES} WHERE a.id = ? ORDER BY p.ordinal", (article_id,))
        return [passage_of_row(row) for row in rows]

    def keys(self, articles: NDArray[np.int64]) -> Keys:
        """The keys of the passages of some articles, ascending."""
        keys: list[int] = []
        for part in chunks(articles.tolist()):
            query = f"SELECT key FROM passages WHERE article IN ({marks(part)})"
            keys.extend(row[0] for row in self._db.execute(query, part))
        return np.array(sorted(keys), dtype=np.int64)

    def vectors(self, after: int = 0) -> tuple[Keys, Floats]:
        """Return keys and vectors (float32 ``[n, dim]``) of the passages with a key above
        ``after``."""
        rows = self._db.execute(
            "SELECT key, vector FROM passages WHERE key > ? ORDER BY key", (after,)
        ).fetchall()
        keys = np.array([row[0] for row in rows], dtype=np.int64)
        flat = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4")
        return keys, flat.reshape(len(rows), -1) if rows else np.zeros((0, 1), dtype=np.float32)

    def vectors_of(self, keys: Sequence[int]) -> Floats:
        """Return the vectors of these passages, float32 ``[len(keys), dim]``. ``KeyError`` if one
        does not exist."""
        vectors: dict[int, bytes] = {}
        for part in chunks(keys):
            query = f"SELECT key, vector FROM passages WHERE key IN ({marks(part)})"
            vectors |= dict(self._db.execute(query, part).fetchall())
        flat = np.frombuffer(b"".join(vectors[key] for key in keys), dtype="<f4")
        return flat.reshape(len(keys), -1) if len(keys) else np.zeros((0, 1), dtype=np.float32)

    def faults(self) -> list[str]:
        """List faults of the passages as a whole: vectors of different sizes, sentences beyond
        their article's text, passages without articles or articles without passages."""
        sizes = self._db.execute("SELECT DISTINCT length(vector) FROM passages").fetchall()
        faults = [f"vectors of {len(sizes)} sizes"] if len(sizes) > 1 else []
        lost = "SELECT count(*) FROM passages WHERE article NOT IN (SELECT key FROM articles)"
        bare = "SELECT count(*) FROM articles WHERE key NOT IN (SELECT article FROM passages)"
        for query, fault in (
            (lost, "passages without article"),
            (bare, "articles without passage"),
        ):
            (count,) = self._db.execute(query).fetchone()
            faults += [f"{count} {fault}"] if count else []
        rows = self._db.execute(
            "SELECT a.id, length(a.text), p.sentences FROM passages p "
            "JOIN articles a ON a.key = p.article"
        )
        outside = [id for id, length, blob in rows if not _within(blob, length)]
        faults += [f"a passage of article {id!r} is not within its text" for id in outside]
        return faults[:5]

    def lexical_rows(self) -> Iterator[LexicalRow]:
        """Yield the rows of the lexical index, one for each passage."""
        rows = self._db.execute(
            "SELECT p.key, p.article, a.language, a.title, a.text, p.sentences "
            "FROM passages p JOIN articles a ON a.key = p.article ORDER BY p.key"
        )
        for key, article, language, title, text, blob in rows:
            spans = spans_of_blob(blob)
            passage = text[spans[0].start : spans[-1].end]
            yield LexicalRow(key, article, language, title, passage)

    # Passages that went since the vector file was written

    def tombstones(self, up_to: int) -> Keys:
        """Return the keys of removed passages, up to ``up_to``: later ones were never in the vector
        file."""
        query = "SELECT passage FROM tombstones WHERE passage <= ? ORDER BY passage"
        rows = self._db.execute(query, (up_to,)).fetchall()
        return np.array([row[0] for row in rows], dtype=np.int64)

    def clear_tombstones(self) -> None:
        self._db.execute("DELETE FROM tombstones")


def _within(blob: bytes, length: int) -> bool:
    """Whether sentences are in order and inside a text of ``length`` characters."""
    if not blob or len(blob) % 8:
        return False
    offsets = [0, *np.frombuffer(blob, dtype="<i4").tolist(), length]
    return all(before <= after for before, after in itertools.pairwise(offsets))
