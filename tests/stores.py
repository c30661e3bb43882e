"""Stores, backups and publications as they are where nothing is set."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from index.publication.follower import FollowerStore
from index.publication.place import Place
from index.publication.publisher import Publication, publish
from index.settings import IndexSettings
from index.store.sqlite.backup import Contents, restore
from index.store.sqlite.store import SqliteStore

__all__ = ["follower_store", "publish_library", "restore_library", "sqlite_store"]

_SETTINGS: Final = IndexSettings()


def sqlite_store(
    folder: Path,
    *,
    read_only: bool = False,
    lock_timeout: float = _SETTINGS.lock_timeout,
) -> SqliteStore:
    """The store in a folder, which is made unless it is only to be read."""
    return SqliteStore(
        folder,
        create=not read_only,
        lock_timeout=lock_timeout,
        vector_index=_SETTINGS.vector_index,
        read_only=read_only,
    )


def restore_library(
    folder: Path,
    file: Path,
    overwrite: bool = False,
    lock_timeout: float = _SETTINGS.lock_timeout,
) -> Contents:
    return restore(folder, file, overwrite, lock_timeout)


def publish_library(
    folder: Path, place: Place, *, keep: int = 3, anew: bool = False
) -> Publication:
    return publish(
        folder,
        place,
        keep=keep,
        anew=anew,
        vector_index=_SETTINGS.vector_index,
        lock_timeout=_SETTINGS.lock_timeout,
    )


def follower_store(
    place: Place, folder: Path, *, interval: float = _SETTINGS.follow_interval
) -> FollowerStore:
    return FollowerStore(
        place,
        folder,
        encoder=_SETTINGS.encoder,
        interval=interval,
        vector_index=_SETTINGS.vector_index,
        check=True,
    )
