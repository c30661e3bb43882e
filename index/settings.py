"""Settings of the index: read once at the edge, passed in, stored beside the index."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from index.text.date_types import DateOrder

__all__ = ["FetchSettings", "IndexSettings", "PassageSettings"]


class PassageSettings(BaseModel):
    """Settings of cutting articles into passages. Words are runs between white space."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    min_words: Annotated[int, Field(ge=10, le=1000)] = 110
    max_words: Annotated[int, Field(ge=20, le=2000)] = 180
    max_overlap_words: Annotated[int, Field(ge=0, le=500)] = 60

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.min_words > self.max_words:
            raise ValueError(f"min_words {self.min_words} exceeds max_words {self.max_words}")
        return self


class IndexSettings(BaseModel):
    """The settings that a library is made with, and the limits of what it accepts.

    ``store`` is where a Milvus store is; empty for the one in the library's folder. ``follow`` is
    the place of a library that is followed, looked at every ``follow_interval`` seconds.
    ``encoder`` is the built-in model's name, a folder, or a sentence-transformers model name.
    ``vector_index`` is ``auto`` or a FAISS factory string. ``lock_timeout`` is in seconds.
    ``cleaning`` drops the boilerplate of pages; ``date_order`` decides what 05/06/2025 means, which
    is no date without it; ``guess_dates`` takes a page's likeliest day where it states none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    store: str = ""
    follow: str = ""
    follow_interval: Annotated[float, Field(gt=0, le=3600)] = 5.0
    encoder: str = "all-MiniLM-L6-v2"
    passages: PassageSettings = PassageSettings()
    vector_index: str = "auto"
    max_article_chars: Annotated[int, Field(ge=1000)] = 5_000_000
    batch_articles: Annotated[int, Field(ge=1, le=100_000)] = 256
    cleaning: bool = True
    date_order: DateOrder | None = None
    guess_dates: bool = False
    lock_timeout: Annotated[float, Field(ge=0)] = 5.0


class FetchSettings(BaseModel):
    """How links are fetched.

    ``allow_private_addresses`` lets loopback, private, link-local and shared addresses be
    connected to. ``max_download_bytes`` bounds what is received and what it unpacks to;
    ``download_timeout`` (seconds) a whole download, redirects included; ``download_delay``
    (seconds) lies between two requests to one host. ``download_attempts`` counts the first.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    allow_private_addresses: bool = False
    max_download_bytes: Annotated[int, Field(ge=1024)] = 32 * 1024 * 1024
    download_timeout: Annotated[float, Field(gt=0, le=3600)] = 30.0
    download_delay: Annotated[float, Field(ge=0, le=3600)] = 1.0
    download_attempts: Annotated[int, Field(ge=1, le=10)] = 3
