"""Uploaded files: kept on disk under their own names until the loaders have read them."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from api.problem import Problem, invalid
from api.process_folder import ProcessFolder
from index.error_mapping import storage_errors

if TYPE_CHECKING:
    from index.load import Loaded

__all__ = ["Upload", "Uploads", "read_form"]

_MAX_NAME_BYTES = 200
_MAX_FILES, _MAX_FIELDS = 1000, 100
# RFC 5987: the charset, a language, the name in it and percent-encoded.
_EXTENDED_NAME = re.compile(rb";\s*filename\*\s*=\s*([\w-]+)'[\w-]*'([^\s;\"]+)", re.I)


class _WholeForm(MultiPartParser):
    """Refuses a form that was cut short. Starlette's parser leaves out the file that is not all
    there, and says nothing of it."""

    _has_ended = False

    def on_headers_finished(self) -> None:
        disposition = self._current_part.content_disposition or b""
        if self._current_part.content_disposition and (name := _extended_name(disposition)):
            escaped = name.replace("\\", "\\\\").replace('"', '\\"')
            plain = f'; filename="{escaped}"'.encode(self._charset, "replace")
            self._current_part.content_disposition = disposition + plain
        super().on_headers_finished()

    def on_end(self) -> None:
        self._has_ended = True

    async def parse(self) -> FormData:
        form = await super().parse()
        if not self._has_ended:
            for file in self._files_to_close_on_error:
                file.close()
            raise MultiPartException("its end is missing, it was cut short")
        return form


def _extended_name(disposition: bytes) -> str | None:
    """Return the name of a file that has none but in the form of RFC 5987 (``filename*``), which
    some clients give to names beyond ASCII; else ``None``. RFC 7578 knows it not, so a plain name
    beside it counts. ``MultiPartException`` where it cannot be read."""
    match = _EXTENDED_NAME.search(disposition)
    if match is None or b"filename" in parse_options_header(disposition)[1]:
        return None
    charset, escaped = match.groups()
    try:
        return unquote_to_bytes(escaped).decode(charset.decode("ascii"))
    except (LookupError, ValueError) as exc:
        raise MultiPartException("a name under filename* cannot be read") from exc


async def read_form(request: Request) -> FormData:
    """Read the form that is sent with a request, to be closed. ``Problem`` (400) when it cannot be
    read, or is not all there."""
    parser = _WholeForm(
        request.headers, request.stream(), max_files=_MAX_FILES, max_fields=_MAX_FIELDS
    )
    try:
        return await parser.parse()
    except MultiPartException as exc:
        raise Problem(HTTPStatus.BAD_REQUEST, f"the form cannot be read: {exc.message}") from exc


@dataclass(frozen=True, slots=True)
class Upload:
    """Files in a folder of their own; ``size`` in bytes. :meth:`load` reads and removes them."""

    folder: Path
    files: tuple[Path, ...]
    size: int

    def describe(self) -> bytes:
        """Return names and hashes, by which the same upload is recognised. It reads all files."""
        hashes: list[tuple[str, str]] = []
        for file in self.files:
            with file.open("rb") as content:
                hashes.append((file.name, hashlib.file_digest(content, "sha256").hexdigest()))
        return repr(hashes).encode()

    def load(self, max_chars: int) -> list[Loaded]:
        """Load the articles, as if each file lay at its bare name; the copies are removed."""
        try:
            return [item for file in self.files for item in _articles(file, max_chars)]
        finally:
            self.discard()

    def discard(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class Uploads:
    """The uploads of a process, in a folder below ``folder`` that is its own while it lives."""

    def __init__(self, folder: Path) -> None:
        self._process_folder = ProcessFolder(folder)

    def open(self) -> None:
        """Remove the uploads of processes that have ended, and make room for those of this one."""
        self._process_folder.open()

    def close(self) -> None:
        """Remove the uploads of this process."""
        self._process_folder.close()

    def save(self, sources: Sequence[UploadFile]) -> Upload:
        """Copy the files into a new folder. ``Problem`` (422) when there are none or a file has no
        usable name."""
        if not sources:
            raise invalid("no file in the form: send them as `files`", "body.files")
        names = _distinct_names([_name(source.filename or "") for source in sources])
        parent = self._process_folder.path
        with storage_errors(parent):
            folder = Path(tempfile.mkdtemp(dir=parent))
            try:
                files = []
                for name, source in zip(names, sources, strict=True):
                    target = folder / name
                    with target.open("wb") as out:
                        shutil.copyfileobj(source.file, out)
                    files.append(target)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
        return Upload(folder, tuple(files), sum(file.stat().st_size for file in files))


def _articles(file: Path, max_chars: int) -> Iterator[Loaded]:
    # A server answers before it can take files.
    from index.load import load_file

    # A file on disk is identified by its path, an upload by its name: the same name again, with
    # the same text or another, is the same article.
    return load_file(file, max_chars, name=file.name, origin=f"upload:{file.name}")


def _distinct_names(names: list[str]) -> list[str]:
    """Number names that occur again, also where only case or the way in which accents are encoded
    differs, as some file systems call these the same: ``report (2).txt``."""
    names_so_far: dict[str, str] = {}
    for name in names:
        path, number, unique = PurePosixPath(name), 1, name
        while (key := unicodedata.normalize("NFC", unique).casefold()) in names_so_far:
            number += 1
            unique = f"{path.stem} ({number}){path.suffix}"
        names_so_far[key] = unique
    return list(names_so_far.values())


def _name(file_name: str) -> str:
    name = PurePosixPath(file_name.replace("\\", "/")).name
    name = "".join(char for char in name if char.isprintable()).strip()
    if not name or name in (".", ".."):
        raise invalid(f"{file_name!r} is no name for a file", "body.files")
    stem, suffix = name, ""
    with suppress(ValueError):
        dot = name.rindex(".")
        stem, suffix = name[:dot], name[dot:][:20]
    while len(f"{stem}{suffix}".encode(errors="replace")) > _MAX_NAME_BYTES:
        stem = stem[:-1]
    return f"{stem}{suffix}"
