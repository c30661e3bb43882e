"""Which store a library has: on Milvus where the settings name one, the generations of another
library where it follows one, else its own in its folder."""

from __future__ import annotations

from pathlib import Path

from index.errors import LibraryError, SettingsError
from index.publication.follower import FollowerStore
from index.publication.generations import Generations
from index.publication.place import open_publication
from index.settings import IndexSettings
from index.store.base import Store
from index.store.private import private_folder
from index.store.sqlite.database import FILE_NAME
from index.store.sqlite.store import SqliteStore

__all__ = ["open_place", "open_store"]


def open_store(folder: Path, settings: IndexSettings, create: bool) -> Store:
    """Open the store of the library in ``folder``, or make an empty one."""
    if settings.follow and settings.store:
        raise SettingsError("PULLQUOTE_FOLLOW and PULLQUOTE_STORE exclude each other")
    if settings.store:
        # Imported late: nobody else needs it, and its client is an extra.
        from index.store.milvus.store import MilvusStore

        if create:
            private_folder(folder)  # What is kept beside the articles stays there.
        return MilvusStore(settings.store, create=create, lock_timeout=settings.lock_timeout)
    is_own = (folder / FILE_NAME).exists()
    if settings.follow and is_own:
        raise LibraryError(
            f"{folder} has a library of its own; follow {settings.follow} in another folder "
            "(PULLQUOTE_LIBRARY)"
        )
    record = None if is_own else Generations(folder).record()
    if settings.follow or record:
        return FollowerStore(
            open_publication(settings.follow or (record.place if record else "")),
            folder,
            encoder=settings.encoder,
            interval=settings.follow_interval,
            vector_index=settings.vector_index,
            check=bool(settings.follow),
        )
    return SqliteStore(
        folder,
        create=create,
        lock_timeout=settings.lock_timeout,
        vector_index=settings.vector_index,
    )


def open_place(place: str, settings: IndexSettings, create: bool) -> Store:
    """Open a store by its place: an address of Milvus, or the folder of a library."""
    if not place.startswith(("milvus:", "milvus+")):
        return open_store(
            Path(place), settings.model_copy(update={"store": "", "follow": ""}), create
        )
    from index.store.milvus.store import MilvusStore

    return MilvusStore(place, create=create, lock_timeout=settings.lock_timeout)
