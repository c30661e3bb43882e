"""Filters: which articles a search may find."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

__all__ = ["Filters"]

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Filters(BaseModel):
    """Which articles may answer. Empty means all; values of one list are alternatives.

    Publishers and languages are compared without regard to case; ``en`` finds ``en-gb`` too.
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
