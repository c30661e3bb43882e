"""Check the files of a lexical index, and record the revision that they were made from.

Beside tantivy's own files lies ``origin.json``. It names the revision of the store that the index
was made from, and the version of the analysis. While a writer is at work it names the coming
revision too: an index with a writer's changes serves the readers of both. tantivy ends each of its
files with a CRC-32, which it does not check when it opens one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import tempfile
import zlib
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from index.error_mapping import lexical_errors
from index.errors import LibraryCorrupt
from index.search.analyzer import analysis_version
from index.store.private import link_or_copy, make_private, sync_folder

__all__ = [
    "FileState",
    "Origin",
    "count_deleted",
    "damage",
    "link_files",
    "linked_copy",
    "size",
]

_ORIGIN, _META = "origin.json", "meta.json"
_PARTS = (".idx", ".pos", ".term", ".store", ".fast", ".fieldnorm")
_MAGIC = 1337
_TAIL = struct.Struct("<II")
_CHUNK = 1 << 20
# Name, size and time of change (nanoseconds) of a file.
FileState = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Origin:
    """The state of the store that a lexical index was made from.

    ``revision``: of the passages in it. ``following``: the revision that a writer is about to make.
    ``clearing``: removed passages are still to be deleted from it. ``files_hash``: SHA-256 of
    tantivy's ``meta.json`` and of the footers of all files that it names, taken while nobody was
    writing: a file with a valid checksum of its own may still belong to an older index.
    """

    revision: str
    following: str = ""
    clearing: bool = False
    files_hash: str = ""
    analysis: str = ""

    @classmethod
    def read(cls, folder: Path) -> Origin | None:
        """Read the origin stored in a folder; ``None`` when it cannot be read."""
        try:
            return cls(**json.loads((folder / _ORIGIN).read_bytes()))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, folder: Path) -> None:
        """Write it to a folder; it is on the disk when this returns."""
        with lexical_errors(folder):
            part = folder / f"{_ORIGIN}.part"
            part.unlink(missing_ok=True)
            make_private(part)
            with part.open("w") as file:
                json.dump(asdict(self), file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(folder / _ORIGIN)
            sync_folder(folder)

    @classmethod
    def settled(cls, folder: Path, revision: str) -> Origin:
        """Make the origin of an index that nobody is writing to."""
        return cls(revision, files_hash=_files_hash(folder), analysis=analysis_version())

    def serves(self, revision: str | None) -> bool:
        """Whether the index has at least the passages of a revision, and no others' keys."""
        revisions = self.revision, self.following
        return bool(revision) and revision in revisions and self.analysis == analysis_version()

    def is_settled(self, revision: str | None) -> bool:
        """Whether the index has exactly the passages of a revision."""
        return self.serves(revision) and not self.following and not self.clearing


def damage(folder: Path, contents: bool = True, intact: set[FileState] | None = None) -> str | None:
    """Describe the damage to the files of an index; ``None`` if there is none.

    contents: whether the files are read, or only checked to exist.
    intact: files that were read before and are not read again; intact ones are added to it. tantivy
        never changes a file.
    """
    if folder.is_symlink():
        return f"{folder}: a link to another place"
    try:
        files = _files(folder)
        for file in files:
            state = _state(file)
            new = intact is None or state not in intact
            if wrong := _file_damage(file, contents and new):
                return wrong
            if intact is not None and contents:
                intact.add(state)
        origin = Origin.read(folder)
        if origin is not None and origin.files_hash not in ("", _files_hash(folder)):
            damages = (_file_damage(file, contents=True) for file in files)
            mismatch = f"{folder / _META}: it or a file that it names is of another index"
            return next(filter(None, damages), mismatch)
    except OSError as exc:
        return f"{exc.filename or folder}: cannot be read ({exc.strerror})"
    except (ValueError, KeyError, TypeError):
        return f"{folder / _META}: not what tantivy writes"
    return None


def _state(file: Path) -> FileState:
    status = file.lstat()
    return file.name, status.st_size, status.st_mtime_ns


