"""A store that follows another library: read here, and written where that one is published from.

It answers from one generation until the next is here, complete and verified. Whatever goes wrong on
the way is told among its problems, and the generation before goes on answering.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from index.errors import (
    LibraryError,
    LibraryReadOnly,
    ModelMismatch,
    PublicationError,
    SchemaTooNew,
)
from index.publication.generations import Generations
from index.publication.manifest import EncoderRecord, Manifest, ManifestEntry
from index.publication.place import Place, read_manifest, read_pointer
from index.store.base import Records, Snapshot, Writer
from index.store.sqlite.database import SCHEMA
from index.store.sqlite.store import SqliteStore
from index.store.sync_changes import SyncChange

__all__ = ["FollowerStore"]

_log = logging.getLogger("pullquote.follower")
# Seconds that the first generation is waited for while another process fetches it.
_FIRST_PATIENCE: Final = 600.0


@dataclass(slots=True)
class _OpenGeneration:
    """A generation that answers. ``readers``: blocks that read from it; once it is retired, the
    last of them closes it."""

    entry: ManifestEntry
    encoder: EncoderRecord | None
    store: SqliteStore
    readers: int = 0
    is_retired: bool = False


class FollowerStore:
    """The newest generation of a place that is here.

    place: what is followed. folder: where generations are kept. encoder: the name in the settings.
    interval: seconds between two looks at the pointer, once :meth:`follow` was called.

    Without a generation in the folder the first one is fetched; raises what goes wrong then.
    """

    def __init__(
        self,
        place: Place,
        folder: Path,
        *,
        encoder: str,
        interval: float,
        vector_index: str,
        check: bool,
    ) -> None:
        self.place = place
        self.folder = folder
        self._encoder = encoder
        self._interval = interval
        self._vector_index = vector_index
        self._generations = Generations(folder)
        self._mutex = threading.Lock()
        self._checking = threading.Lock()
        self._threads = threading.local()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._trouble: str | None = None
        self._open: _OpenGeneration | None = None
        self._adopt_record()
        if self._open is None:
            self._update(_FIRST_PATIENCE)
        elif check:
            self.check()

    def close(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        with self._mutex:
            self._retire()

    @property
    def problems(self) -> list[str]:
        """Describe what fails: fetching the newest generation, and parts of the present one."""
        trouble, current = self._trouble, self._open
        return [*([trouble] if trouble else []), *(current.store.problems if current else [])]

    @property
    def description(self) -> str:
        """Describe for people the place that is followed, and its generation."""
        current = self._open
        return f"{self.place.url}, generation {current.entry.generation if current else 0}"

    # Following

    def follow(self) -> None:
        """Look at the pointer from time to time, in a thread that ends with :meth:`close`."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(self._interval):
            self.check()

    def check(self) -> bool:
        """Look at the pointer, and go on to the newest generation; whether there was one to go on
        to. What goes wrong is among the problems until a later look finds all well."""
        with self._checking:
            before = self._open
            try:
                self._adopt_record()
                self._update(0)
                trouble = None
            except LibraryError as exc:
                at = f"generation {self._open.entry.generation}" if self._open else "nothing"
                trouble = f"not following {self.place.url}: {exc}; answering from {at}"
            if trouble and trouble != self._trouble:
                _log.warning("%s", trouble)
            self._trouble = trouble
            return self._open is not before

    def _adopt_record(self) -> None:
        """Open the generation that is in use here, which another process may have fetched."""
        record = self._generations.record()
        if record is None or (self._open and self._open.entry == record.current):
            return
        folder = self._generations.path(record.current)
        if not folder.exists():
            return
        try:
            self._switch(self._open_generation(record.current, folder))
        except LibraryError as exc:
            # It is fetched again; only what was damaged comes from the place.
            _log.warning("%s cannot be used and is fetched again: %s", folder, exc)
            self._generations.discard(record.current)

    def _update(self, patience: float) -> None:
        """Fetch the newest generation and switch to it, unless it is the one that answers."""
        pointer = read_pointer(self.place)
        if pointer is None:
            raise PublicationError(f"nothing is published at {self.place.url}")
        entry = pointer.newest
        if self._open and entry == self._open.entry:
            return
        with self._generations.fetching(patience) as is_ours:
            if not is_ours:
                return  # Another process fetches it; the next look finds it here.
            self._check_order(entry)
            manifest = read_manifest(self.place, entry)
            self._check_manifest(manifest)
            folder = self._generations.fetch(self.place, entry, manifest)
            try:
                generation = self._open_generation(entry, folder, manifest)
            except LibraryError:
                self._generations.discard(entry)
                raise
            self._generations.use(entry, self.place.url)
            self._switch(generation)
        _log.info("answering from generation %d of %s", entry.generation, self.place.url)

    def _check_order(self, entry: ManifestEntry) -> None:
        """``PublicationError`` for another library, or an earlier generation of this one."""
        current = self._open.entry if self._open else None
        if current is None:
            return
        if entry.library != current.library:
            raise PublicationError(
                f"another library is published there now; remove {self.folder} to follow it"
            )
        if entry.generation < current.generation:
            raise PublicationError(f"generation {entry.generation} is an earlier one")

    def _check_manifest(self, manifest: Manifest) -> None:
        """Refuse what this Pullquote, or its encoder, could not read."""
        if manifest.schema_number > SCHEMA:
            raise SchemaTooNew(
                f"it was written by a newer Pullquote (schema {manifest.schema_number}, this one "
                f"knows {SCHEMA}); update Pullquote here"
            )
        encoder = manifest.encoder
        if encoder is None:
            return
        if encoder.name != self._encoder:
            raise ModelMismatch(
                f"it was indexed with {encoder.name}, and the settings name {self._encoder}; set "
                "PULLQUOTE_ENCODER as it is where it is published"
            )
        current = self._open.encoder if self._open else None
        if current is not None and current.weights != encoder.weights:
            raise ModelMismatch(
                f"it was indexed with other weights of {encoder.name} ({encoder.weights[:12]}, not "
                f"{current.weights[:12]}); remove {self.folder} and start again"
            )

    def _open_generation(
        self, entry: ManifestEntry, folder: Path, manifest: Manifest | None = None
    ) -> _OpenGeneration:
        """Open a generation, with its indexes, so that no question waits for them."""
        # Nobody writes there, so nobody waits for who does.
        store = SqliteStore(
            folder, lock_timeout=0.0, vector_index=self._vector_index, read_only=True
        )
        try:
            with store.searching() as snapshot:
                record, generation = snapshot.metadata("encoder"), snapshot.generation
                counts = snapshot.counts()
            expected = (manifest.articles, manifest.passages) if manifest else counts
            if generation != entry.generation or counts != expected:
                raise PublicationError("its files are not those of its manifest")
        except BaseException:
            store.close()
            raise
        return _OpenGeneration(entry, EncoderRecord(**record) if record else None, store)

    def _switch(self, generation: _OpenGeneration) -> None:
        with self._mutex:
            self._retire()
            self._open = generation

    def _retire(self) -> None:
        """Close the generation that answers, or let its last reader do so."""
        generation, self._open = self._open, None
        if generation is not None:
            generation.is_retired = True
            if not generation.readers:
                generation.store.close()

    @contextmanager
    def _current(self) -> Iterator[SqliteStore]:
        """Hold the store that answers; inside another such block of the thread, the same one."""
        generation: _OpenGeneration | None = getattr(self._threads, "generation", None)
        if generation is not None:
            yield generation.store
            return
        if self._open and not self._open.store.folder.exists():
            # Another process has gone on by more than one generation.
            self._adopt_record()
        with self._mutex:
            generation = self._open
            if generation is None:
                raise LibraryReadOnly(f"{self.folder}: closed")
            generation.readers += 1
        self._threads.generation = generation
        try:
            yield generation.store
        finally:
            self._threads.generation = None
            with self._mutex:
                generation.readers -= 1
                if generation.is_retired and not generation.readers:
                    generation.store.close()

    # Reading

    @contextmanager
    def reading(self) -> Iterator[Records]:
        """Open one state for reading, without its search indexes."""
        with self._current() as store, store.reading() as records:
            yield records

    @contextmanager
    def searching(self) -> Iterator[Snapshot]:
        """Open one state for reading, with its search indexes."""
        with self._current() as store, store.searching() as snapshot:
            yield snapshot

    def damage(self) -> list[str]:
        """Check all that is stored; list the faults, each with its remedy."""
        with self._current() as store:
            damage = store.damage()
        if damage:
            damage.append(f"remove {self.folder} and follow {self.place.url} again")
        return damage

    # Writing

    def check_writable(self) -> NoReturn:
        """Raises ``LibraryReadOnly``, which says where to write."""
        raise LibraryReadOnly(
            f"this library follows {self.place.url} and is not written to here: add and remove "
            "articles in the library that is published there, then run pullquote publish"
        )

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Raises ``LibraryReadOnly``."""
        self.check_writable()
        yield

    def note(self, source: str, changes: Sequence[SyncChange]) -> None:
        """Raises ``LibraryReadOnly``."""
        self.check_writable()
