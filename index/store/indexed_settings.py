"""The settings that a library was indexed with, compared with the present ones."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from index.encode.base import EncoderId
from index.errors import LibraryCorrupt, ModelMismatch
from index.settings import PassageSettings
from index.store.base import Records

__all__ = ["REENCODE", "require_same", "stored_encoder"]

REENCODE: Final = (
    "set PULLQUOTE_ENCODER and the passage settings as they were, "
    "or index everything again with pullquote doctor --reencode"
)


def stored_encoder(records: Records) -> EncoderId | None:
    """Return the encoder of the stored vectors; ``None`` where there are none. ``LibraryCorrupt``
    when what is noted of it describes none."""
    record = records.metadata("encoder")
    try:
        return EncoderId.from_json(record) if record else None
    except TypeError as exc:
        raise LibraryCorrupt(
            "what the library notes of its encoder is not as it was written; "
            "put a backup back (pullquote restore FILE)"
        ) from exc


def require_same(
    records: Records, folder: Path, encoder: EncoderId, passages: PassageSettings
) -> None:
    """Raise ``ModelMismatch`` when other weights or other passages are in the store."""
    old = stored_encoder(records)
    if old and old.weights != encoder.weights:
        raise ModelMismatch(
            f"{folder} was indexed with {old.name} ({old.weights[:12]}), not with "
            f"{encoder.name} ({encoder.weights[:12]}); {REENCODE}"
        )
    cut = records.metadata("passages")
    if cut and cut != passages.model_dump():
        raise ModelMismatch(
            f"{folder} was cut with {cut}, not with {passages.model_dump()}; {REENCODE}"
        )
