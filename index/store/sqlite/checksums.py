"""Checksums of passages: what a row held when it was written, to be held against what it holds now.

An article has the hash of its text; a passage's own columns (whose it is, its place among the
others, where its sentences begin and end, its vector) are numbers, and a flipped bit makes other
numbers of them. The checksum of a passage stands in a row of its own, which also says whose
passage it was: so one that was lost is missed.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

from index.store.sqlite.database import Database, chunks, marks

__all__ = ["PASSAGE_COLUMNS", "ChecksumTable", "is_intact"]

# What a checksum is over, as plain types whatever a damaged row holds.
PASSAGE_COLUMNS: Final = (
    "p.key, CAST(p.article AS INTEGER), CAST(p.ordinal AS INTEGER), "
    "CAST(p.sentences AS BLOB), CAST(p.vector AS BLOB)"
)
_ROWS: Final = 10_000


def is_intact(
    key: int,
    article: int | None,
    ordinal: int | None,
    sentences: bytes | None,
    vector: bytes | None,
    checksum: int | None,
) -> bool:
    """Whether a passage's columns are the ones that its checksum was made of."""
    if article is None or ordinal is None or sentences is None or vector is None:
        return False
    return checksum == _checksum(key, article, ordinal, sentences, vector)


class ChecksumTable:
    """Checksums by passage. What writes is called inside a transaction that writes.

    A library of an older Pullquote has none of them, or not of the passages that one wrote after
    this one did. The generation up to which every passage has its own is kept; beyond it, a
    passage without checksum is taken as it is, until the next writer gives it one.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def is_complete(self) -> bool:
        """Whether every passage of this state was given a checksum."""
        return self._db.checksummed("passages") and self._db.has("passage_checksums")

    @property
    def column(self) -> str:
        """SQL for the checksum of the passage ``p``; NULL where there is none."""
        if not self._db.has("passage_checksums"):
            return "NULL"
        return "(SELECT checksum FROM passage_checksums c WHERE c.passage = p.key)"

    def insert(self, key: int, article: int, ordinal: int, sentences: bytes, vector: bytes) -> None:
        """Note what a new passage holds."""
        if self._db.has("passage_checksums"):
            values = (key, article, _checksum(key, article, ordinal, sentences, vector))
            self._db.execute("REPLACE INTO passage_checksums VALUES (?, ?, ?)", values)

    def fill(self) -> None:
        """Give a checksum to every passage that has none; what it holds now is taken as right."""
        last = 0
        query = (
            f"SELECT {PASSAGE_COLUMNS} FROM passages p "
            "WHERE p.key > ? AND p.article IN (SELECT key FROM articles) "
            "AND p.key NOT IN (SELECT passage FROM passage_checksums) ORDER BY p.key LIMIT ?"
        )
        while rows := self._db.execute(query, (last, _ROWS)).fetchall():
            last = rows[-1][0]
            values = [(row[0], row[1], _checksum(*row)) for row in rows if None not in row]
            self._db.executemany("REPLACE INTO passage_checksums VALUES (?, ?, ?)", values)
        self._db.set_checksummed("passages")

    def lost(self) -> list[int]:
        """Return the keys of articles of which a passage is not there any more."""
        if not self.is_complete:
            return []
        query = (
            "SELECT DISTINCT article FROM passage_checksums "
            "WHERE passage NOT IN (SELECT key FROM passages)"
        )
        return [article for (article,) in self._db.execute(query)]

    def owners(self, passages: list[int]) -> dict[int, int]:
        """``{passage key: key of the article that it was written for}``, as far as it is known."""
        owners: dict[int, int] = {}
        if self._db.has("passage_checksums"):
            for part in chunks(passages):
                query = (
                    "SELECT passage, article FROM passage_checksums "
                    f"WHERE passage IN ({marks(part)})"
                )
                owners |= dict(self._db.execute(query, part).fetchall())
        return owners


def _checksum(key: int, article: int, ordinal: int, sentences: bytes, vector: bytes) -> int:
    numbers = struct.pack("<qqq", key, article, ordinal)
    return zlib.crc32(vector, zlib.crc32(sentences, zlib.crc32(numbers)))
