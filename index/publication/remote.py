"""A place in an object store: S3 and what speaks its protocol, Google Cloud Storage, Azure.

An object is written completely or not at all, and what fails is tried again for some seconds by the
client (obstore: one package of 6 MB without dependencies, where s3fs brings thirty). Object stores
have no locks, so one publisher at a time is up to whoever runs it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit, urlunsplit

from index.errors import PublicationError, SettingsError

if TYPE_CHECKING:
    from obstore.store import ObjectStore

__all__ = ["RemotePlace"]

# Seconds that a call is tried for, and that one try may take to connect.
_PATIENCE: Final = timedelta(seconds=10)
_CONNECTION: Final = timedelta(seconds=5)


class RemotePlace:
    """Everything below one prefix of a bucket."""

    def __init__(self, store: ObjectStore, url: str) -> None:
        self._store = store
        self._url = url

    @classmethod
    def open(cls, address: str, patience: timedelta = _PATIENCE) -> RemotePlace:
        """Open the place at a URL. ``SettingsError`` for one that is no store's, and where the
        extra is missing.

        Keys are taken from the environment, as the store's own tools take them (of S3
        ``AWS_ACCESS_KEY_ID`` and the like; ``AWS_ENDPOINT`` names another server).
        """
        url = _public(address)
        try:
            from obstore.store import from_url
        except ImportError as exc:
            raise SettingsError(
                f"{url}: obstore is not installed: run pip install -c constraints.txt -e "
                "'.[cluster]'"
            ) from exc
        try:
            store: Any = from_url(
                address,
                retry_config={"retry_timeout": patience},
                client_options={"connect_timeout": _CONNECTION},
            )
        except Exception as exc:
            raise SettingsError(
                f"{url} is no address to publish to or follow: a folder, or s3://BUCKET/PATH, "
                f"gs://..., az://... ({_reason(exc)})"
            ) from exc
        return cls(store, url)

    @property
    def url(self) -> str:
        return self._url

    def read(self, name: str, limit: int) -> bytes | None:
        with self._errors():
            try:
                stored = self._store.get(name)
            except FileNotFoundError:
                return None
            # What is longer than it should be is not taken into memory.
            if stored.meta["size"] > limit:
                data: bytes = self._store.get_range(name, start=0, length=limit).to_bytes()
            else:
                data = stored.bytes().to_bytes()
            return data

    def write(self, name: str, data: bytes) -> None:
        with self._errors():
            self._store.put(name, data)

    def sizes(self, folder: str) -> dict[str, int]:
        with self._errors():
            pages = self._store.list(f"{folder}/")
            return {entry["path"]: entry["size"] for page in pages for entry in page}

    def delete(self, names: Collection[str]) -> None:
        with self._errors():
            for name in names:
                self._delete(name)

    def _delete(self, name: str) -> None:
        try:
            self._store.delete(name)
        except FileNotFoundError:
            return

    @contextmanager
    def lock(self) -> Iterator[None]:
        yield

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Map whatever the client raises: each of its classes means the same here."""
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, OSError, ValueError) as exc:
            raise PublicationError(f"{self._url} cannot be reached: {_reason(exc)}") from exc


def _reason(exc: Exception) -> str:
    """Return the first line of a client's message; the others quote requests."""
    lines = str(exc).strip().splitlines()
    return lines[0][:300] if lines else type(exc).__name__


def _public(address: str) -> str:
    """Return the address without user, password and query."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
