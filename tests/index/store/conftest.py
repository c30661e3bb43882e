"""Every store there is, and a library opened again, as another process would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.library import Library
from index.store.base import Store
from tests.index.store.memory import MemoryStore
from tests.index.store.milvus_lite import release_lite
from tests.index.store.store_access import Opener
from tests.stores import sqlite_store


@pytest.fixture
def reopened(library: Library) -> Iterator[Callable[[], Library]]:
    """The library as another process would open it."""
    opened: list[Library] = []

    def reopen() -> Library:
        opened.append(Library.open(library.folder, library.settings, library.models))
        return opened[-1]

    yield reopen
    for each in opened:
        each.close()


def _sqlite(folder: Path) -> Store:
    return sqlite_store(folder / "store", lock_timeout=0.0)


def _milvus(folder: Path) -> Store:
    pytest.importorskip("pymilvus", reason="needs the extra cluster")
    pytest.importorskip("milvus_lite", reason="needs the extra cluster")
    from index.store.milvus.store import MilvusStore

    return MilvusStore(f"milvus://{folder}/store.db", create=True, lock_timeout=0.0)


def _memory(folder: Path) -> Store:
    return MemoryStore()


_STORES = [
    pytest.param(_sqlite, id="sqlite"),
    pytest.param(_memory, id="memory"),
    pytest.param(_milvus, id="milvus", marks=pytest.mark.cluster),
]


@pytest.fixture(params=_STORES)
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens the same store again, as somebody else would."""
    make: Callable[[Path], Store] = request.param
    stores: list[Store] = []

    def open_store() -> Store:
        if not (stores and isinstance(stores[0], MemoryStore)):
            stores.append(make(tmp_path))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()
    if make is _milvus:
        release_lite(tmp_path / "store.db")


@pytest.fixture
def store(opener: Opener) -> Store:
    return opener()
