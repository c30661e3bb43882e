"""The connections to a library's database: one for each thread, as long as the thread lives."""

from __future__ import annotations

import threading
import weakref
from pathlib import Path

from index.store.sqlite.database import Database

__all__ = ["Connections"]


class Connections:
    """Connections to the library in ``folder``. Safe to share between threads.

    A connection is closed when its thread ends, so that a program that asks each question in a
    thread of its own does not run out of files. ``read_only``: nobody writes here.
    """

    def __init__(self, folder: Path, read_only: bool) -> None:
        self._folder = folder
        self._read_only = read_only
        self._threads = threading.local()
        self._mutex = threading.Lock()
        self._databases: weakref.WeakSet[Database] = weakref.WeakSet()

    def of_thread(self, create: bool = False) -> Database:
        """Return the connection of this thread, opened when first needed. Raises what
        :class:`index.store.sqlite.database.Database` raises."""
        database: Database | None = getattr(self._threads, "database", None)
        if database is None:
            database = Database(self._folder, create, self._read_only)
            self._threads.database = database
            with self._mutex:
                self._databases.add(database)
        database.refresh()
        return database

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._mutex:
            databases = list(self._databases)
        for database in databases:
            database.close()
