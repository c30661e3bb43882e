"""A link to an article, and what was said of the article where the link stood."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

__all__ = ["Link"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link with what a feed or a sitemap says of the article behind it.

    The article's own page is believed first. ``modified`` is what the source says of the last
    change (as text, to be compared with what it said before).
    """

    url: str
    title: str | None = None
    published_at: date | None = None
    author: str | None = None
    publisher: str | None = None
    modified: str | None = None

    def or_else(self, fallback: Link) -> Link:
        """The same link, with what another source says of it where this one says nothing."""
        values = {attribute.name: getattr(self, attribute.name) for attribute in fields(self)}
        return Link(**{name: value or getattr(fallback, name) for name, value in values.items()})
