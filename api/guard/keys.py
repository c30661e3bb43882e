"""API keys: hashes in one file, each with its scopes.

A key is 32 random bytes, which cannot be guessed, so a plain SHA-256 is the right hash: slow ones
(argon2, bcrypt) are for passwords that people choose. Every stored hash is compared, in constant
time, so the time of a refusal reveals nothing about the keys.

Keys are required as soon as the file exists. An empty list in it admits no request.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from index.error_mapping import storage_errors
from index.errors import NotFoundError, SettingsError
from index.store.private import sync_folder

__all__ = ["Key", "KeyRing", "Scope"]

Scope = Literal["read", "write"]


class Key(BaseModel):
    """A stored key. ``sha256`` is of the secret, in hex; ``created`` is in UTC; ``libraries`` are
    the names of those that it opens, ``None`` for all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: str
    sha256: str
    scopes: tuple[Scope, ...]
    created: str
    libraries: tuple[str, ...] | None = None

    def opens(self, library: str) -> bool:
        """Whether it is a key of the library of this name (empty: of the only one)."""
        return self.libraries is None or library in self.libraries


_KEYS = TypeAdapter(tuple[Key, ...])


class KeyRing:
    """The keys in a file, which is read again after every change: a revoked key is refused at once,
    by every worker."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._signature: tuple[int, int, int] | None = None
        self._keys: tuple[Key, ...] = ()

    @property
    def is_required(self) -> bool:
        """Whether requests need a key: unless it is sure that there is no file of keys."""
        try:
            self._path.lstat()
        except FileNotFoundError:
            return False
        except OSError:
            # A folder that cannot be looked into may have one; reading the keys says what is wrong.
            return True
        return True

    def keys(self) -> tuple[Key, ...]:
        """Return all keys. ``SettingsError`` when the file cannot be read: then no request is
        admitted."""
        try:
            stat = self._path.stat()
            signature = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if signature != self._signature:
                self._keys = _KEYS.validate_json(self._path.read_bytes())
                self._signature = signature
        except FileNotFoundError:
            return ()
        except (OSError, ValidationError) as exc:
            raise SettingsError(
                f"{self._path} is no file of API keys; repair or remove it"
            ) from exc
        return self._keys

    def find(self, secret: str) -> Key | None:
        """Return the key with this secret; ``None`` when there is none."""
        digest = _digest(secret)
        hit = None
        for key in self.keys():
            if hmac.compare_digest(key.sha256.encode(), digest.encode()):
                hit = key
        return hit

    def add(
        self, name: str, scopes: tuple[Scope, ...], libraries: tuple[str, ...] | None = None
    ) -> tuple[Key, str]:
        """Make a key, of these libraries or of all; returns it with its secret, of which only the
        hash is stored."""
        secret = f"pq_{secrets.token_urlsafe(32)}"
        key = Key(
            id=secrets.token_hex(4),
            name=name,
            sha256=_digest(secret),
            scopes=scopes,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            libraries=libraries,
        )
        self._change(lambda keys: (*keys, key))
        return key, secret

    def revoke(self, id: str) -> None:
        """Delete a key. ``NotFoundError`` when there is none of that id."""

        def without(keys: tuple[Key, ...]) -> tuple[Key, ...]:
            remaining = tuple(key for key in keys if key.id != id)
            if len(remaining) == len(keys):
                raise NotFoundError(f"no API key {id!r}; pullquote keys list shows them")
            return remaining

        self._change(without)

    def _change(self, change: Callable[[tuple[Key, ...]], tuple[Key, ...]]) -> None:
        """Replace the keys on the disk. Whoever changes them at the same time waits: a key that is
        made meanwhile would be lost, and one that is revoked would come back."""
        with storage_errors(self._path.parent):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self._path.with_suffix(".lock"), mode=0o600):
                keys = change(self.keys())
                # An older Pullquote reads keys of all libraries, and refuses a file with others.
                records = [key.model_dump(exclude_none=True) for key in keys]
                part = self._path.with_suffix(".part")
                part.touch(mode=0o600)
                with part.open("r+") as stream:
                    stream.truncate()
                    json.dump(records, stream, indent=1)
                    stream.flush()
                    os.fsync(stream.fileno())
                part.replace(self._path)
                sync_folder(self._path.parent)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
