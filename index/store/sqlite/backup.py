"""Back up and restore a library as one file, while it is read and written.

A backup is a copy of the database as one transaction sees it. The derived indexes are not in it and
are rebuilt when it is restored. Each copy is verified before it is used: SQLite's own check, the
numbers of articles and passages, and the hash of every text.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from index.error_mapping import storage_errors
from index.errors import (
    InputError,
    LibraryCorrupt,
    LibraryError,
    LibraryMissing,
    SchemaTooNew,
)
from index.store.private import make_private, private_folder, sync_folder
from index.store.sqlite.articles import ArticleTable
from index.store.sqlite.database import FILE_NAME, Database, copy_database
from index.store.sqlite.derived import DerivedLexical, DerivedVectors
from index.store.sqlite.lock import writing
from index.store.sqlite.migration import migrate
from index.store.sqlite.passages import PassageTable
from index.store.staging import staging

__all__ = ["Contents", "back_up", "restore", "verify_copy"]

_STAGE: Final = ".restore-"
_ASIDE_NAME: Final = "library.damaged.sqlite"
# Beside the database, and of no use with another one: what servers said when they were asked for
# the articles that the library had.
_FETCH_STATES: Final = "fetched.sqlite"
# Seconds that readers are waited for while the database is replaced.
_PATIENCE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Contents:
    """The counts of a library or a backup."""

    articles: int
    passages: int
    generation: int

    @classmethod
    def of(cls, database: Database) -> Contents:
        """Count what a database holds."""
        articles, passages = ArticleTable(database).count(), PassageTable(database).count()
        return cls(articles, passages, database.generation)


def back_up(folder: Path, file: Path, overwrite: bool = False) -> Contents:
    """Write the library in ``folder`` to ``file``; returns its counts.

    Others may read and write meanwhile; the copy is one state. ``file`` appears complete and
    verified, or not at all. Raises ``InputError`` when it exists, unless ``overwrite`` is true,
    ``LibraryCorrupt`` when the copy fails its checks, ``LibraryMissing`` and ``StorageError``.
    """
    file = file.absolute()
    if file.is_dir() or (file.exists() and not overwrite):
        raise InputError(f"{file} is there already; --yes replaces it, if it is a file")
    if file.parent == folder.absolute():
        raise InputError(f"{file} lies in the library itself; a backup belongs somewhere else")
    with staging(file.parent, f".{file.name}-") as stage:
        with closing(Database(folder)) as database, database.reading():
            contents = Contents.of(database)
            database.copy_to(stage / FILE_NAME)
        verify_copy(stage, folder, contents)
        with storage_errors(file.parent):
            (stage / FILE_NAME).replace(file)
            sync_folder(file.parent)
    return contents


def restore(folder: Path, file: Path, overwrite: bool, lock_timeout: float) -> Contents:
    """Replace the library in ``folder`` by the backup ``file``; returns its counts.

    The backup is verified first. Readers see either the old library or the new one; the change is
    one transaction. Both indexes are rebuilt. A database that is too damaged to be written to is
    renamed, which requires that no other process has it open. Raises ``InputError`` when the
    library has articles, unless ``overwrite`` is true, ``LibraryCorrupt`` or ``SchemaTooNew`` for a
    file that cannot be restored, ``LibraryLocked`` and ``StorageError``; then nothing was changed.
    """
    if not file.is_file():
        raise InputError(f"there is no file {file}")
    with storage_errors(folder):
        private_folder(folder)
    with writing(folder, lock_timeout):
        before = _contents_before(folder)
        if before.articles and not overwrite:
            raise InputError(
                f"{folder} holds {before.articles} articles, which would be gone; "
                "--yes replaces them. pullquote backup keeps a copy"
            )
        with staging(folder, _STAGE) as stage:
            contents = _stage_backup(file, stage, before.generation)
            _replace(folder, stage / FILE_NAME)
        with storage_errors(folder):
            (folder / _FETCH_STATES).unlink(missing_ok=True)
        _derive(folder)
    return contents


def verify_copy(stage: Path, origin: Path, origin_contents: Contents | None = None) -> Contents:
    """Verify the copy in a folder; returns its counts.

    Raises ``LibraryCorrupt`` when a check fails, or the counts are not ``origin_contents``.
    """
    with closing(Database(stage)) as database, database.reading(), storage_errors(stage):
        wrong = database.damage()
        if not wrong:
            changes = list(ArticleTable(database).changed_texts())
            wrong = [f"article {id!r} is not as it was written" for id in changes[:5]]
            wrong += PassageTable(database).faults()
        if wrong:
            reasons = "; ".join(wrong).replace(str(stage / FILE_NAME), "SQLite")
            raise LibraryCorrupt(f"{origin}: damaged, nothing was changed ({reasons})")
        contents = Contents.of(database)
    if origin_contents not in (None, contents):
        raise LibraryCorrupt(
            f"{origin}: the copy holds {contents}, not {origin_contents}; run it again"
        )
    return contents


def _contents_before(folder: Path) -> Contents:
    """Count what the folder holds now; zeros where it cannot be read."""
    try:
        with closing(Database(folder)) as database, database.reading(), storage_errors(folder):
            return Contents.of(database)
    except (LibraryMissing, LibraryCorrupt):
        return Contents(0, 0, 0)


def _stage_backup(file: Path, stage: Path, generation: int) -> Contents:
    """Copy a backup into a folder, verify it, and number it as the state after ``generation``."""
    try:
        with storage_errors(file):
            location = f"file:{quote(str(file.resolve()))}?mode=ro"
            with closing(sqlite3.connect(location, uri=True)) as source:
                copy_database(source, stage / FILE_NAME)
        contents = verify_copy(stage, file)
    except (LibraryMissing, LibraryCorrupt) as exc:
        name = getattr(exc.__cause__, "sqlite_errorname", "")
        if isinstance(exc, LibraryCorrupt) and name != "SQLITE_NOTADB":
            raise
        raise LibraryCorrupt(f"{file}: no backup of a library") from exc
    except SchemaTooNew as exc:
        raise SchemaTooNew(str(exc).replace(str(stage), str(file))) from exc
    with closing(Database(stage)) as database:
        migrate(database, copy=False)
        with database.writing(passages=True), storage_errors(stage):
            # No generation is given twice, and no index of before is taken for one of this.
            database.set_meta("generation", max(generation, contents.generation))
            DerivedVectors(database, "auto").forget()
    return contents


def _replace(folder: Path, stage_file: Path) -> None:
    """Replace the library's database by a staged one, in one transaction."""
    try:
        with storage_errors(folder):
            make_private(folder / FILE_NAME)
            with (
                closing(sqlite3.connect(folder / FILE_NAME, timeout=_PATIENCE)) as target,
                closing(sqlite3.connect(stage_file)) as source,
            ):
                target.execute("PRAGMA journal_mode = WAL")
                target.execute("PRAGMA synchronous = FULL")
                source.backup(target)
    except LibraryCorrupt:
        _set_aside(folder, stage_file)


def _set_aside(folder: Path, stage_file: Path) -> None:
    """Rename a database that SQLite does not accept, to make room for the staged one."""
    with storage_errors(folder):
        with closing(sqlite3.connect(stage_file)) as database:
            database.execute("PRAGMA journal_mode = WAL")
        for suffix in ("-wal", "-shm"):
            (folder / f"{FILE_NAME}{suffix}").unlink(missing_ok=True)
        (folder / FILE_NAME).replace(folder / _ASIDE_NAME)
        stage_file.replace(folder / FILE_NAME)
        sync_folder(folder)


def _derive(folder: Path) -> None:
    """Rebuild both indexes of the library. The caller holds the lock.

    A failure is left to the next reader or writer, which rebuilds them.
    """
    with suppress(LibraryError), closing(Database(folder)) as database:
        vectors = DerivedVectors(database, "auto")
        with database.writing():
            vectors.update(anew=True)
        DerivedLexical(database).rebuild()
        vectors.clear()
