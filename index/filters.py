"""Filters: which articles a search may find."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from index.text.normalise import clean_line

__all__ = ["Filters", "publisher_forms"]

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# Before publishers' names: "The Wire", "Der Spiegel", "Le Monde", "El País".
_ARTICLES = ("the", "der", "die", "das", "le", "la", "les", "el", "il")


class Filters(BaseModel):
    """Which articles may answer. Empty means all; values of one list are alternatives.

    Publishers and languages are compared without regard to case, publishers also without the
    article before their name ("wire" finds "The Wire"); ``en`` finds ``en-gb`` too.
    An article without a date is left out as soon as a date is asked for. Both ends of a period
    belong to it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    publisher: tuple[Name, ...] = ()
    published_from: date | None = None
    published_to: date | None = None
    article_ids: tuple[Name, ...] = ()
    language: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _runs_forwards(self) -> Self:
        if self.published_from and self.published_to and self.published_from > self.published_to:
            raise ValueError(
                f"published_from {self.published_from} is after published_to {self.published_to}"
            )
        return self


def publisher_forms(name: str) -> list[str]:
    """List the forms of a publisher's name to compare with, in lower case: without its article, and
    with each article that it may have."""
    folded = clean_line(name).casefold()
    first, _, rest = folded.partition(" ")
    bare = rest if rest and first in _ARTICLES else folded
    return list(dict.fromkeys([folded, bare, *(f"{article} {bare}" for article in _ARTICLES)]))
