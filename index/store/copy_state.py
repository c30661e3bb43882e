"""What a store notes of a copy (:mod:`index.store.copying`) until that is finished."""

from __future__ import annotations

from typing import Final

from index.store.base import Records

__all__ = ["COPY_MARK", "describe_unfinished_copy"]

# A name in a store's metadata: how many articles the copy is to have; nothing once it has them.
COPY_MARK: Final = "unfinished_copy"


def describe_unfinished_copy(records: Records) -> str | None:
    """Say of a library that is a copy without all of its articles how far it came, and how to go
    on; ``None`` of any other."""
    total = records.metadata(COPY_MARK)
    if not isinstance(total, int):
        return None
    count, _ = records.counts()
    return (
        f"this library is a copy that is not finished ({count:,} of {total:,} articles), and "
        "answers from what it has; run the same pullquote copy again to go on"
    )
