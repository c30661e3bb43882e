"""Loading: files or fetched bytes in, articles (or the reason why not) out. One format a module.

A new format is a class like :class:`index.load.base.Loader`: ours are listed in
``index.load.registry``, those of others come under the entry point group ``pullquote.loaders``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from index.article import Article
from index.errors import LoadError, printable
from index.load.base import Loaded, Loader, Source, finish_article
from index.load.pictures.image import ImageLoader
from index.load.pictures.ocr import is_installed
from index.load.registry import registry

__all__ = [
    "Loaded",
    "Loader",
    "Source",
    "as_page",
    "find_files",
    "is_decoration",
    "known_suffixes",
    "load_bytes",
    "load_content",
    "load_file",
    "load_paths",
]

_logger = logging.getLogger(__name__)


def known_suffixes() -> list[str]:
    """All suffixes that have a loader, sorted; those of pictures where these can be read here."""
    suffixes = registry().suffixes
    return sorted(name for name in suffixes if is_installed() or name not in ImageLoader.suffixes)


def find_files(paths: Iterable[Path]) -> list[Path]:
    """List the files to load: those named, and in the folders named those of a known format.

    Folders are read recursively, in name order, without hidden files and folders, without folders
    that are links, and without pictures where these cannot be read or belong to a saved page
    (``PAGE_files``). A file with several names is listed once, under its own name if that is among
    them.
    """
    files_by_place: dict[Path, Path] = {}
    loaders = registry().by_name
    for path in paths:
        if path.is_dir():
            inside = (file for file in sorted(path.rglob("*")) if not _is_hidden(file, path))
            files = [
                file for file in inside
                if loaders(file.name) and file.is_file() and not is_decoration(file)
            ]  # fmt: skip
        else:
            files = [path]
        for file in files:
            try:
                itself = file.resolve()
            except (OSError, RuntimeError):
                # A link that leads to itself; whoever named it is told when it is opened.
                itself = file.absolute()
            first_name = files_by_place.get(itself)
            if first_name is None or (first_name.is_symlink() and not file.is_symlink()):
                files_by_place[itself] = file
    return list(files_by_place.values())


def load_paths(paths: Iterable[Path], max_chars: int) -> Iterator[Loaded]:
    """Load files and folders; what cannot be read is yielded as a ``LoadError``."""
    for path in find_files(paths):
        yield from load_file(path, max_chars)


def load_file(
    path: Path, max_chars: int, *, name: str | None = None, origin: str | None = None
) -> Iterator[Loaded]:
    """Load one file; yields its articles, or errors that say why there are none.

    name: stands for the path in errors and in ``Article.source``.
    origin: stands for the path in the ids of articles that are identified by it.
    """
    source = Source.of_file(path, name, origin)
    yield from _load(registry().by_name(path.name), source, max_chars, path.suffix)


def load_content(data: bytes, path: Path, origin: str, max_chars: int) -> Iterator[Loaded]:
    """Load the content of a file that lies on another machine, as :func:`load_file` does there;
    ``origin`` is its full path."""
    source = Source(name=printable(str(path)), origin=origin, data=data)
    yield from _load(registry().by_name(path.name), source, max_chars, path.suffix)


def load_bytes(
    data: bytes,
    name: str,
    *,
    url: str | None = None,
    content_type: str | None = None,
    max_chars: int,
) -> Iterator[Loaded]:
    """Load bytes that were fetched or sent; yields articles, or errors that say why there are none.

    ``name`` (a URL or a file name) stands in errors and in ``Article.source``. The loader is chosen
    by the bytes themselves, then by ``content_type``, then by the suffix of ``name``. An article
    that states no id is identified by ``url``, or by the URL that its page states as canonical.
    """
    source = Source.of_bytes(data, name, url, content_type)
    yield from _load(
        registry().by_content(source), source, max_chars, content_type or "these bytes"
    )


def _load(loader: Loader | None, source: Source, max_chars: int, label: str) -> Iterator[Loaded]:
    if loader is None:
        label = label or "a name without a suffix"
        suffixes = f"known: {' '.join(known_suffixes())}"
        yield source.refused(
            f"{label} is no format that is read ({'; '.join([suffixes, *registry().problems])})"
        )
        return
    try:
        for item in loader.load(source, max_chars):
            yield as_page(finish_article(item) if isinstance(item, Article) else item)
    except LoadError as exc:
        yield exc
    except Exception as exc:  # a loader of others, in this process: the next source is to be read
        _logger.exception("%s: the loader failed", source.name)
        yield source.refused(f"its loader failed: {type(exc).__name__}: {exc}")


def as_page(item: Loaded) -> Loaded:
    """Mark a loaded article as a page for the library to clean; a record stays one."""
    if isinstance(item, LoadError) or item.found_as != "text":
        return item
    return replace(item, found_as="page")


def is_decoration(file: Path) -> bool:
    """Whether a file in a folder is a picture that is no article: any picture where these cannot be
    read, and those that a browser saves beside a page."""
    if file.suffix.lower() not in ImageLoader.suffixes:
        return False
    return not is_installed() or any(part.endswith("_files") for part in file.parts[:-1])


def _is_hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)
