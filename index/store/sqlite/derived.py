"""The indexes derived from the database: opened, rebuilt, and updated with what is written.

An index carries the name of what it was made from: the database records its vector file with the
file's checksum, and the lexical index its revision of the passages. An index of another state, or a
damaged one, is never searched.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from index.error_mapping import storage_errors
from index.errors import LibraryCorrupt, LibraryError
from index.search import lexical_files
from index.search.analyzer import analysis_version
from index.search.dense import (
    VectorBase,
    VectorIndex,
    base_name,
    check_base,
    choose_factory,
    extend_base,
    find_base,
    is_extendable,
    other_bases,
    write_base,
)
from index.search.lexical import LexicalIndex
from index.search.lexical_files import FileState, Origin
from index.store.sqlite.database import Database
from index.store.sqlite.passages import PassageTable

__all__ = ["DerivedLexical", "DerivedVectors"]

# The vector file is rewritten once this many passages, and this share, came or went since: they are
# read from the store whenever the file is opened, and searched beside it one by one. A file whose
# kind cannot be extended is built anew, at a larger share.
_REWRITE_MIN, _REWRITE_SHARE, _BUILD_SHARE = 2_000, 0.05, 0.25
# Lexical indexes up to this size are read whole when they are opened; larger ones by doctor.
_CHECK_ON_OPEN = 256 << 20
# The file is described as ever, and what an older Pullquote does not know of it stands apart.
_BASE, _LISTS = "vector_base", "vector_lists"
_BASE_FIELDS = {"file": str, "sha256": str, "count": int, "last_key": int, "factory": str}
# The greatest number that SQLite knows.
_MAX_INTEGER = (1 << 63) - 1


class DerivedVectors:
    """The vector file of one database."""

    def __init__(self, database: Database, factory: str) -> None:
        self._db = database
        self._folder = database.folder
        self._factory = factory
        self._passages = PassageTable(database)

    def base(self) -> VectorBase | None:
        """Return the file in use. ``LibraryCorrupt`` when the record of it is invalid."""
        record = self._db.meta(_BASE)
        if record is None:
            return None
        if not _describes_base(record):
            raise LibraryCorrupt(f"{self._db.path}: its vector file is not described")
        lists = self._db.meta(_LISTS)
        similarity = lists.get(record["file"]) if isinstance(lists, dict) else None
        return VectorBase(
            **record, similarity=similarity if isinstance(similarity, float) else None
        )

    def open(self) -> VectorIndex:
        """Open the vectors of this state. ``LibraryCorrupt`` when the file fails its checks."""
        base = self.base()
        if base is None:
            return self.in_memory()
        changes = self._passages.vectors(after=base.last_key)
        tombstones = self._passages.tombstones(base.last_key)
        return VectorIndex.open(self._folder, base, *changes, tombstones)

    def in_memory(self) -> VectorIndex:
        """Index the vectors of this state without the file."""
        return VectorIndex.from_vectors(*self._passages.vectors())

    def check(self) -> None:
        """Read and check the whole file. ``LibraryCorrupt`` when it fails."""
        if (base := self.base()) is not None:
            check_base(self._folder, base)

    def prepare(self) -> str | None:
        """Write the file where it is missing, as after a store was restored from a copy; called by
        the holder of the lock. Returns what was wrong, if anything."""
        try:
            if (base := self.base()) is not None:
                find_base(self._folder, base)
        except LibraryCorrupt as exc:
            with self._db.writing():
                self.update(anew=True)
            return str(exc)
        return None

    def update(self, anew: bool = False) -> None:
        """Rewrite the file if enough has changed; inside ``database.writing()``."""
        base = None if anew else self.base()
        dead = len(self._passages.tombstones(base.last_key)) if base else 0
        fresh = self._passages.count() - (base.count - dead if base else 0)
        if not anew and dead + fresh <= (self._most_changes(base) if base else 0):
            return
        name = base_name(self._db.generation + 1)
        new_base = (self._extended(base, name) if base else None) or self._built(name)
        self._record(new_base)
        self._passages.clear_tombstones()

    def _most_changes(self, base: VectorBase) -> float:
        share = _REWRITE_SHARE if is_extendable(base.factory) else _BUILD_SHARE
        return max(_REWRITE_MIN, share * base.count)

    def _extended(self, base: VectorBase, name: str) -> VectorBase | None:
        """Write the file with what changed since; ``None`` where it has to be built, since another
        kind is for so many passages, or it is damaged or not for such vectors."""
        factory = choose_factory(self._factory, count := self._passages.count())
        if not count or factory != base.factory or not is_extendable(factory):
            return None
        changes = self._passages.vectors(after=base.last_key)
        tombstones = self._passages.tombstones(base.last_key)
        try:
            return extend_base(self._folder, base, name, *changes, tombstones)
        except LibraryCorrupt:
            return None

    def _built(self, name: str) -> VectorBase | None:
        keys, vectors = self._passages.vectors()
        if not len(keys):
            return None
        factory = choose_factory(self._factory, len(keys))
        return write_base(self._folder, name, factory, keys, vectors)

    def _record(self, base: VectorBase | None) -> None:
        """Note which file is in use."""
        record = asdict(base) if base else None
        similarity = record.pop("similarity") if record else None
        self._db.set_meta(_BASE, record)
        self._db.set_meta(_LISTS, {base.file: similarity} if base and similarity else None)

    def forget(self) -> None:
        """Record that there is no file, as in a copy of the database alone; inside
        ``database.writing()``."""
        self._record(None)
        self._passages.clear_tombstones()

    def clear(self) -> None:
        """Remove files that are not in use. The caller holds the lock."""
        with storage_errors(self._folder):
            for file in other_bases(self._folder, self.base()):
                file.unlink(missing_ok=True)


class DerivedLexical:
    """The lexical index of one database. ``intact``: files that were checked before and are not
    read again to open it. ``is_suspect``: whether its files are read to open it however large they
    are, since a search found them damaged."""

    def __init__(
        self,
        database: Database,
        intact: set[FileState] | None = None,
        is_suspect: bool = False,
    ) -> None:
        self._db = database
        self._intact = intact
        self._is_suspect = is_suspect
        # Why the index could not be opened at the last try, where its files told nothing.
        self.failure: str | None = None
        self.folder: Path = database.folder / "lexical"
        self._passages = PassageTable(database)

    def open(self) -> LexicalIndex | None:
        """Open the index, if it has all passages of this state and can be used, else ``None``."""
        revision = self._db.revision
        origin = self._origin()
        if origin is None or not origin.serves(revision):
            return None
        # While somebody is writing, files come and go.
        if origin.is_settled(revision) and self._has_damage():
            return None
        try:
            index = self._open_files()
        except LibraryError as exc:
            self.failure = str(exc)
            return None
        # A writer may have gone on between.
        origin = self._origin()
        return index if origin is not None and origin.serves(revision) else None

    @property
    def is_settled(self) -> bool:
        """Whether no writer has begun a change of the index without finishing it."""
        origin = self._origin()
        return origin is not None and origin.is_settled(self._db.revision)

    def _open_files(self) -> LexicalIndex:
        if os.access(self.folder, os.W_OK):
            return LexicalIndex.open(self.folder)
        return LexicalIndex.open_read_only(self.folder)

    def in_memory(self) -> LexicalIndex:
        """Make an index of this state that needs nothing on disk."""
        return LexicalIndex.in_memory(self.folder, self._passages.lexical_rows())

    def wrong(self, contents: bool = True) -> str | None:
        """Describe the damage of the index; ``None`` if there is none. The caller holds the lock.

        contents: whether its files are read, or only checked to exist.
        """
        if not self.folder.exists():
            return f"{self.folder}: the lexical index is missing"
        if damage := lexical_files.damage(self.folder, contents):
            return damage
        origin = self._origin()
        if origin is None or not origin.is_settled(self._db.revision):
            return f"{self.folder}: the lexical index was made from another state of the store"
        try:
            self._open_files()
        except LibraryError as exc:
            return str(exc)
        return None

    def rebuild(self) -> None:
        """Rebuild the index from the newest state. The caller holds the lock."""
        if self._db.revision is None:
            with self._db.writing():
                pass  # An older Pullquote wrote last: the passages are given a revision.
        with self._db.reading():
            revision = self._db.revision
            assert revision is not None
            LexicalIndex.rebuilt(self.folder, self._passages.lexical_rows(), revision)

    def prepare(self, contents: bool = False) -> str | None:
        """Make the index writable, rebuilding it if need be; called by the holder of the lock.
        Returns what was wrong, if anything."""
        wrong = self.wrong(contents)
        if wrong:
            self.rebuild()
        return wrong

    def recover(self) -> None:
        """Rebuild the index where a change of it failed midway: keys of passages that never came to
        be are given out again. The caller holds the lock."""
        if not self.is_settled:
            self.rebuild()

    @contextmanager
    def changing(self, following: str) -> Iterator[LexicalIndex]:
        """Yield the index so that passages can be added to it inside ``database.writing()``, which
        gives them the revision ``following``."""
        before = Origin.read(self.folder)
        assert before is not None
        # Should nothing come of it, the next writer finds the index unsettled and makes it anew.
        Origin(before.revision, following, analysis=before.analysis).write(self.folder)
        yield LexicalIndex.open(self.folder)

    def settle(self, keys: Sequence[int]) -> None:
        """Delete the passages of removed articles, after the database's change is committed."""
        revision = self._db.revision
        assert revision is not None
        if keys:
            analysis = analysis_version()
            Origin(revision, clearing=True, analysis=analysis).write(self.folder)
            LexicalIndex.open(self.folder).remove_articles(keys)
        Origin.settled(self.folder, revision).write(self.folder)

    def _origin(self) -> Origin | None:
        """Read the origin of the index; ``None`` for a folder that is a link to elsewhere."""
        return None if self.folder.is_symlink() else Origin.read(self.folder)

    def _has_damage(self) -> bool:
        """Whether files are damaged; those of a large index are not read until it is suspect."""
        contents = self._is_suspect or lexical_files.size(self.folder) <= _CHECK_ON_OPEN
        return lexical_files.damage(self.folder, contents, self._intact) is not None


def _describes_base(record: object) -> bool:
    """Whether a value of the store, which may be anybody's library, describes a vector file."""
    if not isinstance(record, dict) or record.keys() != _BASE_FIELDS.keys():
        return False
    has_kinds = all(type(record[name]) is kind for name, kind in _BASE_FIELDS.items())
    return has_kinds and all(0 <= record[name] <= _MAX_INTEGER for name in ("count", "last_key"))
