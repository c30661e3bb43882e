"""Which loader reads what: by what the bytes are, by content type, by suffix."""

from __future__ import annotations

import re

from index.load.base import Loader, Source
from index.load.html import HtmlLoader
from index.load.jsonl import JsonlLoader
from index.load.markdown import MarkdownLoader
from index.load.text import TextLoader

__all__ = ["LOADERS", "by_content", "by_suffix", "known_suffixes"]

# Importing a loader is cheap: the library that does its work comes with the first file.
LOADERS: tuple[Loader, ...] = (TextLoader(), MarkdownLoader(), JsonlLoader(), HtmlLoader())

_SNIFFED = 1024


def known_suffixes() -> list[str]:
    """All suffixes that have a loader, sorted."""
    return sorted(_by_suffix())


def by_suffix(name: str) -> Loader | None:
    """The loader for a file of this name; of ``.warc.gz`` and ``.gz`` the longer one counts."""
    name = name.lower()
    table = _by_suffix()
    fitting = (suffix for suffix in table if name.endswith(suffix))
    return table.get(max(fitting, key=len, default=""))


def by_content(source: Source) -> Loader | None:
    """The loader for bytes that may be called anything, or nothing."""
    # Servers send PDFs and pages as plain text, and archives as anything at all.
    stated = (source.content_type or "").partition(";")[0].strip().lower()
    generic = stated in ("", "application/octet-stream", "binary/octet-stream", "text/plain")
    kind = _kind(source.data or b"", generic)
    types = {kind: loader for loader in LOADERS for kind in loader.content_types}
    if kind in types:
        return types[kind]
    if stated and not generic:
        return types.get(stated)
    path = re.sub(r"[?#].*", "", source.name) if source.url else source.name
    return by_suffix(path) or types.get(stated)


def _by_suffix() -> dict[str, Loader]:
    return {suffix: loader for loader in LOADERS for suffix in loader.suffixes}


def _kind(data: bytes, generic: bool) -> str | None:
    """The content type that the bytes themselves prove, if any."""
    head = data[:_SNIFFED].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if generic and re.match(rb"(?i)(<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(!doctype html|html)\b", head):
        return "text/html"
    return None
