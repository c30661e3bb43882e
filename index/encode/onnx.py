"""The exported encoder, run by onnxruntime for questions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from index.encode.base import EncoderId, Floats, TokenVectors
from index.encode.files import hash_file
from index.encode.session import open_session
from index.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

__all__ = ["OnnxEncoder", "read_manifest"]


class OnnxEncoder:
    """Encodes questions, and passages token by token, without torch."""

    def __init__(
        self, session: InferenceSession, tokenizer: Tokenizer, manifest: dict[str, Any]
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._id = EncoderId.from_json(manifest["encoder"])
        self._max_positions = int(manifest["max_positions"])
        self.query_prompt = str(manifest["query_prompt"])
        # Exports of long ago do not name it; what stands under a mask of 0 is not read.
        self._padding = tokenizer.token_to_id(str(manifest.get("pad_token", ""))) or 0

    @classmethod
    def load(cls, folder: Path, threads: int = 0, verify: bool = False) -> Self:
        """Open an export. ``threads`` 0 leaves the number to onnxruntime; ``verify`` hashes
        the files first (a third of a second).

        Raises ``ModelError`` when a file is missing or is not the one that was written.
        """
        from tokenizers import Tokenizer

        manifest = read_manifest(folder)
        if verify:
            for name, digest in manifest["files"].items():
                if hash_file(folder / name) != digest:
                    raise ModelError(f"{folder / name} has changed since it was exported{_MEND}")
        try:
            session = open_session(folder / "encoder.onnx", threads)
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        # tokenizers raises a bare Exception of its own for a missing or broken file.
        except Exception as exc:
            raise ModelError(f"{folder}: the exported encoder cannot be read{_MEND}") from exc
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return cls(session, tokenizer, manifest)

    @property
    def id(self) -> EncoderId:
        return self._id

    def encode_query(self, text: str) -> Floats:
        """Encode a question: float32 ``[dim]``, unit length."""
        encoding = self._tokenizer.encode(self.query_prompt + text)
        sentence, _ = self._run(_cut(encoding.ids, self._id.max_tokens))
        return _unit(sentence)

    def encode_queries(self, texts: Sequence[str]) -> Floats:
        """Encode questions in one run, the shorter ones padded: float32 ``[len(texts), dim]``, unit
        rows, each within 1e-6 of what :meth:`encode_query` gives."""
        if len(texts) < 2:
            return np.stack([self.encode_query(text) for text in texts])
        encodings = self._tokenizer.encode_batch([self.query_prompt + text for text in texts])
        rows = [_cut(encoding.ids, self._id.max_tokens) for encoding in encodings]
        ids = np.full((len(rows), max(map(len, rows))), self._padding, dtype=np.int64)
        mask = np.zeros_like(ids)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = row
            mask[number, : len(row)] = 1
        feed = {"input_ids": ids, "attention_mask": mask}
        (sentences,) = self._session.run(["sentence_embedding"], feed)
        return _unit(sentences)

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Encode each text token by token, in context, in the order given.

        Texts are cut where the model's position embeddings end, not at the length that it was
        trained for, so that the last sentence of a long passage is included. One text a run:
        without padding that is faster on a processor than any batch.
        """
        return [self._tokens(text) for text in texts]

    def _tokens(self, text: str) -> TokenVectors:
        encoding = self._tokenizer.encode(text)
        sentence, tokens = self._run(_cut(encoding.ids, self._max_positions))
        offsets = np.asarray(_cut(encoding.offsets, self._max_positions), dtype=np.int32)
        return TokenVectors(vectors=_unit(tokens), offsets=offsets, mean=_unit(sentence))

    def _run(self, token_ids: list[int]) -> tuple[Floats, Floats]:
        ids: NDArray[np.int64] = np.asarray([token_ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        sentence, tokens = self._session.run(["sentence_embedding", "token_embeddings"], feed)
        return sentence[0], tokens[0]


_MEND = "; delete that folder and run pullquote doctor --repair to export it again"


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of an export. ``ModelError`` when there is none, or it is incomplete."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
        EncoderId.from_json(manifest["encoder"])
    except FileNotFoundError as exc:
        raise ModelError(
            f"{folder}: the encoder is not exported; run pullquote doctor --repair"
        ) from exc
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ModelError(f"{folder}: the manifest cannot be read{_MEND}") from exc
    return dict(manifest)


def _cut(tokens: list[Any], limit: int) -> list[Any]:
    """Cut to at most ``limit`` tokens, keeping the closing special token."""
    return tokens if len(tokens) <= limit else tokens[: limit - 1] + tokens[-1:]


def _unit(vectors: Floats) -> Floats:
    norm = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norm, 1e-12), dtype=np.float32)
