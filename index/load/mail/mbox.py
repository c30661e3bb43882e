"""Read mailboxes in mbox format: each message is an article."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import BinaryIO, ClassVar

from index.errors import LoadError
from index.load.base import Loaded, Source, one_of_many
from index.load.mail.eml import MAX_BYTES, message_article

__all__ = ["MboxLoader"]

# A message begins after an empty line with its envelope: "From ada@quay.example Tue Mar  4 ...".
_ENVELOPE = re.compile(rb"From \S.*\d\d:\d\d.*\d{4}|From - |From \S+\s*$")
_QUOTED_FROM = re.compile(rb"^>(?=>*From )", re.MULTILINE)
_LINE = 1 << 20


class MboxLoader:
    """``.mbox``: an article a message, as :class:`index.load.mail.eml.EmlLoader` reads them.

    A message is identified by its Message-ID, or else by its own bytes. The file is read message by
    message, so its size does not matter.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".mbox", ".mbx")
    content_types: ClassVar[tuple[str, ...]] = ("application/mbox",)
    max_bytes: ClassVar[int | None] = None

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        try:
            with source.open() as file:
                for number, data in enumerate(_messages(file, source), start=1):
                    yield _message(data, number, source, max_chars)
        except OSError as exc:
            raise source.refused(exc.strerror or str(exc)) from exc


def _messages(file: BinaryIO, source: Source) -> Iterator[bytes]:
    """Yield the bytes of each message without its envelope, cut off where they pass the limit."""
    first = file.readline(_LINE)
    if not _ENVELOPE.match(first):
        raise source.refused("no mailbox: it does not begin with the envelope of a message")
    message = bytearray()
    empty = False
    while line := file.readline(_LINE):
        if empty and _ENVELOPE.match(line):
            yield bytes(message)
            message.clear()
        elif len(message) <= MAX_BYTES:
            message += line
        empty = not line.strip()
    yield bytes(message)


def _message(data: bytes, number: int, source: Source, max_chars: int) -> Loaded:
    place = f"{source.name}#{number}"
    if len(data) > MAX_BYTES:
        return LoadError(place, f"over the limit of {MAX_BYTES:,} bytes a message")
    data = _QUOTED_FROM.sub(b"", data)
    origin = f"{source.origin}#{hashlib.sha256(data).hexdigest()[:16]}"
    message = Source(place, origin, data=b"")
    return one_of_many(place, lambda: message_article(data, message, max_chars))
