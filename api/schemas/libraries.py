"""The libraries of a server that has several."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas.service import Readiness

__all__ = ["LibraryList", "LibraryOut"]


class LibraryOut(Readiness):
    """A library, and whether it can be asked."""

    name: str
    path: Annotated[str, Field(description="What every path of it begins with.")]


class LibraryList(BaseModel):
    """The libraries that the sender of a request may use."""

    libraries: list[LibraryOut]
