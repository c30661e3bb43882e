"""Choose the loader of a source: by its bytes, by content type, by suffix.

Loaders of other packages come by the entry point group ``pullquote.loaders``: a class made without
arguments, or an object, with the attributes of :class:`index.load.base.Loader`. They go before
ours, so that an installed better reader of PDF is used. One that fails to load is reported and left
out.
"""

from __future__ import annotations

import functools
import logging
import re
from dataclasses import dataclass, field
from importlib.metadata import entry_points

from index.load.archives.arc import ArcLoader
from index.load.archives.warc import WarcLoader
from index.load.base import Loader, Source
from index.load.docx.loader import DocxLoader
from index.load.epub import EpubLoader
from index.load.html.loader import HtmlLoader
from index.load.isolate import IsolatedLoader
from index.load.mail.eml import EmlLoader
from index.load.mail.mbox import MboxLoader
from index.load.pdf.loader import PdfLoader
from index.load.pictures.image import ImageLoader
from index.load.plain.markdown import MarkdownLoader
from index.load.plain.text import TextLoader
from index.load.records.csv import CsvLoader
from index.load.records.json import JsonLoader
from index.load.records.jsonl import JsonlLoader

__all__ = ["LOADERS", "PLUGINS", "Registry", "registry"]

PLUGINS = "pullquote.loaders"

# Importing a loader is cheap: the library that does its work comes with the first file. All of
# them read what strangers wrote, so all do it in the other process.
LOADERS: tuple[Loader, ...] = tuple(
    IsolatedLoader(loader)
    for loader in (
        TextLoader(),
        MarkdownLoader(),
        JsonlLoader(),
        JsonLoader(),
        CsvLoader(),
        HtmlLoader(),
        PdfLoader(),
        DocxLoader(),
        EpubLoader(),
        EmlLoader(),
        MboxLoader(),
        WarcLoader(),
        ArcLoader(),
        ImageLoader(),
    )
)

_SNIFF_BYTES = 1024
_GENERIC = {"", "application/octet-stream", "binary/octet-stream", "application/zip", "text/plain"}
_MAILBOX = re.compile(rb"From \S[^\r\n]*\d{4}\r?\n[A-Za-z-]+:")
# Each comment to its own end: where one ends is never tried twice.
_PAGE = re.compile(
    rb"(?i)(?:<\?xml[^>]*+>\s*+|<!--(?:[^-]|-(?!->))*+-->\s*+)*+<(?:!doctype html|html)\b"
)
_logger = logging.getLogger(__name__)


@dataclass
class Registry:
    """Loaders by suffix and by content type. ``problems``: plug-ins left out, and why."""

    suffixes: dict[str, Loader] = field(default_factory=dict)
    content_types: dict[str, Loader] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(self, loader: Loader) -> None:
        """Register a loader for what no earlier one reads."""
        for suffix in loader.suffixes:
            self.suffixes.setdefault(suffix, loader)
        for content_type in loader.content_types:
            self.content_types.setdefault(content_type, loader)

    def by_name(self, name: str) -> Loader | None:
        """Return the loader for a file of this name; of ``.warc.gz`` and ``.gz`` the longer suffix
        counts."""
        name = name.lower()
        fitting = (suffix for suffix in self.suffixes if name.endswith(suffix))
        return self.suffixes.get(max(fitting, key=len, default=""))

    def by_content(self, source: Source) -> Loader | None:
        """Return the loader for bytes with any name, or none."""
        media_type = (source.content_type or "").partition(";")[0].strip().lower()
        kind = _kind(source.data or b"", media_type in _GENERIC)
        if kind in self.content_types:
            return self.content_types[kind]
        if media_type not in _GENERIC:
            return self.content_types.get(media_type)
        name = re.sub(r"[?#].*", "", source.name) if source.url else source.name
        return self.by_name(name) or self.content_types.get(media_type)


@functools.cache
def registry() -> Registry:
    """Return all loaders of this installation; they are searched once a process."""
    loaders = Registry()
    for entry in sorted(entry_points(group=PLUGINS), key=lambda entry: entry.name):
        try:
            plugin = entry.load()
            loader: Loader = plugin() if isinstance(plugin, type) else plugin
            _check(loader)
        except Exception as exc:  # whatever it is, the others are not to suffer from it
            problem = f"plug-in {entry.name!r} ({entry.value}): {type(exc).__name__}: {exc}"
            loaders.problems.append(problem)
            _logger.warning("left out %s", problem)
        else:
            loaders.add(loader)
    for loader in LOADERS:
        loaders.add(loader)
    return loaders


def _check(loader: Loader) -> None:
    for name in ("suffixes", "content_types"):
        values = getattr(loader, name)
        if not isinstance(values, tuple) or not all(isinstance(value, str) for value in values):
            raise TypeError(f"{name} is no tuple of strings")
    if bad := [
        suffix for suffix in loader.suffixes if not re.fullmatch(r"(\.[^\s./A-Z]+)+", suffix)
    ]:
        raise ValueError(f"{bad[0]!r} is no suffix: a dot and lower case")
    if not callable(getattr(loader, "load", None)):
        raise TypeError("it has no method load")


def _kind(data: bytes, generic: bool) -> str | None:
    """Return the content type that the bytes themselves prove, if any."""
    head = data[:_SNIFF_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"PK\x03\x04"):
        if b"mimetypeapplication/epub+zip" in head:
            return "application/epub+zip"
        if b"word/document" in data:
            return DocxLoader.content_types[0]
    if generic and _MAILBOX.match(head):
        return MboxLoader.content_types[0]
    # Servers send pages as plain text, and archives as anything at all.
    return "text/html" if generic and _PAGE.match(head) else None
