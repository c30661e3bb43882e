"""The bodies in which the service describes itself and its libraries."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rag.question import Mode

__all__ = ["Health", "LibraryList", "LibraryOut", "Readiness", "Version"]


class Health(BaseModel):
    """The process is alive."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "alive"}]})

    status: Literal["alive"] = "alive"


class Readiness(BaseModel):
    """Whether questions can be answered. `degraded`: yes, but not as well as they should be, and
    `problems` says why; `unavailable` comes with status 503."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"status": "ready", "problems": [], "articles": 2, "index_generation": 12}]
        }
    )

    status: Literal["ready", "degraded", "starting", "unavailable"]
    problems: list[str] = []
    articles: int | None = None
    index_generation: int | None = None


class LibraryOut(Readiness):
    """A library, and whether it can be asked."""

    name: str
    path: Annotated[str, Field(description="What every path of it begins with.")]


class LibraryList(BaseModel):
    """The libraries that the sender of a request may use."""

    libraries: list[LibraryOut]


_VERSION: dict[str, Any] = {
    "version": "0.1.0",
    "articles": 2,
    "passages": 20,
    "index_generation": 12,
    "encoder": "all-MiniLM-L6-v2",
    "threshold": 0.5,
    "writes": True,
    "mode": "auto",
}


class Version(BaseModel):
    """Which Pullquote this is, and what it answers from."""

    model_config = ConfigDict(json_schema_extra={"examples": [_VERSION]})

    version: str
    articles: int
    passages: int
    index_generation: int
    encoder: str
    threshold: float
    writes: Annotated[bool, Field(description="Whether a chat model is set.")]
    mode: Annotated[Mode, Field(description="How questions are answered that name no mode.")]
