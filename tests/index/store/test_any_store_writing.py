"""What every store has to do when it is written: changes of sources, generations, one writer at a
time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from index.article import Span
from index.errors import LibraryLocked
from index.store.base import Selection, Store
from index.store.sync_changes import Dropped, Item, KeptByHand, Moved, Put, Restamped
from tests.fakes import FakeEncoder
from tests.index.store.store_access import (
    CATS,
    CHIPS,
    Opener,
    dense,
    generation,
    lexical,
    new,
    remove,
    write,
)


def test_what_is_noted_of_a_source(store: Store) -> None:
    write(store, replace(CHIPS, source="/news/a.txt"), CATS)
    a, b = Item("1", "x", frozenset({"chips"})), Item("2", "y", frozenset({"cats", "gone"}))
    store.note("/news", [Put("a.txt", a), Put("b.txt", b)])
    store.note("/other", [Put("c.txt", Item("3", "z", frozenset({"cats"})))])
    with store.reading() as records:
        assert records.sync_items("/news") == {"a.txt": a, "b.txt": b}
        assert records.sync_lost("/news") == {"b.txt"}
        assert records.held_elsewhere("/news", ["chips", "cats"]) == {"cats"}
        assert records.held(["chips", "cats", "nobody"]) == {"chips", "cats"}
    moved = Moved(["chips"], "/news/a.txt", "/news/deep/a.txt")
    store.note("/news", [Restamped("a.txt", "9"), Dropped("b.txt"), moved, KeptByHand(["chips"])])
    with store.reading() as records:
        assert records.sync_items("/news") == {"a.txt": replace(a, stamp="9")}
        there = records.article("chips")
        assert there is not None
        assert there.source == "/news/deep/a.txt"
        assert records.held_elsewhere("/news", ["chips"]) == {"chips"}
    store.note("/news", [Dropped("a.txt")])
    with store.reading() as records:
        assert records.held(["chips"]) == {"chips"}
    with store.writing() as writer:
        writer.remove(["chips"])
    with store.reading() as records:
        assert records.held_elsewhere("/news", ["chips"]) == set()


def test_every_change_raises_the_generation(store: Store) -> None:
    before = generation(store)
    changes: list[Callable[[], object]] = [
        lambda: write(store, CHIPS, CATS),
        lambda: write(store, replace(CHIPS, text="Chips are back.")),
        lambda: store.note("/news", [Put("a.txt", Item("1", "x", frozenset()))]),
        lambda: store.note("/news", [Moved(["chips"], "", "/news/a.txt")]),
        lambda: remove(store, "cats"),
    ]
    for change in changes:
        change()
        now = generation(store)
        assert now > before
        before = now


def test_reading_changes_nothing(store: Store) -> None:
    write(store, CHIPS)
    before = generation(store)
    dense(store, "chips")
    assert generation(store) == before


def test_a_change_that_fails_leaves_all_as_it_was(store: Store) -> None:
    write(store, CHIPS)
    broken = replace(new(CATS), vectors=np.zeros((0, 64), dtype=np.float32))
    broken = replace(broken, passages=[(Span(0, 17),), (Span(18, 35),)])
    before = generation(store)
    with pytest.raises(ValueError, match="zip"), store.writing() as writer:
        writer.write([new(replace(CHIPS, text="Chips went.")), broken], {"made": "elsewhere"})
    assert lexical(store, "scarc") == ["chips"]
    with store.searching() as snapshot:
        assert (snapshot.article("chips"), snapshot.article("cats")) == (CHIPS, None)
        assert (snapshot.metadata("made"), snapshot.generation) == ("here", before)


def test_a_snapshot_stays_as_it_was(store: Store, opener: Opener) -> None:
    write(store, CHIPS, CATS)
    with store.searching() as snapshot:
        remove(opener(), "chips")
        query = FakeEncoder().encode_query("chips")
        keys, _ = snapshot.dense(query, 5, Selection())
        ids = {found.article.id for found in snapshot.passages(keys.tolist()) if found}
        assert ids == {"chips", "cats"}
    assert dense(store, "chips") == ["cats"]


def test_one_writer_at_a_time(store: Store, opener: Opener) -> None:
    other = opener()
    with store.writing(), pytest.raises(LibraryLocked), other.writing():
        pass
    with other.writing():
        pass