def size(folder: Path) -> int:
    """Return the size of an index's files in bytes."""
    total = 0
    with suppress(OSError):
        for file in folder.iterdir():
            with suppress(OSError):
                total += file.lstat().st_size
    return total


def count_deleted(folder: Path) -> int:
    """Count the passages that were deleted from an index and are in its files until tantivy merges
    these; 0 where that cannot be read."""
    try:
        segments = json.loads((folder / _META).read_bytes())["segments"]
        return sum(
            (segment.get("deletes") or {}).get("num_deleted_docs", 0) for segment in segments
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return 0


def linked_copy(folder: Path) -> Path:
    """Make a writable folder with links to the files of an index.

    tantivy creates a lock file to open an index, which it cannot on a read-only file system.
    ``LibraryCorrupt`` when the index contains links itself.
    """
    files = list(folder.iterdir())
    for file in files:
        if file.is_symlink():
            raise LibraryCorrupt(f"{file}: a link to another place; {folder} is not used")
    copy = Path(tempfile.mkdtemp(prefix="pullquote-lexical-"))
    try:
        for file in files:
            if file.suffix == ".json":
                (copy / file.name).write_bytes(file.read_bytes())
            elif file.suffix != ".lock":
                (copy / file.name).symlink_to(file.resolve())
    except BaseException:
        shutil.rmtree(copy)
        raise
    return copy


def link_files(folder: Path, target: Path) -> None:
    """Copy an index that nobody is writing to into a new folder on the same disk; what tantivy
    never changes is linked. ``LibraryCorrupt`` when it is not complete."""
    with lexical_errors(folder):
        try:
            files = _files(folder)
        except (KeyError, TypeError) as exc:
            raise LibraryCorrupt(f"{folder / _META}: not what tantivy writes") from exc
        target.mkdir(mode=0o700)
        for name in (_ORIGIN, _META):
            make_private(target / name)
            (target / name).write_bytes((folder / name).read_bytes())
        for file in files:
            link_or_copy(file, target / file.name)


def _files(folder: Path) -> list[Path]:
    """List the files of the index's present segments."""
    files: list[Path] = []
    for segment in json.loads((folder / _META).read_bytes())["segments"]:
        name = str(segment["segment_id"]).replace("-", "")
        files += [folder / f"{name}{part}" for part in _PARTS]
        deletes = segment.get("deletes")
        if isinstance(deletes, dict):
            files.append(folder / f"{name}.{deletes['opstamp']}.del")
    return files


def _file_damage(file: Path, contents: bool) -> str | None:
    """Describe a file's damage, by the CRC-32 in its footer; ``None`` when there is none."""
    if file.is_symlink():
        return f"{file}: a link to another place"
    with file.open("rb") as stream:
        end = stream.seek(0, os.SEEK_END) - _TAIL.size
        if end < 0:
            return f"{file}: cut off"
        if not contents:
            return None
        stream.seek(end)
        length, magic = _TAIL.unpack(stream.read(_TAIL.size))
        if magic != _MAGIC or length > end:
            return f"{file}: cut off"
        stream.seek(end - length)
        checksum = json.loads(stream.read(length))["crc"]
        stream.seek(0)
        remaining, crc = end - length, 0
        while remaining and (part := stream.read(min(remaining, _CHUNK))):
            crc = zlib.crc32(part, crc)
            remaining -= len(part)
    return None if crc == checksum else f"{file}: the checksum does not hold"


def _footer(file: Path) -> bytes:
    """Read the end of a file, with the checksum of the rest; all of a truncated file."""
    with file.open("rb") as stream:
        end = stream.seek(0, os.SEEK_END)
        stream.seek(max(end - _TAIL.size, 0))
        tail = stream.read()
        length = _TAIL.unpack(tail)[0] if len(tail) == _TAIL.size else 0
        stream.seek(max(end - _TAIL.size - min(length, _CHUNK), 0))
        return stream.read()


def _files_hash(folder: Path) -> str:
    with lexical_errors(folder):
        hashes = hashlib.sha256((folder / _META).read_bytes())
        for file in _files(folder):
            hashes.update(file.name.encode() + b"\0" + _footer(file))
        return hashes.hexdigest()
