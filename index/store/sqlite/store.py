"""The store that ships: SQLite, with FAISS and tantivy beside it, in one folder.

Writing: a change takes effect with the database's transaction. New passages are added to the
lexical index just before it and old ones deleted just after, so the lexical index never lacks a
passage that the database has. A process that dies in between leaves passages there that have no
row; readers skip them, and the next writer rebuilds the index.

Reading: a snapshot holds one state of the database for as long as it is open, and indexes that have
all of that state. Their further passages have no row in the database and are skipped.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.error_mapping import database_errors
from index.errors import LibraryCorrupt, LibraryError
from index.search.dense import VectorIndex
from index.search.lexical import LexicalIndex, LexicalRow
from index.search.lexical_files import FileState
from index.store.base import NewArticle, Records, Snapshot, Writer
from index.store.sqlite.articles import ArticleTable
from index.store.sqlite.connections import Connections
from index.store.sqlite.database import Database
from index.store.sqlite.derived import DerivedLexical, DerivedVectors
from index.store.sqlite.families import FamilyTable
from index.store.sqlite.faults import faults, row_faults
from index.store.sqlite.lock import is_held, writing
from index.store.sqlite.migration import is_outdated, migrate
from index.store.sqlite.passages import PassageTable
from index.store.sqlite.provenance import ProvenanceTable
from index.store.sqlite.reading import SqliteRecords, SqliteSnapshot
from index.store.sqlite.row_checksums import RowChecksums
from index.store.sqlite.sync_items import SyncTable
from index.store.sqlite.version_table import VersionTable
from index.store.sync_changes import SyncChange

__all__ = ["SqliteStore", "SqliteWriter"]

# How often, and how many seconds apart, indexes are opened that a writer is at work on.
_TRIES, _PAUSE = 5, 0.05
_DOCTOR = "run pullquote doctor"


@dataclass(frozen=True, slots=True)
class _Indexes:
    """The open indexes of one state. Without a lexical one there is no lexical search."""

    state: str | int
    vectors: VectorIndex
    lexical: LexicalIndex | None
    languages: dict[str, int]


class SqliteStore:
    """A store in one folder. Each thread has a connection of its own; any number of processes may
    read while one writes.

    ``lock_timeout``: seconds to wait for another writer. ``vector_index``: ``auto`` or a FAISS
    factory string. ``read_only``: the files never change. Raises what
    :class:`index.store.sqlite.database.Database` raises.
    """

    def __init__(
        self,
        folder: Path,
        *,
        lock_timeout: float,
        vector_index: str,
        create: bool = False,
        read_only: bool = False,
    ) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self._lock_timeout = lock_timeout
        self._vector_index = vector_index
        self._connections = Connections(folder, read_only)
        self._mutex = threading.Lock()
        self._indexes: _Indexes | None = None
        self._intact: set[FileState] = set()
        self._is_suspect = False
        self._connections.of_thread(create)

    def close(self) -> None:
        """Close the database, and the indexes once nobody searches them any more."""
        with self._mutex:
            self._indexes = None
        self._connections.close()

    # Reading

    @contextmanager
    def reading(self) -> Iterator[Records]:
        """Open one state for reading, without its search indexes."""
        database = self._connections.of_thread()
        with database.reading():
            yield SqliteRecords(database)

    @contextmanager
    def searching(self) -> Iterator[Snapshot]:
        """Open one state with its searches; inside another such block of the thread, the same."""
        database = self._connections.of_thread()
        # Who reads already cannot begin again.
        for attempt in reversed(range(1 if database.is_reading else _TRIES)):
            with database.reading():
                indexes = self._open(database, last=not attempt)
                if indexes is not None:
                    yield SqliteSnapshot(
                        database,
                        indexes.vectors,
                        indexes.lexical,
                        indexes.languages,
                        self._replacement,
                        self._note_damage,
                    )
                    return
            self._mend_lexical(database)

    def _open(self, database: Database, last: bool) -> _Indexes | None:
        """Open the indexes of the state that is being read; ``None`` to try again, since a writer
        is at work or something has to be rebuilt first.

        last: whether this is the last try, at which indexes that cannot be used are done without.
        """
        with self._mutex:
            # An older Pullquote gives passages no revision; its generation names them as well.
            state = database.revision or database.generation
            current = self._indexes if self._indexes and self._indexes.state == state else None
            if current is not None and current.lexical is not None:
                return current
            problems: list[str] = []
            lexical = self._open_lexical(database, last, problems)
            if lexical is None and not last:
                return None
            vectors = current.vectors if current else self._open_vectors(database, last, problems)
            if vectors is None:
                return None
            self.problems[:] = problems
            languages = ArticleTable(database).languages()
            self._indexes = _Indexes(state, vectors, lexical, languages)
            return self._indexes

    def _open_lexical(
        self, database: Database, last: bool, problems: list[str]
    ) -> LexicalIndex | None:
        lexical = DerivedLexical(database, self._intact, self._is_suspect)
        index = lexical.open()
        if index is not None and not lexical.is_settled and not self._is_written(database):
            # Whoever was writing is gone, and what it wrote may not have reached the disk.
            index = None
        if index is None and database.read_only:
            problems.append(
                f"{lexical.folder} is not of this library; searching an index in memory"
            )
            return lexical.in_memory()
        if index is None and last:
            wrong = lexical.wrong() or lexical.failure or f"{lexical.folder} is being written"
            problems.append(f"no lexical search for now: {wrong}")
        return index

    def _is_written(self, database: Database) -> bool:
        return not database.read_only and is_held(self.folder)

    def _open_vectors(
        self, database: Database, last: bool, problems: list[str]
    ) -> VectorIndex | None:
        vectors = DerivedVectors(database, self._vector_index)
        try:
            return vectors.open()
        except LibraryCorrupt as exc:
            if not last and not database.read_only and self._moved_on(database):
                return None
            problems.append(f"{exc}; searching an index made in memory instead")
            return vectors.in_memory()

    def _moved_on(self, database: Database) -> bool:
        """Whether a writer has committed another state since this one was opened."""
        fresh = Database(self.folder)
        try:
            return fresh.generation != database.generation
        finally:
            fresh.close()

    def _replacement(self, database: Database, error: LibraryCorrupt) -> LexicalIndex:
        """Make an index in place of one found damaged by a search; the next snapshot repairs it."""
        with self._mutex:
            self._indexes, self._is_suspect = None, True
            self._intact.clear()
        self._note(f"{error}; searching an index in memory instead")
        return DerivedLexical(database).in_memory()

    def _note_damage(self) -> None:
        """Say that passages were left out, since they or their article have changed."""
        self._note(f"{self.folder}: damaged passages are left out of answers; {_DOCTOR}")

    def _note(self, problem: str) -> None:
        with self._mutex:
            if problem not in self.problems:
                self.problems.append(problem)

    def _mend_lexical(self, database: Database) -> None:
        """Rebuild the lexical index if that is still necessary, or wait for the present writer."""
        try:
            with writing(self.folder, timeout=0):
                DerivedLexical(database).prepare(contents=True)
        except LibraryError:
            time.sleep(_PAUSE)

    # Writing

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Take the right to write, and make the indexes writable."""
        database = self._connections.of_thread(create=True)
        with writing(self.folder, self._lock_timeout), database_errors(self.folder):
            migrate(database)
            yield SqliteWriter(database, self._vector_index)

    def note(self, source: str, changes: Sequence[SyncChange]) -> None:
        """Store changes of a source's items: all of them or none."""
        database = self._connections.of_thread()
        if is_outdated(database):
            with self.writing():
                pass  # Who has the lock brings it up to date.
        with database.writing():
            SyncTable(database).apply(source, changes)

    def damage(self) -> list[str]:
        """Check all that is stored; list the faults, each with its remedy."""
        database = self._connections.of_thread()
        with database.one_state():
            return faults(database, self._vector_index)


