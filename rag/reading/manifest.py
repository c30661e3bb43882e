"""The manifest of a reader's folder, and the check of its files against it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError

from index.encode.files import hash_file
from index.errors import ModelError
from rag.reading.layout import Layout

__all__ = ["FORMAT", "WEIGHTS_FOLDER", "Base", "Manifest", "Network"]

FORMAT: Final = 2
WEIGHTS_FOLDER: Final = Path(__file__).with_name("weights")
_MEND: Final = "; restore it with git checkout -- rag/reading/weights, or set another reader"


class Base(BaseModel):
    """The network that training began with: its name, the SHA-256 (hex) of its weights, and its
    licence."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    weights: str
    licence: str


class Network(BaseModel):
    """One network of a reader: ``precision`` of its stored weights, ``max_tokens`` of an input, and
    ``training``, the record of its training. ``layers`` and ``heads`` where the graph is built from
    the weights."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: Base
    layout: Layout
    precision: str
    max_tokens: int
    layers: int = 0
    heads: int = 0
    trained_on: tuple[str, ...] = ()
    training: tuple[dict[str, Any], ...] = ()


class Manifest(BaseModel):
    """``first`` describes the network that reads every passage, ``second`` (``None`` in a reader
    of one network) the one that reads the best sentences again. ``files`` are SHA-256 (hex) by
    name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    first: Network
    second: Network | None = None
    files: dict[str, str]

    _folder: Path = PrivateAttr(default=WEIGHTS_FOLDER)

    @classmethod
    def read(cls, folder: Path | None = None) -> Self:
        """Read ``manifest.json`` in ``folder`` (default: the reader that ships).

        Raises ``ModelError`` when there is none, or none of this format.
        """
        folder = folder or WEIGHTS_FOLDER
        path = folder / "manifest.json"
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            version = content["format"]
            if version == FORMAT:
                manifest = cls.model_validate(content)
                manifest._folder = folder
                return manifest
        except OSError as exc:
            raise ModelError(f"{path}: {exc.strerror}{_MEND}") from exc
        except (ValueError, KeyError, TypeError, ValidationError) as exc:
            raise ModelError(f"{path} is no reader's manifest{_MEND}") from exc
        raise ModelError(f"{folder} has a reader of format {version}, not {FORMAT}{_MEND}")

    def checked(self, name: str) -> Path:
        """Return the path of one of the files. ``ModelError`` when it is missing or has changed."""
        path = self._folder / name
        if hash_file(path) != self.files.get(name):
            raise ModelError(f"{path} is not the file that its manifest names{_MEND}")
        return path

    def path_of(self, name: str) -> Path:
        """Return the path of one of the files without checking its content."""
        return self._folder / name
