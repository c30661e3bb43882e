"""Export an encoder as ONNX, once, so that asking needs no torch.

The folder of an export holds ``encoder.onnx`` and ``encoder.data`` (weights outside the graph are
mapped, not read, which makes opening three times as fast and saves 70 MB), ``tokenizer.json``, and
``manifest.json`` with the identity of the weights and a SHA-256 of each file.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.encode.base import EncoderId
from index.encode.files import hash_file
from index.encode.onnx import OnnxEncoder
from index.encode.sentence_transformer import SentenceTransformerEncoder
from index.encode.session import write_optimised
from index.errors import ModelError, StorageError

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

__all__ = ["export_encoder", "exported_folder", "remove_left_over", "trace_network"]

_PROBE = "Which of the two companies bought the chips, and when?"
_OPSET = 17
_SCRATCH = ".export-"
_LEFT_SECONDS = 3_600

# Names of axes, by the name of an input or output and their number.
Axes = dict[str, dict[int, str]]


def exported_folder(models: Path, encoder: EncoderId) -> Path:
    """Name the folder of an encoder's export under the ``models`` folder."""
    slug = re.sub(r"[^A-Za-z0-9.]+", "-", Path(encoder.name).name).strip("-") or "encoder"
    return models / f"{slug}-{encoder.weights[:12]}"


def export_encoder(encoder: SentenceTransformerEncoder, models: Path) -> Path:
    """Write the export and return its folder; an export that is there already is kept.

    Raises ``ModelError`` when the exported graph gives another vector than the model, and
    ``StorageError`` when it cannot be written.
    """
    target = exported_folder(models, encoder.id)
    if (target / "manifest.json").exists():
        return target
    try:
        models.mkdir(parents=True, exist_ok=True)
        remove_left_over(models)
        with tempfile.TemporaryDirectory(dir=models, prefix=_SCRATCH) as scratch:
            export_folder = Path(scratch) / "made"
            export_folder.mkdir()
            _write(encoder, export_folder)
            _put(export_folder, target)
    except OSError as exc:
        raise StorageError(f"{models}: cannot write the exported encoder: {exc.strerror}") from exc
    return target


def remove_left_over(models: Path) -> None:
    """Remove half-made exports that killed processes left under ``models``: folders that nobody has
    written to for an hour, which is longer than an export takes."""
    for folder in models.glob(f"{_SCRATCH}*"):
        with suppress(OSError):
            newest = max(path.stat().st_mtime for path in (folder, *folder.rglob("*")))
            if time.time() - newest > _LEFT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _put(source: Path, target: Path) -> None:
    """Move an export to its final name, unless another process was first; an incomplete one there
    is replaced."""
    try:
        source.rename(target)
    except OSError:
        if not (target / "manifest.json").exists():
            shutil.rmtree(target, ignore_errors=True)
            source.rename(target)


def _write(encoder: SentenceTransformerEncoder, folder: Path) -> None:
    model = encoder.model
    if encoder.dtype != "float32":
        model = SentenceTransformerEncoder(encoder.id.name, dtype="float32").model
    graph = folder / "graph.onnx"
    _trace(model, graph)
    write_optimised(graph, folder / "encoder.onnx", "encoder.data")
    graph.unlink()
    model.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    names = ["encoder.onnx", "encoder.data", "tokenizer.json"]
    manifest: dict[str, Any] = {
        "encoder": encoder.id.as_json(),
        "max_positions": _max_positions(model, encoder.id.max_tokens),
        "query_prompt": (model.prompts or {}).get("query", ""),
        "pad_token": str(model.tokenizer.pad_token),
        "files": {name: hash_file(folder / name) for name in names},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1))
    _check(model, OnnxEncoder.load(folder))


def _trace(model: SentenceTransformer, path: Path) -> None:
    import torch

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model.eval()

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor
        ) -> tuple[torch.Tensor, torch.Tensor]:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            if "token_type_ids" in model.tokenizer.model_input_names:
                features["token_type_ids"] = torch.zeros_like(input_ids)
            out = self.model(features)
            return out["sentence_embedding"], out["token_embeddings"]

    ids = torch.ones((2, 7), dtype=torch.long)
    rows = {0: "texts"}
    grid = {0: "texts", 1: "tokens"}
    inputs = {"input_ids": grid, "attention_mask": grid}
    outputs = {"sentence_embedding": rows, "token_embeddings": grid}
    trace_network(Graph(), (ids, torch.ones_like(ids)), path, inputs, outputs)


def trace_network(
    network: torch.nn.Module, example: tuple[Any, ...], path: Path, inputs: Axes, outputs: Axes
) -> None:
    """Write a network of torch as an ONNX graph.

    example: tensors to run it with.
    inputs, outputs: the names of those axes of each, by name and number, whose length is free.
    """
    import torch

    with warnings.catch_warnings(), torch.inference_mode():
        # The exporter warns of its own successor and of shape checks that it folds away.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            example,
            str(path),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={**inputs, **outputs},
            opset_version=_OPSET,
            dynamo=False,
        )


def _max_positions(model: SentenceTransformer, default: int) -> int:
    config = getattr(model[0], "auto_model", model[0]).config
    positions = getattr(config, "max_position_embeddings", None)
    return min(int(positions), 512) if positions else default


def _check(model: SentenceTransformer, export: OnnxEncoder) -> None:
    prompt = export.query_prompt
    reference = np.asarray(model.encode([prompt + _PROBE], normalize_embeddings=True))[0]
    cosine = float(reference @ export.encode_query(_PROBE))
    if cosine < 0.999:
        raise ModelError(
            f"the exported encoder differs from the model (cosine {cosine:.4f}); "
            "this model cannot be exported: set another encoder"
        )
