"""The places that a library is published to: a folder, or an object store."""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from index.error_mapping import storage_errors
from index.errors import LibraryLocked, PublicationError
from index.publication.manifest import POINTER, Block, Manifest, ManifestEntry, Pointer, digest_of
from index.store.private import private_folder, sync_folder

__all__ = [
    "FolderPlace",
    "Place",
    "open_publication",
    "read_manifest",
    "read_pointer",
    "read_verified",
]

_LOCK: Final = "publish.lock"
_MAX_POINTER: Final = 1 << 20


class Place(Protocol):
    """Files by name. Each is written completely or not at all; only the pointer is ever replaced.

    What goes wrong is a ``LibraryError`` that names the place.
    """

    @property
    def url(self) -> str:
        """The address, without what may be secret in it."""
        ...

    def read(self, name: str, limit: int) -> bytes | None:
        """Read a file, or the first ``limit`` bytes of a longer one; ``None`` if there is none."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Write a file, replacing one of that name; it is there to stay when this returns."""
        ...

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the size in bytes of every file below ``folder``, by name."""
        ...

    def delete(self, names: Collection[str]) -> None:
        """Delete files; one that is not there is passed over."""
        ...

    def lock(self) -> AbstractContextManager[None]:
        """Keep other publishers out, where the place can. ``LibraryLocked`` when one is at it."""
        ...


class FolderPlace:
    """A folder of this machine, or one that is mounted.

    Its files are readable for whom the folder is; a new folder is for its owner alone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def url(self) -> str:
        return str(self._folder)

    def read(self, name: str, limit: int) -> bytes | None:
        with storage_errors(self._folder):
            try:
                with (self._folder / name).open("rb") as file:
                    return file.read(limit)
            except (FileNotFoundError, NotADirectoryError):
                return None

    def write(self, name: str, data: bytes) -> None:
        target = self._folder / name
        with storage_errors(self._folder):
            private_folder(self._folder)
            mode = self._folder.stat().st_mode
            # A mode that is asked for is cut by the umask, which is not about this folder.
            if not target.parent.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                target.parent.chmod(mode & 0o777)
            part = target.with_name(f".part-{secrets.token_hex(8)}")
            try:
                with part.open("xb") as file:
                    part.chmod(mode & 0o666)
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
            sync_folder(target.parent)

    def sizes(self, folder: str) -> dict[str, int]:
        with storage_errors(self._folder):
            return {
                path.relative_to(self._folder).as_posix(): path.lstat().st_size
                for path in (self._folder / folder).rglob("*")
                if not path.is_dir() or path.is_symlink()
            }

    def delete(self, names: Collection[str]) -> None:
        with storage_errors(self._folder):
            for name in names:
                (self._folder / name).unlink(missing_ok=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        with storage_errors(self._folder):
            private_folder(self._folder)
            lock = FileLock(self._folder / _LOCK, mode=0o600)
            try:
                lock.acquire(timeout=0)
            except Timeout as exc:
                raise LibraryLocked(
                    f"another process publishes to {self._folder}; wait until it is done"
                ) from exc
        try:
            yield
        finally:
            lock.release()


def open_publication(address: str) -> Place:
    """Open a place by its address: a folder, ``file:///FOLDER``, or the URL of an
    object store (``s3://BUCKET/PATH``). ``SettingsError`` for another, and where its extra is
    missing."""
    parts = urlsplit(address)
    if parts.scheme == "file":
        return FolderPlace(Path(parts.path))
    if "://" not in address:
        return FolderPlace(Path(address).expanduser().absolute())
    # Imported late: only those need it who publish elsewhere than in a folder.
    from index.publication.remote import RemotePlace

    return RemotePlace.open(address)


def read_pointer(place: Place) -> Pointer | None:
    """Read the pointer of a place; ``None`` where nothing was published. Raises what
    :meth:`Pointer.parse` does."""
    data = place.read(POINTER, _MAX_POINTER)
    return None if data is None else Pointer.parse(data, f"{place.url}/{POINTER}")


def read_manifest(place: Place, entry: ManifestEntry) -> Manifest:
    """Read a manifest. Raises what :func:`read_verified` and :meth:`Manifest.parse` do."""
    data = read_verified(place, entry)
    return Manifest.parse(data, f"{place.url}/{entry.name}")


def read_verified(place: Place, file: Block | ManifestEntry) -> bytes:
    """Read a block or a manifest. ``PublicationError`` when it is gone or is not the one that is
    named."""
    data = place.read(file.name, file.size + 1)
    source = f"{place.url}/{file.name}"
    if data is None:
        raise PublicationError(f"{source} is gone; publish again (pullquote publish)")
    if digest_of(data) != file.sha256:
        raise PublicationError(f"{source} is damaged; pullquote publish --anew writes it again")
    return data
