"""Make addresses of the page that people are sent to."""

from __future__ import annotations

from urllib.parse import quote

__all__ = ["article_link"]


def article_link(base_url: str, id: str, start: int | None = None, end: int | None = None) -> str:
    """Make the address of an article's page below ``base_url``, which ends in a slash; with
    ``start`` and ``end``, code points of its text, the page marks that stretch."""
    page = f"{base_url}a/{quote(id, safe='')}"
    return page if start is None else f"{page}#c{start}-{end}"
