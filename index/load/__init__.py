"""Loading: files in, articles (or the reason why not) out. One format a module.

A new format is a class with ``suffixes`` and ``load`` (see :class:`index.load.base.Loader`)
added to ``LOADERS``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from index.errors import LoadError
from index.load.base import Loaded, Loader
from index.load.jsonl import JsonlLoader
from index.load.markdown import MarkdownLoader
from index.load.text import TextLoader

__all__ = ["LOADERS", "Loaded", "Loader", "find_files", "load_file", "load_paths"]

LOADERS: tuple[Loader, ...] = (TextLoader(), MarkdownLoader(), JsonlLoader())

_BY_SUFFIX = {suffix: loader for loader in LOADERS for suffix in loader.suffixes}


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files to load: those named, and in the folders named those of a known format.

    Folders are read recursively, in name order, without hidden files and folders.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = (file for file in sorted(path.rglob("*")) if not _hidden(file, path))
            found |= {file: None for file in inside if _loads(file)}
        else:
            found[path] = None
    return list(found)


def load_paths(paths: Iterable[Path], max_chars: int) -> Iterator[Loaded]:
    """The articles of files and folders; what cannot be read comes as a ``LoadError`` value."""
    for path in find_files(paths):
        yield from load_file(path, max_chars)


def load_file(path: Path, max_chars: int) -> Iterator[Loaded]:
    """The articles of one file, or why there are none."""
    loader = _BY_SUFFIX.get(path.suffix.lower())
    if loader is None:
        known = " ".join(sorted(_BY_SUFFIX))
        yield LoadError(
            str(path), f"no loader for {path.suffix or 'a name without a suffix'} (known: {known})"
        )
        return
    try:
        yield from loader.load(path, max_chars)
    except LoadError as exc:
        yield exc


def _loads(path: Path) -> bool:
    return path.suffix.lower() in _BY_SUFFIX and path.is_file()


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)
