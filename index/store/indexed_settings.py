"""The settings that a library was indexed with, compared with the present ones."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from index.encode.base import EncoderId
from index.errors import ModelMismatch
from index.settings import PassageSettings
from index.store.base import Records

__all__ = ["REENCODE", "require_same"]

REENCODE: Final = (
    "set PULLQUOTE_ENCODER and the passage settings as they were, "
    "or index everything again with pullquote doctor --reencode"
)


def require_same(
    records: Records, folder: Path, encoder: EncoderId, passages: PassageSettings
) -> None:
    """Raise ``ModelMismatch`` when the store was made with another encoder or other passage
    settings."""
    old = records.metadata("encoder")
    if old and EncoderId.from_json(old).weights != encoder.weights:
        raise ModelMismatch(
            f"{folder} was indexed with {old['name']} ({old['weights'][:12]}), not with "
            f"{encoder.name} ({encoder.weights[:12]}); {REENCODE}"
        )
    cut = records.metadata("passages")
    if cut and cut != passages.model_dump():
        raise ModelMismatch(
            f"{folder} was cut with {cut}, not with {passages.model_dump()}; {REENCODE}"
        )
