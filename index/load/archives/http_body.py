"""Unpack the body of a response that a crawler kept as the server sent it."""

from __future__ import annotations

import io
import re

from index.load.html.loader import MAX_BYTES

__all__ = ["unpack"]

_CHUNK = re.compile(rb"[0-9a-fA-F]{1,8}[ \t]*(;[^\r\n]{0,200})?\r?\n")


def unpack(data: bytes, transfer_encoding: str, content_encoding: str) -> bytes:
    """Return a body without its transfer and content codings, cut off one byte above the limit of
    a page. What its header only says to be packed is returned as it is.

    transfer_encoding, content_encoding: the values of these headers, empty where there are none.

    Raises what fastwarc raises for a damaged body.
    """
    from fastwarc import stream_io

    if "chunked" in transfer_encoding.lower() and _CHUNK.match(data):
        data = stream_io.ChunkedReader(io.BytesIO(data)).read(MAX_BYTES + 1)
    codings = content_encoding.lower().replace(",", " ").split()
    for coding in reversed(codings):
        buffer = io.BytesIO(data)
        # Some crawlers unpack a body and keep the header that says it is packed.
        if coding in ("gzip", "x-gzip") and data.startswith(b"\x1f\x8b"):
            data = stream_io.GzipReader(buffer).read(MAX_BYTES + 1)
        elif coding == "deflate":
            data = stream_io.GzipReader(buffer, zlib=True).read(MAX_BYTES + 1)
        elif coding == "br":
            data = stream_io.BrotliReader(buffer).read(MAX_BYTES + 1)
        elif coding == "zstd":
            data = stream_io.ZstdReader(buffer).read(MAX_BYTES + 1)
    return data
