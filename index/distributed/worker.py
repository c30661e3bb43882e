"""A worker: reads files, cuts and encodes articles, on whatever machine it was put."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence

from index.distributed.work import (
    FileContent,
    FileResult,
    Shard,
    ShardResult,
    WorkerInfo,
    code_hash,
)
from index.encode.base import PassageEncoder
from index.ingest.batch import Batch, cut
from index.load import load_content
from index.load.base import Loaded
from index.settings import IndexSettings

__all__ = ["EncoderMaker", "Worker", "open_encoder"]

EncoderMaker = Callable[[str], PassageEncoder]

# After so long no further file of a task is begun: whoever waits sees that work goes on.
_LOAD_SECONDS = 5.0


def open_encoder(name: str) -> PassageEncoder:
    """Open the encoder for passages. ``ModelError`` when it cannot be loaded."""
    from index.encode.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder(name)


class Worker:
    """Holds the encoder, which is opened when it is first needed.

    encodes: whether it is to encode; one that only reads files needs no model.
    """

    def __init__(
        self, settings: IndexSettings, encodes: bool = True, make: EncoderMaker = open_encoder
    ) -> None:
        self._settings = settings
        self._encoder = make(settings.encoder) if encodes else None
        self._node = socket.gethostname()

    def describe(self, node: str = "") -> WorkerInfo:
        """Say where this is and what it computes with. ``node``: what to call its machine."""
        self._node = node or self._node
        return WorkerInfo(self._node, code_hash(), self._encoder.id if self._encoder else None)

    def load(self, files: Sequence[FileContent]) -> FileResult:
        """Load files in order, as many as some seconds allow, at least one."""
        began = time.monotonic()
        items: list[Loaded] = []
        count = 0
        for file in files:
            content = load_content(
                file.data, file.path, file.origin, self._settings.max_article_chars
            )
            items.extend(content)
            count += 1
            if time.monotonic() - began > _LOAD_SECONDS:
                break
        return FileResult(items, count)

    def encode(self, shard: Shard) -> ShardResult:
        """Cut the articles of a shard into passages, and encode these."""
        assert self._encoder is not None
        batch = Batch()
        cuts = tuple(cut(admission.article, self._settings) for admission in shard.admissions)
        for admission, article_cut in zip(shard.admissions, cuts, strict=True):
            batch.put(admission, article_cut)
        vectors = self._encoder.encode(batch.texts)
        return ShardResult(shard.key, self._encoder.id, cuts, vectors, self._node)
