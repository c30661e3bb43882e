"""Every setting, with its bounds. Read once at the edge, passed in, never global.

In the environment each is ``PULLQUOTE_`` and its name in capitals: ``PULLQUOTE_THRESHOLD=0.6``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from platformdirs import user_data_path
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from index.errors import SettingsError
from index.settings import FetchSettings, IndexSettings, PassageSettings

__all__ = ["Settings"]

_PREFIX = "PULLQUOTE_"
# Nothing is no folder: it would be the current one.
_FOLDERS = ("PULLQUOTE_HOME", "PULLQUOTE_LIBRARY")
# What may hold a key or a password is not repeated.
_UNQUOTED = ("PULLQUOTE_MODEL_API_KEY", "PULLQUOTE_MODEL_URL")


def _words(value: object) -> object:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_words)]


class Settings(BaseModel):
    """How a library is kept, searched and answered from.

    ``home`` holds what Pullquote makes: libraries and exported models. ``library`` is the
    folder of the library, ``home / "library"`` unless set. ``cleaning`` drops the furniture of
    pages as they come in; ``date_order`` (``dmy`` or ``mdy``) tells what 05/06/2025 is on them,
    which is no date without it; ``guess_dates`` takes the likeliest day of a page that states none,
    and calls it guessed. ``time_filters`` reads words such as "last month" in questions,
    ``spelling`` mends slips in them.
    ``threshold`` is the confidence (a probability) below which it abstains, ``lead_threshold``
    the probability of being near an answer from which an abstention shows leads.
    ``candidates`` is how many passages each search
    returns before they are fused, ``read_passages`` how many the reader sees.
    ``reader`` is ``spans`` (the trained one that comes along), ``fast`` (its first look alone), the
    folder of a reader that ``eval.training.export`` wrote, or the folder or name of any extractive
    question-answering model. ``reranker`` (empty: none) is ``reader`` or a sentence-transformers
    ``CrossEncoder``; it puts the best ``rerank_passages`` into another order. ``proximity`` and
    ``collapse_copies`` switch one part off, to see what it is worth.
    ``history`` says what earlier turns are for: ``resolve`` carries over what a follow-up needs,
    ``concatenate`` puts the user's turns before it, ``none`` passes them over.

    The ``download`` settings and ``allow_private_addresses`` are those of
    :class:`index.settings.FetchSettings`; ``max_links`` is how many articles of one feed or
    sitemap are fetched when nothing else is said.

    What follows ``mode`` is for written answers. ``model`` is ``provider:name`` for LangChain,
    ``local`` or ``local:FILE.gguf``, or the name of the model at ``model_url``, a server that
    speaks OpenAI's chat completions; with ``openai:``, ``anthropic:`` or ``ollama:`` before the
    name it speaks what that provider does. The model has ``model_timeout`` seconds for an answer
    of ``model_max_tokens`` from ``model_context_chars`` characters of articles; prices are for a
    million tokens read and written. ``unsupported`` says what becomes of a sentence that no
    article backs. ``prompt`` is ``completion`` for a base model.

    What follows ``host`` is for ``pullquote serve``. In each worker process ``work_threads``
    answer questions and ``queue`` more may wait; ``request_timeout`` and ``shutdown_timeout``
    are in seconds. ``receive_timeout`` is how many seconds the headers of a request may take, and
    its body beside a second for each 16 kB; of more than ``max_connections`` those that ask nothing
    are closed. ``rate_limit`` is requests a minute for each key (without keys: for each
    address), 0 for no limit. ``cors_origins`` (origins, ``https://example.org``) and
    ``allowed_hosts`` (what the Host header may say, ``*`` for anything; unless set,
    names that no other site can point here) are separated by commas.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Path = Field(default_factory=lambda: user_data_path("pullquote", appauthor=False))
    library: Path | None = None

    encoder: str = "all-MiniLM-L6-v2"
    vector_index: str = "auto"
    max_article_chars: Annotated[int, Field(ge=1000)] = 5_000_000
    passage_min_words: Annotated[int, Field(ge=10, le=1000)] = 110
    passage_max_words: Annotated[int, Field(ge=20, le=2000)] = 180
    cleaning: bool = True
    date_order: Literal["dmy", "mdy"] | None = None
    guess_dates: bool = False
    lock_timeout: Annotated[float, Field(ge=0)] = 5.0
    threads: Annotated[int, Field(ge=0, le=256)] = 0

    allow_private_addresses: bool = False
    max_download_bytes: Annotated[int, Field(ge=1024)] = 32 * 1024 * 1024
    download_timeout: Annotated[float, Field(gt=0, le=3600)] = 30.0
    download_delay: Annotated[float, Field(ge=0, le=3600)] = 1.0
    download_attempts: Annotated[int, Field(ge=1, le=10)] = 3
    max_links: Annotated[int, Field(ge=1, le=100_000)] = 100

    use_dense: bool = True
    use_lexical: bool = True
    fusion: Literal["weighted", "rrf"] = "weighted"
    proximity: bool = True
    candidates: Annotated[int, Field(ge=10, le=1000)] = 40
    collapse_copies: bool = True
    time_filters: bool = True
    spelling: bool = True

    history: Literal["resolve", "concatenate", "none"] = "resolve"

    reader: str = "spans"
    reranker: str = ""
    rerank_passages: Annotated[int, Field(ge=1, le=100)] = 20
    read_passages: Annotated[int, Field(ge=1, le=50)] = 5
    threshold: Annotated[float, Field(ge=0, le=1)] = 0.6
    lead_threshold: Annotated[float, Field(ge=0, le=1)] = 0.5

    mode: Literal["extractive", "generative", "auto"] = "auto"
    model: str = ""
    model_url: str = ""
    model_api_key: SecretStr | None = None
    model_timeout: Annotated[float, Field(gt=0, le=3600)] = 20.0
    model_max_tokens: Annotated[int, Field(ge=16, le=8192)] = 400
    model_context_chars: Annotated[int, Field(ge=200, le=200_000)] = 8000
    model_price_in: Annotated[float, Field(ge=0)] | None = None
    model_price_out: Annotated[float, Field(ge=0)] | None = None
    prompt: Literal["auto", "chat", "completion"] = "auto"
    unsupported: Literal["drop", "flag"] = "drop"

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    work_threads: Annotated[int, Field(ge=1, le=64)] = 2
    queue: Annotated[int, Field(ge=0, le=10_000)] = 32
    request_timeout: Annotated[float, Field(gt=0, le=3600)] = 30.0
    shutdown_timeout: Annotated[float, Field(ge=0, le=3600)] = 30.0
    receive_timeout: Annotated[float, Field(gt=0, le=3600)] = 20.0
    max_connections: Annotated[int, Field(ge=1, le=100_000)] = 512
    max_upload_bytes: Annotated[int, Field(ge=1024)] = 64 * 1024 * 1024
    rate_limit: Annotated[int, Field(ge=0)] = 0
    cors_origins: Words = ()
    allowed_hosts: Words = ()

    @field_validator("model")
    @classmethod
    def _names_a_model(cls, value: str) -> str:
        return value.strip()

    @field_validator("model_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/@]+(?:/\S*)?", value):
            raise ValueError("an address such as http://127.0.0.1:8080/v1, without user or key")
        return value

    @model_validator(mode="after")
    def _a_model_is_named_whole(self) -> Self:
        known = self.model_url or self.model in ("", "local") or ":" in self.model
        if not known:
            raise ValueError(
                f"PULLQUOTE_MODEL={self.model}: say provider:name, such as openai:gpt-4o-mini, "
                "or local, or set PULLQUOTE_MODEL_URL too"
            )
        if self.mode == "generative" and not self.has_model:
            raise ValueError("PULLQUOTE_MODE=generative needs PULLQUOTE_MODEL or _MODEL_URL")
        if self.model_timeout >= self.request_timeout and "model_timeout" in self.model_fields_set:
            raise ValueError(
                f"PULLQUOTE_MODEL_TIMEOUT {self.model_timeout:g} leaves no time for the rest of "
                f"PULLQUOTE_REQUEST_TIMEOUT {self.request_timeout:g}"
            )
        return self

    @model_validator(mode="after")
    def _passages_have_a_size(self) -> Self:
        if self.passage_min_words > self.passage_max_words:
            raise ValueError(
                f"passage_min_words {self.passage_min_words} exceeds "
                f"passage_max_words {self.passage_max_words}"
            )
        return self

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The settings that the environment gives. ``SettingsError`` names the wrong one."""
        given = {
            name.removeprefix(_PREFIX).lower(): value
            for name, value in environment.items()
            if name.startswith(_PREFIX) and (value or name not in _FOLDERS)
        }
        try:
            return cls.model_validate(given)
        except ValidationError as exc:
            first = exc.errors(include_url=False)[0]
            if not first["loc"]:
                raise SettingsError(first["msg"].removeprefix("Value error, ")) from exc
            name = _PREFIX + str(first["loc"][0]).upper()
            if first["type"] == "extra_forbidden":
                known = ", ".join(_PREFIX + field.upper() for field in cls.model_fields)
                raise SettingsError(f"there is no setting {name}; there are {known}") from exc
            said = first["msg"].removeprefix("Value error, ")
            if name in _UNQUOTED:
                # Not chained either: pydantic quotes what was given.
                raise SettingsError(f"{name}: {said}") from None
            raise SettingsError(f"{name}={first['input']}: {first['msg']}") from exc

    @property
    def has_model(self) -> bool:
        """Whether a chat model is set."""
        return bool(self.model or self.model_url)

    @property
    def model_seconds(self) -> float:
        """How long the chat model may take, so that time is left to answer without it."""
        return min(self.model_timeout, 0.7 * self.request_timeout)

    @property
    def library_folder(self) -> Path:
        return self.library or self.home / "library"

    @property
    def models_folder(self) -> Path:
        return self.home / "models"

    def index_settings(self) -> IndexSettings:
        """The part of the settings that indexing goes by."""
        return IndexSettings(
            encoder=self.encoder,
            passages=PassageSettings(
                min_words=self.passage_min_words, max_words=self.passage_max_words
            ),
            vector_index=self.vector_index,
            max_article_chars=self.max_article_chars,
            cleaning=self.cleaning,
            date_order=self.date_order,
            guess_dates=self.guess_dates,
            lock_timeout=self.lock_timeout,
        )

    def fetch_settings(self) -> FetchSettings:
        """The part of the settings that fetching links goes by."""
        return FetchSettings(
            allow_private_addresses=self.allow_private_addresses,
            max_download_bytes=self.max_download_bytes,
            download_timeout=self.download_timeout,
            download_delay=self.download_delay,
            download_attempts=self.download_attempts,
        )
