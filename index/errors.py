"""Everything that the index raises on purpose; :mod:`rag.errors` adds what answering does.

::

    PullquoteError
    ├── InputError            what was handed in cannot be used
    │   ├── LoadError         a file or a line that is no article
    │   │   └── FetchError    a link that cannot be had, or must not be
    │   ├── NotFoundError     an article id that the library does not hold
    │   └── SourceError       what is to be synced with cannot be read, or is not itself
    ├── LibraryError          the library on disk cannot be used as it is
    │   ├── LibraryMissing    nothing was indexed there yet
    │   ├── LibraryLocked     somebody else is writing
    │   ├── LibraryCorrupt    a checksum or a count does not hold
    │   ├── SchemaTooNew      written by a newer Pullquote
    │   ├── ModelMismatch     indexed with another encoder or other passage settings
    │   ├── PublicationError  what is published cannot be had, or is not what was published
    │   ├── LibraryReadOnly   it follows another library and is written where that one is
    │   └── StorageError      the disk is full, read-only or not ours
    ├── ClusterError          other machines cannot be worked with, or stopped working
    ├── ModelError            a model cannot be loaded, or is not the one it says
    └── SettingsError         a setting has no such name or an impossible value

Every message says what was wrong, where, and what to do about it.
Errors of SQLite, tantivy, FAISS and the operating system are translated in the module that
calls them, with the original as ``__cause__``.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = [
    "ClusterError",
    "FetchError",
    "InputError",
    "LibraryCorrupt",
    "LibraryError",
    "LibraryLocked",
    "LibraryMissing",
    "LibraryReadOnly",
    "LoadError",
    "ModelError",
    "ModelMismatch",
    "NotFoundError",
    "PublicationError",
    "PullquoteError",
    "SchemaTooNew",
    "SettingsError",
    "SourceError",
    "StorageError",
    "printable",
]


# Control characters, marks that turn the direction of writing, lone surrogates.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    r"""Escape each character of a text that could control a terminal or cannot be encoded, as
    ``\x1b``."""
    return _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


class PullquoteError(Exception):
    """Base of all errors that a caller is meant to catch."""


class InputError(PullquoteError):
    """An argument or an uploaded article cannot be used."""


class LoadError(InputError):
    """A file, or one line of it, does not hold an article.

    ``source`` names the file (and line), ``reason`` says what is wrong with it. Both may quote
    what a stranger wrote, and are shown on terminals: what is no character to print is escaped.
    """

    def __init__(self, source: str, reason: str) -> None:
        self.source = printable(source)
        self.reason = printable(reason)
        super().__init__(f"{self.source}: {self.reason}")

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions are made again of their message alone, when they come from another process.
        return type(self), (self.source, self.reason)


class FetchError(LoadError):
    """A link cannot be fetched, or must not be.

    ``source`` is the link; ``status`` the HTTP status that said so, if one did.
    """

    def __init__(self, source: str, reason: str, status: int | None = None) -> None:
        super().__init__(source, reason)
        self.status = status

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.source, self.reason, self.status)


class NotFoundError(InputError):
    """The library holds no article of that id."""


class SourceError(InputError):
    """The source of a sync cannot be read, or is not what it was."""


class LibraryError(PullquoteError):
    """The library on disk cannot be used as it is."""


class LibraryMissing(LibraryError):
    """There is no library at that place yet."""


class LibraryLocked(LibraryError):
    """Another process is writing to the library."""


class LibraryCorrupt(LibraryError):
    """A checksum or a count of what is on disk does not hold."""


class SchemaTooNew(LibraryError):
    """The library was written by a newer Pullquote."""


class ModelMismatch(LibraryError):
    """The library was indexed with another encoder or other passage settings."""


class PublicationError(LibraryError):
    """What was published cannot be reached, or is not what was published."""


class LibraryReadOnly(LibraryError):
    """The library follows another one, and is written where that one is."""


class StorageError(LibraryError):
    """The disk is full, read-only, or not ours to use."""


class ModelError(PullquoteError):
    """A model cannot be loaded, or its weights are not the ones expected."""


class ClusterError(PullquoteError):
    """Other machines cannot be reached, are not as this one, or stopped working."""


class SettingsError(PullquoteError):
    """A setting has no such name or an impossible value."""
