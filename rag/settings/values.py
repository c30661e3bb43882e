"""The kinds of value that settings have: their units, bounds, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from index.text.patterns import lazy_regex

__all__ = [
    "LIBRARY_NAME",
    "DefaultText",
    "LibraryEntries",
    "Price",
    "Probability",
    "Seconds",
    "Section",
    "Unit",
    "Words",
]

# What a library may be called in addresses.
LIBRARY_NAME = lazy_regex("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class Section(BaseModel):
    """Settings that belong together."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit that a number counts."""

    name: str


@dataclass(frozen=True, slots=True)
class DefaultText:
    """A description of the default, where its value alone is unclear."""

    text: str


def _split(value: object) -> object:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _split_at_commas(value: object) -> object:
    # Folders may have blanks in their names.
    if not isinstance(value, str):
        return value
    return tuple(entry.strip() for entry in value.split(",") if entry.strip())


def _check_entry(entry: str) -> str:
    name, _, folder = entry.partition("=")
    if not LIBRARY_NAME.fullmatch(name) or not folder.strip():
        raise ValueError(
            "a library is NAME=FOLDER, its name 1 to 64 characters of A-Z, a-z, 0-9, - and _"
        )
    return entry


Words = Annotated[tuple[str, ...], BeforeValidator(_split)]
LibraryEntries = Annotated[
    tuple[Annotated[str, AfterValidator(_check_entry)], ...], BeforeValidator(_split_at_commas)
]
Seconds = Annotated[float, Unit("seconds")]
Probability = Annotated[float, Unit("probability"), Field(ge=0, le=1)]
Price = Annotated[float, Field(ge=0)]
