"""The bodies of an article's earlier versions."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

__all__ = ["ChangeOut", "VersionOut", "Versions"]

_FIRST: dict[str, Any] = {
    "version": 1,
    "added_at": "2025-05-26T08:00:00+00:00",
    "replaced_at": "2025-05-27T09:30:00+00:00",
    "title": "Wombats dig",
    "published_at": "2025-05-26",
    "text": "Wombats dig burrows of forty metres.",
    "corrections": [],
    "changes": [],
}
_SECOND: dict[str, Any] = {
    **_FIRST,
    "version": 2,
    "added_at": "2025-05-27T09:30:00+00:00",
    "replaced_at": None,
    "text": "Wombats dig burrows of thirty metres.\n\nCorrection: it was thirty metres, not forty.",
    "corrections": ["Correction: it was thirty metres, not forty."],
    "changes": [
        {
            "before": ["Wombats dig burrows of forty metres."],
            "after": [
                "Wombats dig burrows of thirty metres.",
                "Correction: it was thirty metres, not forty.",
            ],
        }
    ],
}


class ChangeOut(BaseModel):
    """Sentences of the version before, and what stands in their place; either may be empty."""

    before: list[str]
    after: list[str]


class VersionOut(BaseModel):
    """An article as it was. `replaced_at` is null for the version that is searched and cited."""

    version: Annotated[int, Field(ge=1)]
    added_at: AwareDatetime
    replaced_at: AwareDatetime | None = None
    title: str
    published_at: date | None
    text: str
    corrections: Annotated[
        list[str], Field(description="Lines in which the article says that it was corrected.")
    ]
    changes: Annotated[
        list[ChangeOut], Field(description="What it changed in the version before it.")
    ]


class Versions(BaseModel):
    """All versions of an article, the present one first. Earlier ones are never searched."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"id": "wombats", "versions": [_SECOND, _FIRST]}]},
    )

    id: str
    versions: list[VersionOut]
