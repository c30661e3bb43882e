"""From a checkpoint to the files that ship: ``python -m rag.training.export``.

The graph is traced by torch's exporter, its weights are quantised, and onnxruntime's extended
optimisation fuses attention, layer norms and activations (the level above it would lay the graph
out for one processor). ``reader.onnx`` is one file; ``manifest.json`` names what made it.

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
from random import Random
from typing import Any, Final, Literal

import torch
from transformers import BertConfig

from index.encode.files import BUILT_IN, find_model, hash_file, weights_hash
from rag import Pullquote, Settings
from rag.span_model import SpanModel
from rag.training.calibrate import fit, scan_all
from rag.training.figures import latency, measure
from rag.training.graph import ReaderGraph
from rag.training.held_out import Case, given, retrieved
from rag.training.model import ReaderModel
from rag.training.sets import INFORMAL, SETS, read_set

__all__ = ["Precision", "load_checkpoint", "main", "write_graph", "write_reader"]

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
    length = {1: "tokens"}
    with warnings.catch_warnings(), torch.inference_mode():
        # The exporter warns of its own successor and of shape checks that it folds away.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            ReaderGraph(model).eval(),
            (ids, torch.zeros_like(ids)),
            str(path),
            input_names=["ids", "types"],
            output_names=["logits"],
            dynamic_axes=dict.fromkeys(("ids", "types", "logits"), length),
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


def write_reader(checkpoint: Path, folder: Path, precision: Precision) -> dict[str, Any]:
    """Write graph, tokenizer and a manifest without calibration; returns the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    model, about = load_checkpoint(checkpoint)
    base = Path(find_model(BUILT_IN))
    write_graph(model, folder / "reader.onnx", precision)
    shutil.copyfile(base / "tokenizer.json", folder / "tokenizer.json")
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "precision": precision,
        "max_tokens": MAX_TOKENS,
        "base": {"name": BUILT_IN, "weights": weights_hash(base)},
        "trained_on": list(SETS),
        "training": {k: v for k, v in about.items() if k != "log"},
        "files": {name: hash_file(folder / name) for name in ("reader.onnx", "tokenizer.json")},
    }
    _write(folder, manifest)
    return manifest


def _write(folder: Path, manifest: dict[str, Any]) -> None:
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def cases_of(data: Path, library: Path, home: Path, most: int) -> list[Case]:
    """Held-out questions in the three conditions; retrieved ones of newwiki only."""
    random = Random(1)
    cases = []
    for name in SETS:
        informal = name in INFORMAL
        cases += given(read_set(data, name), most // 4 if informal else most, random)
    with Pullquote.open(library, Settings(home=home)) as pullquote:
        wiki = read_set(data, "squadshifts_newwiki")
        cases += retrieved(wiki, pullquote, most, random)
    return cases


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="reader.pt")
    parser.add_argument("--data", type=Path, required=True, help="folder of the question sets")
    parser.add_argument("--library", type=Path, required=True, help="library of newwiki")
    parser.add_argument("--home", type=Path, required=True, help="PULLQUOTE_HOME")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write")
    parser.add_argument("--precision", choices=("float32", "int8"), default="int8")
    parser.add_argument("--questions", type=int, default=1000, help="held-out, of a set, at most")
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args(arguments)
    manifest = write_reader(chosen.checkpoint, chosen.out, chosen.precision)
    cases = cases_of(chosen.data, chosen.library, chosen.home, chosen.questions)
    scanned = scan_all(SpanModel.load(chosen.out, threads=1), cases, chosen.workers)
    calibration, manifest["calibration"] = fit(scanned)
    manifest["figures"] = measure(scanned, calibration)
    timed = [case for case in cases if case.condition == "retrieved"][:100]
    manifest["figures"]["latency_ms"] = latency(SpanModel.load(chosen.out, threads=2), timed)
    _write(chosen.out, manifest)
    print(json.dumps(manifest["figures"], indent=1))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
