"""The encoders of this machine: opened when first needed, kept open, exported once."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Protocol

from index.encode.base import EncoderId, PassageEncoder, QueryEncoder
from index.errors import ModelMismatch

__all__ = ["ExportedModels", "Models"]


class Models(Protocol):
    """Opens the encoders of a library."""

    def passage_encoder(self, name: str) -> PassageEncoder:
        """Open the encoder for passages. ``ModelError`` when it cannot be loaded."""
        ...

    def query_encoder(self, name: str, known: EncoderId | None) -> QueryEncoder:
        """Open the encoder for questions.

        known: the one that the library was indexed with; ``ModelMismatch`` when the weights of that
        name differ from it now.
        """
        ...


class ExportedModels:
    """Encodes passages with sentence-transformers, and questions with the same model exported under
    ``folder``.

    ``threads`` limits the threads of onnxruntime (0: its own choice).
    """

    def __init__(self, folder: Path, threads: int = 0) -> None:
        self.folder = folder
        self.threads = threads
        self._mutex = threading.Lock()
        self._passage: dict[str, PassageEncoder] = {}
        self._query: dict[str, QueryEncoder] = {}

    def passage_encoder(self, name: str) -> PassageEncoder:
        with self._mutex:
            return self._passage_encoder(name)

    def _passage_encoder(self, name: str) -> PassageEncoder:
        from index.encode.export import export_encoder
        from index.encode.sentence_transformer import SentenceTransformerEncoder

        if name not in self._passage:
            encoder = SentenceTransformerEncoder(name)
            # Now that torch is here anyway: the first question need not wait for it.
            export_encoder(encoder, self.folder)
            self._passage[name] = encoder
        return self._passage[name]

    def query_encoder(self, name: str, known: EncoderId | None) -> QueryEncoder:
        from index.encode.export import exported_folder
        from index.encode.onnx import OnnxEncoder

        with self._mutex:
            if name in self._query:
                return self._query[name]
            folder = exported_folder(self.folder, known) if known else None
            if folder is None or not (folder / "manifest.json").exists():
                made_by = self._passage_encoder(name).id
                if known and made_by.weights != known.weights:
                    raise ModelMismatch(
                        f"{name} has other weights ({made_by.weights[:12]}) than the library was "
                        f"indexed with ({known.weights[:12]}); run pullquote doctor --reencode"
                    )
                folder = exported_folder(self.folder, made_by)
            self._query[name] = OnnxEncoder.load(folder, self.threads)
            return self._query[name]
