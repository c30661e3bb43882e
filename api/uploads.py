"""Files that were sent, as the loaders want them: on disk, under their own names, for a while."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Self

from starlette.datastructures import UploadFile

from api.problem import Problem
from index.load import Loaded, load_file

__all__ = ["Upload"]

_MAX_NAME_BYTES = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """Files in a temporary folder; ``size`` in bytes. ``load`` reads and removes them."""

    folder: Path
    files: tuple[Path, ...]
    size: int

    @classmethod
    def save(cls, sent: Sequence[UploadFile]) -> Self:
        """Copy what was sent. ``Problem`` (422) when there is nothing or a name is no name."""
        if not sent:
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY, "no file in the form: send them as `files`"
            )
        names = _told_apart([_name(each.filename or "") for each in sent])
        folder = Path(tempfile.mkdtemp(prefix="pullquote-"))
        try:
            files = []
            for name, each in zip(names, sent, strict=True):
                target = folder / name
                with target.open("wb") as out:
                    shutil.copyfileobj(each.file, out)
                files.append(target)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return cls(folder, tuple(files), sum(file.stat().st_size for file in files))

    def load(self, max_chars: int) -> list[Loaded]:
        """The articles, as if each file lay at its bare name; the copies are removed."""
        try:
            return [item for file in self.files for item in _articles(file, max_chars)]
        finally:
            self.discard()

    def discard(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _articles(file: Path, max_chars: int) -> Iterator[Loaded]:
    # What is told apart by its path is told apart by its name here: the same file sent again,
    # edited or not, is the same article.
    return load_file(file, max_chars, name=file.name, origin=f"upload:{file.name}")


def _told_apart(names: list[str]) -> list[str]:
    """The names, with a number to those that stand there again: ``report (2).txt``."""
    found: dict[str, None] = {}
    for name in names:
        path, number, unique = PurePosixPath(name), 1, name
        while unique in found:
            number += 1
            unique = f"{path.stem} ({number}){path.suffix}"
        found[unique] = None
    return list(found)


def _name(given: str) -> str:
    name = PurePosixPath(given.replace("\\", "/")).name
    name = "".join(char for char in name if char.isprintable()).strip()
    if not name or name in (".", ".."):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{given!r} is no name for a file")
    stem, suffix = name, ""
    with suppress(ValueError):
        dot = name.rindex(".")
        stem, suffix = name[:dot], name[dot:][:20]
    while len(f"{stem}{suffix}".encode(errors="replace")) > _MAX_NAME_BYTES:
        stem = stem[:-1]
    return f"{stem}{suffix}"
