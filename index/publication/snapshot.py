"""One state of a library as files, which nobody writes to any more."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from index.error_mapping import storage_errors
from index.errors import InputError, LibraryCorrupt, StorageError
from index.publication.manifest import EncoderRecord
from index.search import lexical_files
from index.search.dense import check_base, find_base
from index.search.lexical_files import Origin
from index.settings import PassageSettings
from index.store.private import link_or_copy
from index.store.sqlite.backup import Contents, verify_copy
from index.store.sqlite.database import FILE_NAME, Database
from index.store.sqlite.derived import DerivedLexical, DerivedVectors
from index.store.sqlite.lock import writing
from index.store.sqlite.migration import migrate
from index.store.staging import staging

__all__ = ["LibraryState", "Snapshot", "current_state", "library_snapshot"]

_STAGE: Final = ".publish-"
_LIBRARY: Final = "library_id"
# How often the indexes are taken without keeping writers out.
_TRIES: Final = 3
_LEXICAL: Final = "lexical"


@dataclass(frozen=True, slots=True)
class LibraryState:
    """Which state of which library: its id, which every copy of it has, and the generation."""

    library: str
    generation: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state of a library in ``folder``: ``paths`` in it, and what it was indexed with."""

    state: LibraryState
    folder: Path
    paths: tuple[str, ...]
    contents: Contents
    encoder: EncoderRecord | None
    passage_settings: PassageSettings | None


def current_state(folder: Path) -> LibraryState:
    """Return the present state of the library in ``folder``, which is given an id if it has none.

    Raises ``InputError`` where nothing was ever added, and ``LibraryMissing``.
    """
    with closing(Database(folder)) as database:
        if not database.generation:
            raise InputError(f"{folder} has never had an article: there is nothing to publish")
        if database.meta(_LIBRARY) is None:
            with database.altering():
                # Another process may have done it since.
                database.set_meta(_LIBRARY, database.meta(_LIBRARY) or secrets.token_hex(16))
        return LibraryState(database.meta(_LIBRARY), database.generation)


@contextmanager
def library_snapshot(folder: Path, vector_index: str, lock_timeout: float) -> Iterator[Snapshot]:
    """Copy the present state of the library in ``folder``, verified, until the block ends.

    Others read and write meanwhile. Files that never change are linked, not copied. Raises
    ``LibraryCorrupt`` when something does not hold, ``LibraryLocked`` when an index has to be made
    anew first and somebody is writing, and ``StorageError``.
    """
    with staging(folder, _STAGE) as stage, closing(Database(folder)) as database:
        with ExitStack() as reading:
            if not any(_begin(reading, database, stage) for _ in range(_TRIES)):
                with writing(folder, lock_timeout):
                    migrate(database)
                    DerivedVectors(database, vector_index).prepare()
                    DerivedLexical(database).prepare(contents=True)
                    if not _begin(reading, database, stage):
                        raise LibraryCorrupt(f"{folder}: its indexes do not hold; {_REPAIR}")
            contents = Contents.of(database)
            state = LibraryState(database.meta(_LIBRARY), database.generation)
            encoder, cut = database.meta("encoder"), database.meta("passages")
            database.copy_to(stage / FILE_NAME)
        verify_copy(stage, folder, contents)
        yield Snapshot(
            state=state,
            folder=stage,
            paths=tuple(sorted(_paths(stage))),
            contents=contents,
            encoder=EncoderRecord(**encoder) if encoder else None,
            passage_settings=PassageSettings(**cut) if cut else None,
        )


def _begin(reading: ExitStack, database: Database, stage: Path) -> bool:
    """Begin to read a state and link the indexes that are exactly of it; whether there were."""
    attempt = ExitStack()
    attempt.enter_context(database.reading())
    if _link_indexes(database, stage):
        reading.push(attempt)
        return True
    attempt.close()
    return False


def _link_indexes(database: Database, stage: Path) -> bool:
    for path in _paths(stage):
        (stage / path).unlink()
    lexical, target = database.folder / _LEXICAL, stage / _LEXICAL
    if target.exists():
        target.rmdir()
    try:
        lexical_files.link_files(lexical, target)
        base = DerivedVectors(database, "auto").base()
        if base is not None:
            with storage_errors(database.folder):
                link_or_copy(find_base(database.folder, base), stage / base.file)
    except (LibraryCorrupt, StorageError):
        # A writer has replaced it since, or it is not there; who has the lock finds out.
        return False
    origin = Origin.read(target)
    if origin is None or not origin.is_settled(database.revision):
        return False
    if lexical_files.damage(target) is not None:
        return False
    if base is not None:
        check_base(stage, base)
    return True


def _paths(stage: Path) -> list[str]:
    """Return the files of a snapshot; the lock of the folder is none."""
    files = [FILE_NAME, *(path.name for path in stage.glob("vectors-*"))]
    files += [f"{_LEXICAL}/{path.name}" for path in (stage / _LEXICAL).glob("*")]
    return [name for name in files if (stage / name).exists()]


_REPAIR = "run pullquote doctor --repair"
