"""A link to an article, with what a feed or sitemap states of the article."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

__all__ = ["Link"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link with what a feed or a sitemap states of the article behind it.

    What the article's own page states goes first. ``modified`` is the last change as the source
    states it (text, to be compared with its earlier value).
    """

    url: str
    title: str | None = None
    published_at: date | None = None
    author: str | None = None
    publisher: str | None = None
    modified: str | None = None

    def or_else(self, fallback: Link) -> Link:
        """Return the same link, with missing values filled in from ``fallback``."""
        values = {attribute.name: getattr(self, attribute.name) for attribute in fields(self)}
        return Link(**{name: value or getattr(fallback, name) for name, value in values.items()})
