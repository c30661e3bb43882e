"""Content types: decide before a body is received whether it may hold articles."""

from __future__ import annotations

from pathlib import PurePosixPath

__all__ = ["charset", "media_type", "readable"]

_READABLE = {
    "application/atom+xml",
    "application/epub+zip",
    "application/feed+json",
    "application/gzip",
    "application/json",
    "application/jsonl",
    "application/jsonlines",
    "application/pdf",
    "application/rdf+xml",
    "application/rss+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/warc",
    "application/x-gzip",
    "application/x-ndjson",
    "application/x-pdf",
    "application/xhtml+xml",
    "application/xml",
    "message/rfc822",
}
_NOT_TEXT = {"text/calendar", "text/css", "text/javascript", "text/vcard", "text/event-stream"}
# What a server says that does not know better: then the name decides.
_UNKNOWN = {"", "application/octet-stream", "binary/octet-stream", "application/zip"}
_SUFFIXES = {
    *("", ".csv", ".docx", ".eml", ".epub", ".gz", ".htm", ".html", ".jsonl", ".markdown", ".md"),
    *(".atom", ".json", ".ndjson", ".pdf", ".php", ".rdf", ".rss", ".txt", ".warc", ".xhtml"),
    ".xml",
}


def media_type(content_type: str) -> str:
    """Return the bare type: ``text/html`` of ``Text/HTML; charset=utf-8``."""
    return content_type.partition(";")[0].strip().lower()


def charset(content_type: str) -> str | None:
    """Return the ``charset`` of a content type, if it names one."""
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'").lower() or None
    return None


def readable(content_type: str, path: str) -> bool:
    """Whether a response of this type, from this path, may hold articles or links to them."""
    kind = media_type(content_type)
    if kind in _UNKNOWN:
        return PurePosixPath(path).suffix.lower() in _SUFFIXES or kind == ""
    return kind in _READABLE or (kind.startswith("text/") and kind not in _NOT_TEXT)
