"""From a checkpoint to the files that ship: ``python -m eval.training.export``.

The graph is traced by torch's exporter, its weights are quantised, and onnxruntime's extended
optimisation fuses attention, layer norms and activations (the level above it would lay the graph
out for one processor). ``reader.onnx`` is one file; ``manifest.json`` names what made it.
``eval.training.judge`` calibrates what is written here.

Of several checkpoints that went on from one, the weights are averaged (model soups, Wortsman et
al., 2022): each run remembers other questions by heart, and what they share is what they learnt.

int8 weights are kept to seven bits (``reduce_range``): without VNNI, x86 multiplies pairs of
bytes into 16-bit sums that overflow with eight.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

import torch
from transformers import BertConfig

from index.encode.files import BUILT_IN, find_model, hash_file, weights_hash
from eval.training.graph import ReaderGraph
from eval.training.model import ReaderModel
from eval.training.sets import SETS

__all__ = ["Precision", "averaged", "load_checkpoint", "main", "write_graph", "write_reader"]

Precision = Literal["float32", "int8"]
FORMAT: Final = 1
MAX_TOKENS: Final = 384
_OPSET: Final = 17


def load_checkpoint(path: Path) -> tuple[ReaderModel, dict[str, Any]]:
    """The model of a checkpoint, and what the training said about it."""
    stored = torch.load(path, map_location="cpu", weights_only=True)
    model = ReaderModel(BertConfig.from_pretrained(find_model(BUILT_IN)))
    model.load_state_dict(stored["model"])
    return model.eval(), stored["about"]


def averaged(paths: Sequence[Path]) -> tuple[ReaderModel, list[dict[str, Any]]]:
    """The mean of the checkpoints' weights, and what each training said about itself."""
    loaded = [load_checkpoint(path) for path in paths]
    (mean, _), *others = loaded
    with torch.no_grad():
        for name, weight in mean.named_parameters():
            same = [other.get_parameter(name) for other, _ in others]
            weight.copy_(torch.stack([weight, *same]).mean(0))
    return mean, [about for _, about in loaded]


def write_graph(model: ReaderModel, target: Path, precision: Precision) -> None:
    """Write the model as one ONNX file."""
    with tempfile.TemporaryDirectory() as scratch:
        plain, quantised = Path(scratch) / "plain.onnx", Path(scratch) / "quantised.onnx"
        _trace(model, plain)
        if precision == "int8":
            _quantise(plain, quantised)
        _optimise(quantised if precision == "int8" else plain, target)


def _trace(model: ReaderModel, path: Path) -> None:
    ids = torch.ones((1, 7), dtype=torch.long)
    shape = {0: "inputs", 1: "tokens"}
    with warnings.catch_warnings(), torch.inference_mode():
        # The exporter warns of its own successor and of shape checks that it folds away.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            ReaderGraph(model).eval(),
            (ids, torch.zeros_like(ids)),
            str(path),
            input_names=["ids", "types"],
            output_names=["logits"],
            dynamic_axes=dict.fromkeys(("ids", "types", "logits"), shape),
            opset_version=_OPSET,
            dynamo=False,
        )


def _quantise(plain: Path, target: Path) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # The heads are three columns: nothing to save there, and every answer hangs on them.
    heads = [node.name for node in onnx.load(plain).graph.node if node.name.startswith("/heads/")]
    quantize_dynamic(
        plain,
        target,
        op_types_to_quantize=["MatMul", "Gather"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=heads,
        extra_options={"MatMulConstBOnly": True},
    )


def _optimise(graph: Path, target: Path) -> None:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def write_reader(checkpoints: Sequence[Path], folder: Path, precision: Precision) -> dict[str, Any]:
    """Write graph, tokenizer and manifest; returns the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    model, trainings = averaged(checkpoints)
    base = Path(find_model(BUILT_IN))
    write_graph(model, folder / "reader.onnx", precision)
    shutil.copyfile(base / "tokenizer.json", folder / "tokenizer.json")
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "precision": precision,
        "max_tokens": MAX_TOKENS,
        "base": {"name": BUILT_IN, "weights": weights_hash(base)},
        "trained_on": list(SETS),
        "training": [{k: v for k, v in each.items() if k != "log"} for each in trainings],
        "files": {name: hash_file(folder / name) for name in ("reader.onnx", "tokenizer.json")},
    }
    stored = json.dumps(manifest, indent=1) + "\n"
    (folder / "manifest.json").write_text(stored, encoding="utf-8")
    return manifest


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--checkpoint", type=Path, required=True, nargs="+", help="reader.pt, or several to average"
    )
    parser.add_argument("--out", type=Path, required=True, help="the folder to write")
    parser.add_argument("--precision", choices=("float32", "int8"), default="int8")
    chosen = parser.parse_args(arguments)
    manifest = write_reader(chosen.checkpoint, chosen.out, chosen.precision)
    print(json.dumps(manifest, indent=1))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
