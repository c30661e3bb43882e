"""Filters: which articles a search may find."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

__all__ = ["Filters", "holding"]

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Condition = tuple[str, Sequence[Any]]
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

    def conditions(self) -> list[Condition]:
        """What the store selects by: SQL with ``?`` marks, and the values for them."""
        found: list[Condition] = []
        # SQLite folds ASCII only; names are folded in Python on both sides.
        if self.publisher:
            folded = [form for name in self.publisher for form in _publisher_forms(name)]
            marks = ",".join("?" * len(folded))
            found.append((f"casefold(publisher) IN ({marks})", folded))
        if self.language:
            marks = ",".join("?" * len(self.language))
            tags = [tag.casefold().replace("_", "-") for tag in self.language]
            kind = "substr(language, 1, instr(language || '-', '-') - 1)"
            found.append(
                (f"casefold(language) IN ({marks}) OR {kind} IN ({marks})", [*tags, *tags])
            )
        if self.article_ids:
            marks = ",".join("?" * len(self.article_ids))
            found.append((f"id IN ({marks})", self.article_ids))
        if self.published_from:
            found.append(("published_at >= ?", [self.published_from.isoformat()]))
        if self.published_to:
            found.append(("published_at <= ?", [self.published_to.isoformat()]))
        return found


def _publisher_forms(name: str) -> list[str]:
    """A publisher's name in lower case, without its article and with each that it may have."""
    folded = " ".join(name.casefold().split())
    first, _, rest = folded.partition(" ")
    bare = rest if rest and first in _ARTICLES else folded
    return list(dict.fromkeys([folded, bare, *(f"{article} {bare}" for article in _ARTICLES)]))


def holding(words: str) -> list[Condition]:
    """The condition that an article's title, publisher or author holds these words, in any case."""
    words = " ".join(words.split()).casefold()
    if not words:
        return []
    columns = " || char(10) || ".join(
        f"ifnull(casefold({column}), '')" for column in ("title", "publisher", "author")
    )
    return [(f"instr({columns}, ?) > 0", [words])]
