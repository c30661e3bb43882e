"""Encode passages with sentence-transformers.

Importing this module's class is cheap; making an instance imports torch.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encode.base import EncoderId, Floats, Progress
from index.encode.files import find_model, weights_hash
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["SentenceTransformerEncoder", "fast_dtype"]

# Measured on two AVX2 cores with passages of 160 words: batches of 32 (the library's default)
# fall out of the cache and take 1.25 times as long as batches of 4. With AMX or a GPU the
# larger batch wins.
_SMALL_BATCH, _LARGE_BATCH = 4, 32
# Texts are sorted by length within a chunk, so a chunk is also the step of the progress bar.
_BATCHES_A_CHUNK = 16


class SentenceTransformerEncoder:
    """Any sentence-transformers model, in bfloat16 where the processor computes with it.

    Raises ``ModelError`` when the model cannot be found or loaded.
    """

    def __init__(self, name: str, dtype: str | None = None) -> None:
        source = find_model(name)
        self.dtype = dtype or fast_dtype()
        self.model = _load(source, self.dtype)
        folder = _folder(source)
        self._id = EncoderId(
            name=name,
            weights=weights_hash(folder),
            dim=int(self.model.get_embedding_dimension() or 0),
            max_tokens=int(self.model.max_seq_length or 512),
        )
        fast = self.dtype == "bfloat16" or self.model.device.type != "cpu"
        self.batch_size = _LARGE_BATCH if fast else _SMALL_BATCH

    @property
    def id(self) -> EncoderId:
        return self._id

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """Encode texts: float32 ``[len(texts), dim]``, unit rows. ``progress`` is called with
        the number of texts encoded since its last call."""
        out = np.zeros((len(texts), self._id.dim), dtype=np.float32)
        step = _BATCHES_A_CHUNK * self.batch_size
        for start in range(0, len(texts), step):
            chunk = list(texts[start : start + step])
            vectors = self.model.encode_document(
                chunk,
                batch_size=self.batch_size,
                show_progress_bar=False,
                normalize_embeddings=True,
            )
            rows = np.asarray(vectors, dtype=np.float32)
            # bfloat16 leaves norms of 0.99 to 1.01; the index takes inner products for cosines.
            rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
            out[start : start + len(chunk)] = rows
            if progress:
                progress(len(chunk))
        return out


def fast_dtype() -> str:
    """``bfloat16`` where torch runs it on AMX or AVX512-BF16 units or on CUDA, else ``float32``.

    Without such units bfloat16 is emulated: six times slower than float32 on AVX2.
    """
    import torch

    if torch.cuda.is_available():
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    cpu = torch.cpu
    native = cpu._is_amx_tile_supported() or cpu._is_avx512_bf16_supported()
    return "bfloat16" if native else "float32"


def _load(source: str, dtype: str) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    try:
        return SentenceTransformer(source, model_kwargs={"dtype": dtype})
    except (OSError, ValueError, RuntimeError) as exc:
        reason = str(exc).strip().split("\n")[0]
        raise ModelError(
            f"encoder {source!r} cannot be loaded: {reason}; "
            "name a folder or a sentence-transformers model that this machine can reach"
        ) from exc


def _folder(source: str) -> Path:
    if Path(source).is_dir():
        return Path(source)
    from huggingface_hub import snapshot_download

    return Path(snapshot_download(source, local_files_only=True))
