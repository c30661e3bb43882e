"""A store in memory: everything in dictionaries, every search exact.

It is what a second implementation of :class:`index.store.base.Store` looks like, and passes the
same suite as the one that ships.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from index.article import Passage, Span
from index.errors import LibraryLocked
from index.store.base import NewArticle, StoredVersion
from index.store.sync_changes import Dropped, KeptByHand, Moved, Put, Restamped, SyncChange
from index.text.shingles import are_copies
from tests.index.store.memory_snapshot import MemorySnapshot, Row, State

__all__ = ["MemoryStore"]


class MemoryStore:
    """See :class:`index.store.base.Store`."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._state = State()
        self._lock = threading.Lock()
        self._keys = count(1)

    def close(self) -> None:
        self.problems.clear()

    @contextmanager
    def reading(self) -> Iterator[MemorySnapshot]:
        yield MemorySnapshot(self._state)

    searching = reading

    @contextmanager
    def writing(self) -> Iterator[_MemoryWriter]:
        if not self._lock.acquire(blocking=False):
            raise LibraryLocked("somebody else is writing; wait until it is done")
        try:
            yield _MemoryWriter(self)
        finally:
            self._lock.release()

    def note(self, source: str, changes: Sequence[SyncChange]) -> None:
        with self.changing() as state:
            for change in changes:
                _apply(state, source, change)

    def damage(self) -> list[str]:
        return []

    @contextmanager
    def changing(self) -> Iterator[State]:
        """A copy of the state, which becomes the state at the end of the block."""
        state = copy.deepcopy(self._state)
        yield state
        state.generation += 1
        self._state = state

    def next_key(self) -> int:
        return next(self._keys)


def _apply(state: State, source: str, change: SyncChange) -> None:
    items = state.items.setdefault(source, {})
    match change:
        case Put(name, item):
            items[name] = item
        case Restamped(name, stamp):
            items[name] = replace(items[name], stamp=stamp)
        case Dropped(name):
            items.pop(name, None)
        case KeptByHand(articles):
            state.by_hand.update(articles)
        case Moved(articles, old, new):
            for id in articles:
                row = state.rows[id]
                place = row.article.source
                if place.startswith(old):
                    moved = replace(row.article, source=new + place[len(old) :])
                    row.new = replace(row.new, article=moved)


class _MemoryWriter:
    """See :class:`index.store.base.Writer`."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    @property
    def records(self) -> MemorySnapshot:
        return MemorySnapshot(self._store._state)

    def write(
        self, articles: Sequence[NewArticle], metadata: Mapping[str, Any], anew: bool = False
    ) -> dict[str, str]:
        copies: dict[str, str] = {}
        now = datetime.now(UTC).replace(microsecond=0)
        with self._store.changing() as state:
            state.metadata |= metadata
            for new in articles:
                id = new.article.id
                old = state.rows.pop(id, None)
                if old and new.keep_previous:
                    version = StoredVersion(old.new.version, old.article, old.added_at, now)
                    state.history[id] = [version, *state.history.get(id, ())]
                row = Row(self._store.next_key(), new, now, 0)
                row.family = row.key
                for other in state.rows.values():
                    if are_copies(new.article.text, other.article.text):
                        copies.setdefault(id, other.article.id)
                        row.family = other.family
                row.passages = [
                    Passage(
                        self._store.next_key(),
                        id,
                        ordinal,
                        Span(spans[0].start, spans[-1].end),
                        tuple(spans),
                    )
                    for ordinal, (spans, _) in enumerate(
                        zip(new.passages, new.vectors, strict=True)
                    )
                ]
                state.rows[id] = row
        return copies

    def remove(self, ids: Sequence[str]) -> None:
        with self._store.changing() as state:
            for id in ids:
                del state.rows[id]
                state.history.pop(id, None)
                state.by_hand.discard(id)

    def repair(self) -> list[str]:
        return []

    def incomplete(self) -> list[str]:
        return []
