"""Where a Milvus store is, as ``PULLQUOTE_STORE`` says it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from index.errors import SettingsError

__all__ = ["Address", "address_of_library"]

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_FORMS: Final = "milvus:///FOLDER/FILE.db, milvus+http://HOST:PORT/NAME or milvus+https://..."


@dataclass(frozen=True, slots=True)
class Address:
    """An engine, and the name that a library's collections there begin with.

    ``uri``: for the client, with credentials if there are any. ``label``: without, for people.
    ``file``: of milvus-lite, which runs in this process; ``None`` for a server.
    """

    uri: str = field(repr=False)
    label: str
    name: str = "pullquote"
    file: Path | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a setting. ``SettingsError`` for what is no address of Milvus."""
        try:
            parts = urlsplit(text)
            host, port = parts.hostname, parts.port
        except ValueError as exc:
            raise SettingsError(f"PULLQUOTE_STORE cannot be read ({exc}); {_FORMS}") from exc
        name = parts.path.strip("/") or "pullquote"
        if parts.scheme == "milvus" and not parts.netloc and parts.path.endswith(".db"):
            return cls(parts.path, text, file=Path(parts.path))
        if parts.scheme in ("milvus+http", "milvus+https") and host and _NAME.fullmatch(name):
            scheme = parts.scheme.removeprefix("milvus+")
            place = f"{host}:{port or 19530}"
            return cls(f"{scheme}://{_login(parts.netloc)}{place}", f"{scheme}://{place}", name)
        raise SettingsError(f"PULLQUOTE_STORE is no address of a store; write {_FORMS}")


def _login(netloc: str) -> str:
    login, at, _ = netloc.rpartition("@")
    return login + at


def address_of_library(text: str, library: str) -> str:
    """Return the address of one of several libraries at an address: collections, or a file, of its
    own. ``SettingsError`` when its name cannot be a part of theirs."""
    address = Address.parse(text)
    if address.file:
        return f"{text.removesuffix('.db')}_{library}.db"
    own = urlsplit(text)._replace(path=f"/{address.name}_{library}").geturl()
    if not _NAME.fullmatch(f"{address.name}_{library}"):
        raise SettingsError(
            f"the library {library} cannot be kept in PULLQUOTE_STORE: {address.name}_{library} "
            "begins the names of its collections, 1 to 64 characters of A-Z, a-z, 0-9 and _"
        )
    return own
