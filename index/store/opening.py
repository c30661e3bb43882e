"""Which store a library has: on Milvus where the settings name one, else in its folder."""

from __future__ import annotations

from pathlib import Path

from index.settings import IndexSettings
from index.store.base import Store
from index.store.private import private_folder
from index.store.sqlite import SqliteStore

__all__ = ["open_place", "open_store"]


def open_store(folder: Path, settings: IndexSettings, create: bool) -> Store:
    """Open the store of the library in ``folder``, or make an empty one."""
    if settings.store:
        # Imported late: nobody else needs it, and its client is an extra.
        from index.store.milvus.store import MilvusStore

        if create:
            private_folder(folder)  # What is kept beside the articles stays there.
        return MilvusStore(settings.store, create=create, lock_timeout=settings.lock_timeout)
    return SqliteStore(
        folder,
        create=create,
        lock_timeout=settings.lock_timeout,
        vector_index=settings.vector_index,
    )


def open_place(place: str, settings: IndexSettings, create: bool) -> Store:
    """Open a store by its place: an address of Milvus, or the folder of a library."""
    if not place.startswith(("milvus:", "milvus+")):
        return open_store(Path(place), settings.model_copy(update={"store": ""}), create)
    from index.store.milvus.store import MilvusStore

    return MilvusStore(place, create=create, lock_timeout=settings.lock_timeout)
