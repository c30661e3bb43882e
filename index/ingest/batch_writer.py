"""Writing what is encoded: from time to time, at the end, and when it is interrupted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Self

import numpy as np

from index.encode.base import Floats
from index.ingest.batch import Batch

__all__ = ["BatchWriter"]

# Seconds after which what is encoded is written.
_WRITE_SECONDS: Final = 10.0
# Writing costs the more the larger the library is: encoding goes on so many times as long.
_WRITE_SHARE: Final = 5


class BatchWriter:
    """Collects encoded batches and writes them through ``store``; what is left when its ``with``
    block ends, in whatever way, is written then.

    dim: the length of a vector.
    clock: in seconds.
    """

    def __init__(
        self, store: Callable[[Batch, Floats], None], dim: int, clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._clock = clock
        self._batch = Batch()
        self._vectors = [np.zeros((0, dim), dtype=np.float32)]
        self._began, self._seconds = clock(), _WRITE_SECONDS

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._write()

    def put(self, batch: Batch, vectors: Floats) -> bool:
        """Take a batch with its vectors, float32 ``[len(batch.texts), dim]``; returns whether all
        that was taken is written now."""
        self._vectors.append(vectors)
        self._batch.join(batch)
        if self._clock() - self._began < self._seconds:
            return False
        began = self._clock()
        self._write()
        self._began = self._clock()
        self._seconds = max(_WRITE_SECONDS, _WRITE_SHARE * (self._began - began))
        return True

    def _write(self) -> None:
        batch, self._batch = self._batch, Batch()
        rows = np.concatenate(self._vectors)
        del self._vectors[1:]
        if batch.entries:
            self._store(batch, rows)
