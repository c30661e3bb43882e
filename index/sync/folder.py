"""A folder as a source: its files, and the state of each when it was read."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import LoadError, SourceError
from index.load import is_decoration, known_suffixes

__all__ = ["YOUNG", "Scan", "file_hash", "scan", "stamp_of"]

# A file touched again within the resolution of its time stamps looks as it did before. So one
# that is younger than this when it is read is read once more the next time.
_RACY_NS = 2_000_000_000
YOUNG = "?"


@dataclass
class Scan:
    """The files under a folder that may hold articles, by their path within it.

    ``unreadable``: the folders and files that could not be read, and why; their content is unknown.
    """

    files: dict[str, os.stat_result] = field(default_factory=dict)
    unreadable: dict[str, LoadError] = field(default_factory=dict)

    def hides(self, item: str) -> bool:
        """Whether a file may exist that the scan could not see."""
        return any(
            not path or item == path or item.startswith(f"{path}/") for path in self.unreadable
        )


def scan(root: Path) -> Scan:
    """List the files of a known format, as :func:`index.load.find_files` does: no hidden files, no
    folders behind links, a file with several names once. ``SourceError`` when the
    folder itself cannot be read."""
    result = Scan()
    try:
        with os.scandir(root):
            pass
    except NotADirectoryError as exc:
        raise SourceError(f"{root} is a file: pullquote add takes files, sync folders") from exc
    except OSError as exc:
        raise SourceError(
            f"{root}: {exc.strerror}; nothing was changed. Is the disk there that holds it?"
        ) from exc
    _walk(str(root), "", tuple(known_suffixes()), result)
    _drop_links(root, result)
    return result


def _drop_links(root: Path, result: Scan) -> None:
    """Keep of several names of one file the first that is no link, or else the first."""
    links = [name for name in result.files if (root / name).is_symlink()]
    if not links:
        return
    places = {os.path.realpath(root / name) for name in result.files.keys() - set(links)}
    for name in sorted(links):
        place = os.path.realpath(root / name)
        if place in places:
            del result.files[name]
        places.add(place)


def _walk(folder: str, prefix: str, suffixes: tuple[str, ...], result: Scan) -> None:
    inner: list[os.DirEntry[str]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    inner.append(entry)
                elif entry.name.lower().endswith(suffixes) and not is_decoration(Path(entry.path)):
                    _note(entry, prefix, result)
    except OSError as exc:
        result.unreadable[prefix.rstrip("/")] = LoadError(folder, exc.strerror or str(exc))
    for entry in inner:
        _walk(entry.path, f"{prefix}{entry.name}/", suffixes, result)


def _note(entry: os.DirEntry[str], prefix: str, result: Scan) -> None:
    try:
        if entry.is_file():
            # The state of a sync is kept by name.
            entry.name.encode()
            result.files[prefix + entry.name] = entry.stat()
    except UnicodeEncodeError:
        reason = "its name is no UTF-8; rename it"
        result.unreadable[prefix + entry.name] = LoadError(entry.path, reason)
    except FileNotFoundError:
        return
    except OSError as exc:
        result.unreadable[prefix + entry.name] = LoadError(entry.path, exc.strerror or str(exc))


def stamp_of(stat: os.stat_result, read_at_ns: int) -> str:
    """Make a stamp that changes whenever a file does: size, time of modification, inode, and the
    time of the last status change, which no copying tool sets back.

    It ends with ``YOUNG`` when the file changed too recently for the stamp to be reliable.
    """
    stamp = f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}:{stat.st_ino}"
    young = max(stat.st_mtime_ns, stat.st_ctime_ns) > read_at_ns - _RACY_NS
    return stamp + YOUNG if young else stamp


def file_hash(path: Path) -> str:
    """SHA-256 (hex) of a file. ``LoadError`` when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as exc:
        raise LoadError(str(path), exc.strerror or str(exc)) from exc
