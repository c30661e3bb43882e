"""A store of articles on Milvus, for what outgrows one machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from index.errors import LibraryLocked, LibraryMissing
from index.store.milvus.address import Address
from index.store.milvus.change import Change
from index.store.milvus.documents import article_of
from index.store.milvus.engine import Engine, chunks
from index.store.milvus.lease import Lease
from index.store.milvus.snapshot import MilvusSnapshot
from index.store.milvus.state import State, clean, discard, load, save
from index.store.milvus.term_counts import TermCounts
from index.store.milvus.writer import MilvusWriter, apply_sync_changes
from index.store.sync_changes import SyncChange

__all__ = ["MilvusStore"]

_DEADLINE: Final = 10.0


class MilvusStore:
    """See :class:`index.store.base.Store`.

    ``lock_timeout``: seconds to wait for another writer. ``deadline``: for one call of the engine.
    Raises what :class:`Engine` and :func:`index.store.milvus.state.load` raise.
    """

    def __init__(
        self,
        address: str,
        *,
        lock_timeout: float,
        create: bool = False,
        deadline: float = _DEADLINE,
    ) -> None:
        self.problems: list[str] = []
        place = Address.parse(address)
        if place.file and not create and not place.file.exists():
            raise LibraryMissing(
                f"{place.label}: no library there; add articles with pullquote add"
            )
        self._engine = Engine(place, deadline)
        self._lock_timeout = lock_timeout
        self._mutex = threading.RLock()
        self._lease: Lease | None = None
        self._needs_recovery = False
        self._state = load(self._engine, create)
        self._term_counts = (self._state.identity, TermCounts())

    @property
    def engine(self) -> Engine:
        """What the store talks to."""
        return self._engine

    def close(self) -> None:
        self._engine.close()

    # Reading

    @contextmanager
    def reading(self) -> Iterator[MilvusSnapshot]:
        """Open the newest state. What replaces it stays apart for as long as snapshots may take."""
        yield self._snapshot(load(self._engine, create=False))

    searching = reading

    # Writing

    @contextmanager
    def writing(self) -> Iterator[MilvusWriter]:
        """Hold the right to write, and remove the traces of a writer that was interrupted."""
        with self._leasing():
            clean(self._engine, self._state)
            yield MilvusWriter(self._newest, self._changing, self._count)

    @contextmanager
    def _leasing(self) -> Iterator[None]:
        """Hold the lease; inside another block of the thread, the same one."""
        if not self._mutex.acquire(timeout=self._lock_timeout):
            raise LibraryLocked("another thread is writing; wait until it is done")
        try:
            if self._lease:
                yield
                return
            lease = Lease(self._engine)
            lease.acquire(self._lock_timeout)
            self._lease = lease
            try:
                self._state = load(self._engine, create=True)
                discard(self._engine, self._state)
                self._needs_recovery = False
                yield
            finally:
                self._lease = None
                lease.release()
        finally:
            self._mutex.release()

    def _newest(self) -> MilvusSnapshot:
        return self._snapshot(self._state)

    def _snapshot(self, state: State) -> MilvusSnapshot:
        """Open a generation, with what is known of its terms."""
        identity, term_counts = self._term_counts
        if identity != state.identity:
            term_counts = TermCounts()
            self._term_counts = (state.identity, term_counts)
        return MilvusSnapshot(self._engine, state, term_counts)

    @contextmanager
    def _changing(self) -> Iterator[Change]:
        """Change the newest state; publish it whole at the end of the block, or not at all."""
        assert self._lease is not None
        if self._needs_recovery:
            # It may have been the answer that was lost, and not the change.
            self._state = load(self._engine, create=False)
            discard(self._engine, self._state)
        if self._state.languages is None:
            self._state = replace(self._state, languages=self._newest().languages_anew())
        change = Change(self._engine, self._state)
        yield change
        self._needs_recovery = True
        self._state = change.publish(self._lease)
        self._needs_recovery = False

    def note(self, source: str, changes: Sequence[SyncChange]) -> None:
        """Write down what is known of a source now: all of it or nothing."""
        with self._leasing(), self._changing() as change:
            apply_sync_changes(self._newest(), change, source, changes)

    # Health

    def damage(self) -> list[str]:
        """Read all that is stored; list the faults, each with its remedy."""
        wrong: list[str] = []
        with self.reading() as snapshot:
            rows = snapshot.rows('kind == "article"')
            for part in chunks(rows, 256):
                bodies = snapshot.bodies(row["document"] for row in part)
                for row in part:
                    body = bodies.get(row["document"])
                    if body is None or article_of(body).content_hash != row["content"]:
                        wrong.append(
                            f"article {row['name']!r} is not as it was written; it cannot be made "
                            "anew: remove it and add it again"
                        )
            wrong += [f"{fault}; run pullquote doctor --repair" for fault in self._miscounts()]
        return wrong

    def _counts(self, state: State) -> tuple[int, int, dict[str, int]]:
        """Count articles, passages, and the articles in each language."""
        languages = MilvusSnapshot(self._engine, state).languages_anew()
        passages = self._engine.count(state.collection, state.visible) if state.collection else 0
        return sum(languages.values()), passages, languages

    def _miscounts(self) -> list[str]:
        state = load(self._engine, create=False)
        articles, passages, languages = self._counts(state)
        if (articles, passages) != (state.articles, state.passages):
            return [
                f"{self._engine.address.label} says that it has {state.articles} articles and "
                f"{state.passages} passages, and has {articles} and {passages}"
            ]
        if state.languages not in (None, languages):
            return [f"{self._engine.address.label} has wrong counts of articles by language"]
        return []

    def _count(self) -> list[str]:
        """Correct the numbers of the state; what was wrong with them."""
        wrong = self._miscounts()
        if wrong:
            state = self._state
            state.articles, state.passages, state.languages = self._counts(state)
            save(self._engine, self._state)
        return [f"{fault}; counted again" for fault in wrong]
