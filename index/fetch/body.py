"""Read and unpack the bytes of a response within limits."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

__all__ = ["BadBody", "gunzip", "is_gzip", "read_body", "too_large"]

_PIECE = 65_536
_GZIP = 16 + zlib.MAX_WBITS


class BadBody(Exception):
    """A body is too large, or is not in the encoding that its header states."""


def read_body(chunks: Iterable[bytes], encoding: str, limit: int, cut: bool = False) -> bytes:
    """Read a whole body, unpacked from its ``Content-Encoding``.

    Raises ``BadBody`` beyond ``limit`` bytes, packed or unpacked; with ``cut`` the first ``limit``
    bytes are returned instead.
    """
    coding = encoding.strip().lower()
    if coding in ("gzip", "x-gzip"):
        pieces = _decompress(chunks)
    elif coding in ("", "identity"):
        pieces = iter(chunks)
    else:
        raise BadBody(f"it is packed as {coding[:40]!r}, which was not asked for")
    return _join(pieces, limit, cut)


def gunzip(data: bytes, limit: int, cut: bool = False) -> bytes:
    """Unpack a gzip file within the same limits. ``BadBody`` also when it is broken."""
    return _join(_decompress([data]), limit, cut)


def is_gzip(data: bytes) -> bool:
    return data.startswith(b"\x1f\x8b\x08")


def _join(pieces: Iterable[bytes], limit: int, cut: bool) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > limit:
            if cut:
                del body[limit:]
                break
            raise BadBody(too_large(limit))
    return bytes(body)


def too_large(limit: int) -> str:
    """Return the reason for refusing what is over the limit."""
    return f"larger than {limit:,} bytes; PULLQUOTE_MAX_DOWNLOAD_BYTES sets the limit"


def _decompress(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack in small pieces: a kilobyte may unpack to a megabyte, a megabyte to a gigabyte."""
    unpacker = zlib.decompressobj(_GZIP)
    has_data = False
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if unpacker.eof:  # one gzip stream may follow another
                    if not rest.strip(b"\x00"):
                        break
                    unpacker = zlib.decompressobj(_GZIP)
                has_data = True
                yield unpacker.decompress(rest, _PIECE)
                rest = unpacker.unconsumed_tail or unpacker.unused_data
    except zlib.error as exc:
        raise BadBody("its gzip packing is broken") from exc
    if has_data and not unpacker.eof:
        raise BadBody("its gzip packing ends too early")