class SqliteWriter:
    """The holder of the lock; see :class:`index.store.base.Writer`."""

    def __init__(self, database: Database, vector_index: str) -> None:
        self._db = database
        self._articles = ArticleTable(database)
        self._families = FamilyTable(database)
        self._passages = PassageTable(database)
        self._provenance = ProvenanceTable(database)
        self._versions = VersionTable(database)
        self._vectors = DerivedVectors(database, vector_index)
        self._lexical = DerivedLexical(database)
        self.records: Records = SqliteRecords(database)
        wrong = (self._vectors.prepare(), self._lexical.prepare())
        self._repairs = [f"{problem}; written anew" for problem in wrong if problem]

    def write(
        self, articles: Sequence[NewArticle], metadata: Mapping[str, Any], anew: bool = False
    ) -> dict[str, str]:
        """Write a batch of articles, and the settings that the index is made with now."""
        copies: dict[str, str] = {}
        self._lexical.recover()
        with self._db.writing(passages=True) as revision:
            self._families.prepare()
            old_keys = self._take_out(articles)
            rows = [row for article in articles for row in self._insert(article, copies)]
            for name, value in metadata.items():
                self._db.set_meta(name, value)
            self._vectors.update(anew)
            with self._lexical.changing(revision) as index:
                index.add(rows)
        self._settle(old_keys)
        return copies

    def _take_out(self, articles: Sequence[NewArticle]) -> list[int]:
        """Delete the articles that these replace; returns their keys."""
        there = self._articles.stored([new.article.id for new in articles])
        for new in articles:
            if new.keep_previous and (stored := there.get(new.article.id)):
                self._versions.keep(stored.key)
        keys = [record.key for record in there.values()]
        self._families.forget(keys)
        for key in keys:
            self._articles.delete(key)
        return keys

    def _insert(self, new: NewArticle, copies: dict[str, str]) -> Iterator[LexicalRow]:
        """Write one article and its passages; yields the rows for the lexical index."""
        article = new.article
        key = self._articles.insert(article, new.version)
        if new.provenance:
            self._provenance.insert(key, new.provenance)
        if original := self._families.place(key, article.text, new.fingerprint):
            copies[article.id] = original
        for ordinal, (spans, vector) in enumerate(zip(new.passages, new.vectors, strict=True)):
            passage = self._passages.insert(key, ordinal, spans, vector)
            text = article.text[spans[0].start : spans[-1].end]
            yield LexicalRow(passage, key, article.language, article.title, text)

    def remove(self, ids: Sequence[str]) -> None:
        """Remove articles that exist, with their history and everything stored beside them."""
        keys = [record.key for record in self._articles.stored(ids).values()]
        with self._changing(keys):
            self._families.forget(keys)
            self._versions.forget(ids)
            SyncTable(self._db).forget_by_hand(ids)
            for key in keys:
                self._articles.delete(key)
            self._vectors.update()

    def repair(self) -> list[str]:
        """Make anew whatever is derived and does not hold. Says what was wrong."""
        repairs = [*self._repairs, *self._repair_store()]
        try:
            self._vectors.check()
        except LibraryCorrupt as exc:
            with self._changing():
                self._vectors.update(anew=True)
            repairs.append(f"{exc}; written anew")
        self._vectors.clear()
        if wrong := self._lexical.wrong():
            self._lexical.rebuild()
            repairs.append(f"{wrong}; written anew")
        if self._families.uncompared():
            with self._db.writing():
                count = self._families.fill()
            repairs.append(f"looked for copies of {count} articles that nobody had compared")
        return repairs

    def _repair_store(self) -> list[str]:
        """Make the indexes of the database anew where they do not hold, and take out passages that
        are not as they were written. Says what was wrong."""
        repairs: list[str] = []
        if damage := self._db.damage():
            outcome = "were" if self._db.reindex() else "cannot be"
            repairs += [f"{fault}; its indexes {outcome} made anew" for fault in damage]
        with self._db.reading():
            corrupt = self._passages.corrupt_keys()
        if corrupt:
            with self._changing():
                self._passages.delete(corrupt)
                self._vectors.update()
            repairs.append(f"{len(corrupt)} passages were not as they were written; taken out")
        if rows := row_faults(self._db):
            with self._db.writing():
                RowChecksums(self._db).remove()
                self._families.restore_bands()
            repairs += [f"{row}; taken out, or made anew where it can be" for row in rows]
        if count := self._passages.count_masked():
            with self._changing():
                self._vectors.update(anew=True)
            repairs.append(f"{count} passages were noted as removed, but are there; noted anew")
        return repairs

    def incomplete(self) -> list[str]:
        """The articles whose passages are not all there, and whose content is as it was written."""
        ids = self._passages.incomplete([])
        keys = {record.key: id for id, record in self._articles.stored(ids).items()}
        return [keys[key] for key in self._articles.by_key(keys)]

    @contextmanager
    def _changing(self, removed: Sequence[int] = ()) -> Iterator[None]:
        """Change what is searched, without new passages, as one change: its revision has everybody
        open the indexes again. ``removed``: keys of articles that go."""
        self._lexical.recover()
        with self._db.writing(passages=True) as revision:
            yield
            with self._lexical.changing(revision):
                pass
        self._settle(removed)

    def _settle(self, keys: Sequence[int]) -> None:
        """Finish what follows the commit of the database's change."""
        self._lexical.settle(keys)
        self._vectors.clear()
