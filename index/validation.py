"""What pydantic found wrong with something, said as our own messages say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["field_of", "reason_of"]


def reason_of(error: Mapping[str, Any]) -> str:
    """The reason of one entry of ``ValidationError.errors()``, without the words that pydantic puts
    before what a validator raised."""
    return str(error["msg"]).removeprefix("Value error, ")


def field_of(error: Mapping[str, Any]) -> str:
    """Where it was: the names of the fields from the outside in, joined by dots; empty for the
    whole."""
    return ".".join(str(part) for part in error["loc"])
