"""Every setting, read once at the edge, passed in, never global.

In the environment each is ``PULLQUOTE_`` and its name in capitals: ``PULLQUOTE_THRESHOLD=0.6``.
The settings with their units and bounds are in :mod:`rag.settings.sections`; ``python -m
rag.settings`` prints them as Markdown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from difflib import SequenceMatcher, get_close_matches
from pathlib import Path
from typing import Self

from pydantic import SecretStr, ValidationError, field_validator, model_validator

from index.errors import SettingsError
from index.settings import FetchSettings, IndexSettings, PassageSettings
from index.validation import reason_of
from rag.settings.sections import (
    ChatSection,
    FetchSection,
    IndexSection,
    ReadingSection,
    ResidentSection,
    RetrievalSection,
    ServerSection,
)

__all__ = ["PREFIX", "Settings"]

# Nothing is no folder: it would be the current one.
_FOLDERS = ("PULLQUOTE_HOME", "PULLQUOTE_LIBRARY")
# What the names have in the environment before the setting's own.
PREFIX = "PULLQUOTE_"
# What may hold a key or a password is not repeated.
_SECRETS = ("PULLQUOTE_MODEL_API_KEY", "PULLQUOTE_MODEL_URL")


# pydantic puts the fields of the last base first.
class Settings(
    ResidentSection,
    ServerSection,
    ChatSection,
    ReadingSection,
    RetrievalSection,
    FetchSection,
    IndexSection,
):
    """How a library is kept, searched and answered from: all sections in one."""

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
        is_complete = self.model_url or self.model in ("", "local") or ":" in self.model
        if not is_complete:
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

    @model_validator(mode="after")
    def _replicas_have_a_range(self) -> Self:
        if self.min_replicas > self.max_replicas:
            raise ValueError(
                f"min_replicas {self.min_replicas} exceeds max_replicas {self.max_replicas}"
            )
        return self

    @model_validator(mode="after")
    def _libraries_differ(self) -> Self:
        names = [entry.partition("=")[0] for entry in self.libraries]
        folders = [folder.resolve() for folder in self.library_folders.values()]
        if len(set(names)) < len(names) or len(set(folders)) < len(folders):
            raise ValueError(
                f"PULLQUOTE_LIBRARIES={','.join(self.libraries)}: a name or a folder is there twice"
            )
        return self

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings from the environment. ``SettingsError`` names the wrong one."""
        for name in environment:
            if intended := cls._misspelt_prefix(name):
                raise SettingsError(f"{name} sets nothing: do you mean {intended}?")
        values = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in environment.items()
            if name.startswith(PREFIX) and (value or name not in _FOLDERS)
        }
        try:
            return cls.model_validate(values)
        except ValidationError as exc:
            error = exc.errors(include_url=False)[0]
            is_switch = error["type"].startswith("bool_")
            message = "on or off is needed" if is_switch else reason_of(error)
            if not error["loc"]:
                raise SettingsError(message) from exc
            name = PREFIX + str(error["loc"][0]).upper()
            if error["type"] == "extra_forbidden":
                raise SettingsError(cls._no_such_setting(name)) from exc
            if name in _SECRETS:
                # Not chained either: pydantic quotes the value.
                raise SettingsError(f"{name}: {message}") from None
            raise SettingsError(f"{name}={error['input']}: {message}") from exc

    @classmethod
    def _no_such_setting(cls, name: str) -> str:
        fields = [field.upper() for field in cls.model_fields]
        # Without the prefix, which makes any two names look alike.
        if nearest := get_close_matches(name.removeprefix(PREFIX), fields, n=1, cutoff=0.5):
            return f"there is no setting {name}: do you mean {PREFIX}{nearest[0]}?"
        names = ", ".join(PREFIX + field for field in fields)
        return f"there is no setting {name}; python -m rag.settings lists them: {names}"

    @classmethod
    def _misspelt_prefix(cls, name: str) -> str | None:
        """Return the setting that a variable would name but for a misspelling of ``PULLQUOTE_``."""
        if name.startswith(PREFIX) or not name.startswith("PUL"):
            return None
        for field in (field.upper() for field in cls.model_fields):
            head = name.removesuffix(f"_{field}")
            slip = SequenceMatcher(None, head, PREFIX.rstrip("_")).ratio()
            if head != name and slip > 0.85:
                return PREFIX + field
        return None

    @property
    def has_model(self) -> bool:
        """Whether a chat model is set."""
        return bool(self.model or self.model_url)

    @property
    def model_seconds(self) -> float:
        """The seconds that the chat model may take, so that time is left to answer without it."""
        return min(self.model_timeout, 0.7 * self.request_timeout)

    @property
    def library_folder(self) -> Path:
        return self.library or self.home / "library"

    @property
    def library_folders(self) -> dict[str, Path]:
        """The folders of the libraries that are served side by side, by name."""
        entries = (entry.partition("=") for entry in self.libraries)
        return {name: Path(folder.strip()) for name, _, folder in entries}

    def of_library(self, name: str) -> Self:
        """The settings of one of the libraries that are served side by side: its folder, and its
        own part of the one place for articles, or for publications, where there is one.

        Raises ``SettingsError`` where its name cannot be a part of the place.
        """
        store = self.store.get_secret_value()
        if store:
            # Imported late: nobody else needs to read such an address.
            from index.store.milvus.address import address_of_library

            store = address_of_library(store, name)
        return self.model_copy(
            update={
                "library": self.library_folders[name],
                "store": SecretStr(store),
                "follow": f"{self.follow.rstrip('/')}/{name}" if self.follow else "",
            }
        )

    @property
    def models_folder(self) -> Path:
        return self.home / "models"

    def index_settings(self) -> IndexSettings:
        """Return the part of the settings that indexing uses."""
        return IndexSettings(
            store=self.store.get_secret_value(),
            passages=PassageSettings(
                min_words=self.passage_min_words, max_words=self.passage_max_words
            ),
            **self.model_dump(include=IndexSettings.model_fields.keys() - {"store"}),
        )

    def fetch_settings(self) -> FetchSettings:
        """Return the part of the settings that fetching links uses."""
        return FetchSettings(**self.model_dump(include=set(FetchSettings.model_fields)))
