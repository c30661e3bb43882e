"""The generations that a follower has in its folder, each complete and verified.

::

    FOLDER/follow.json              the generation in use, and where it is from
    FOLDER/generations/SHA256/      the files of a generation, and its manifest
    FOLDER/generations/.part-...    one that is being fetched
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from index.error_mapping import storage_errors
from index.errors import LibraryCorrupt, LibraryError, StorageError
from index.publication.manifest import Block, Manifest, ManifestEntry, PublishedFile, digest_of
from index.publication.place import Place, read_verified
from index.store.private import link_or_copy, make_private, private_folder, sync_folder

__all__ = ["FOLLOW_FILE", "FollowRecord", "Generations"]

FOLLOW_FILE: Final = "follow.json"
_MANIFEST: Final = "manifest.json"
_PART: Final = ".part-"
_LOCK: Final = "follow.lock"


class FollowRecord(BaseModel):
    """The generation in use (``current``), the one before it, and the place they are from."""

    model_config = ConfigDict(frozen=True)

    place: str
    current: ManifestEntry
    previous: ManifestEntry | None = None


class Generations:
    """The generations in a folder. Several processes may use it; one at a time fetches."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._generations = folder / "generations"

    def path(self, entry: ManifestEntry) -> Path:
        """Return the folder of a generation."""
        return self._generations / entry.sha256

    def record(self) -> FollowRecord | None:
        """Read which generation is in use here; ``None`` where none is, or the file that says so
        cannot be read."""
        try:
            return FollowRecord.model_validate_json((self._folder / FOLLOW_FILE).read_bytes())
        except (OSError, ValidationError):
            return None

    @contextmanager
    def fetching(self, timeout: float) -> Iterator[bool]:
        """Hold the right to fetch until the block ends; false where another process has it."""
        with storage_errors(self._folder):
            private_folder(self._folder)
            private_folder(self._generations)
        lock = FileLock(self._folder / _LOCK, mode=0o600)
        with storage_errors(self._folder):
            try:
                lock.acquire(timeout=timeout)
            except Timeout:
                yield False
                return
        try:
            yield True
        finally:
            lock.release()

    def use(self, entry: ManifestEntry, place: str) -> None:
        """Note that a generation is in use from now on, and remove all but it and the one before.

        place: the address that it is from, to be shown.
        """
        before = self.record()
        previous = before.current if before and before.current != entry else None
        record = FollowRecord(place=place, current=entry, previous=previous)
        with storage_errors(self._folder):
            _write(self._folder / FOLLOW_FILE, record.model_dump_json().encode())
        keep = {item.sha256 for item in (entry, previous) if item}
        for folder in self._generations.iterdir():
            if folder.name not in keep:
                shutil.rmtree(folder, ignore_errors=True)

    def discard(self, entry: ManifestEntry) -> None:
        """Remove a generation that turned out to be of no use."""
        shutil.rmtree(self.path(entry), ignore_errors=True)

    def fetch(self, place: Place, entry: ManifestEntry, manifest: Manifest) -> Path:
        """Make the folder of a generation, of what is here already and of blocks of the place;
        returns it once all of it is on the disk.

        A fetch that was interrupted goes on. Raises ``PublicationError`` for a block that is gone,
        damaged or cannot be had, and ``StorageError`` when the disk is full; what was fetched for
        it is removed then.
        """
        target = self.path(entry)
        if target.exists():
            return target
        part = self._generations / f"{_PART}{entry.sha256}"
        try:
            with storage_errors(self._folder):
                private_folder(part)
                local = _LocalFiles(self._current_folder())
                for file in manifest.files:
                    _fetch_file(place, file, part / file.path, local)
                # A name is on the disk when its folder is, whatever the file itself is.
                for folder in {(part / file.path).parent for file in manifest.files}:
                    sync_folder(folder)
                _write(part / _MANIFEST, manifest.serialise())
                part.rename(target)
                sync_folder(self._generations)
        except StorageError:
            shutil.rmtree(part, ignore_errors=True)
            raise
        return target

    def _current_folder(self) -> Path | None:
        record = self.record()
        return self.path(record.current) if record else None


class _LocalFiles:
    """The files and blocks of the generation in use, to be taken from there."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._files: dict[str, PublishedFile] = {}
        self._blocks: dict[Block, tuple[Path, int]] = {}
        if folder is not None:
            try:
                data = (folder / _MANIFEST).read_bytes()
                self._note(Manifest.parse(data, str(folder)), folder)
            except (OSError, LibraryError):
                return  # Then all of it is fetched.

    def _note(self, manifest: Manifest, folder: Path) -> None:
        for file in manifest.files:
            self._files[file.path] = file
            offset = 0
            for block in file.blocks:
                self._blocks.setdefault(block, (folder / file.path, offset))
                offset += block.size

    def same(self, file: PublishedFile) -> Path | None:
        """Return the local file that has the same path and the same blocks; ``None`` where there is
        none."""
        if self._folder is None or self._files.get(file.path) != file:
            return None
        path = self._folder / file.path
        size = sum(block.size for block in file.blocks)
        return path if path.is_file() and path.stat().st_size == size else None

    def block(self, block: Block) -> bytes | None:
        """Return the content of a block, verified; ``None`` where no local file has it."""
        if block not in self._blocks:
            return None
        path, offset = self._blocks[block]
        try:
            with path.open("rb") as stream:
                stream.seek(offset)
                data = stream.read(block.size)
        except OSError:
            return None
        return data if digest_of(data) == block.sha256 else None


def _fetch_file(place: Place, file: PublishedFile, target: Path, local: _LocalFiles) -> None:
    """Write a file, block by block; those that are there from an earlier try are kept."""
    private_folder(target.parent)
    if target.is_symlink():
        raise LibraryCorrupt(f"{target} is a link to another place; remove it")
    same = local.same(file)
    if same is not None:
        target.unlink(missing_ok=True)
        link_or_copy(same, target)
        return
    make_private(target)
    with target.open("r+b") as stream:
        for block in file.blocks:
            offset = stream.tell()
            if digest_of(stream.read(block.size)) == block.sha256:
                continue
            data = local.block(block) or read_verified(place, block)
            stream.seek(offset)
            stream.write(data)
        stream.truncate()
        stream.flush()
        os.fsync(stream.fileno())


def _write(target: Path, data: bytes) -> None:
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    make_private(part)
    with part.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(target)
    sync_folder(target.parent)
