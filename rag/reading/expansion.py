"""Expand the reader's networks, once, from the files in the repository to what a machine runs.

The folder made holds ``first.onnx``, and for a reader of two networks ``second.onnx`` and
``second.data`` (weights outside the graph are mapped, not read); and ``made.json``, written last:
the hashes of its sources, and the sizes of the files. For an
accelerator the networks are in float32 (:mod:`rag.reading.float_graph`), in a folder of their own.
"""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from index.encode.session import write_optimised
from index.errors import ModelError, StorageError
from rag.reading.manifest import Manifest, Network

if TYPE_CHECKING:
    from onnx import ModelProto

__all__ = ["FIRST_WEIGHTS", "SECOND_WEIGHTS", "Precision", "expand_networks"]

Precision = Literal["int8", "float32"]

FIRST_WEIGHTS: Final = "first.onnx.gz"
SECOND_WEIGHTS: Final = "second.npz"
_OUTPUTS: Final = {FIRST_WEIGHTS: ("first.onnx",), SECOND_WEIGHTS: ("second.onnx", "second.data")}


def expand_networks(manifest: Manifest, models: Path, *, precision: Precision = "int8") -> Path:
    """Return the folder of a reader's expanded networks under ``models``, making it if it is
    missing.

    precision: of products with weights; int8 for a processor, float32 for an accelerator.

    Raises ``ModelError`` when the weights are not those that the manifest names, ``StorageError``
    when nothing can be written.
    """
    names = [FIRST_WEIGHTS, *([SECOND_WEIGHTS] if manifest.second else [])]
    source = {name: manifest.files.get(name, "") for name in names}
    target = models / f"reader-{'-'.join(digest[:8] for digest in source.values())}"
    if precision == "float32":
        target = target.with_name(f"{target.name}-{precision}")
    if _whole(target, source):
        return target
    for name in names:
        manifest.checked(name)
    try:
        models.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=models, prefix=".reader-") as scratch:
            output = Path(scratch) / "made"
            output.mkdir()
            _write(manifest, output, precision)
            _write_record(source, output)
            if _whole(target, source):
                # Another process made it meanwhile, and may have it open.
                return target
            shutil.rmtree(target, ignore_errors=True)
            output.rename(target)
    except OSError as exc:
        # Another process may have made it meanwhile.
        if not _whole(target, source):
            raise StorageError(
                f"{models}: cannot write the reader's networks: {exc.strerror}"
            ) from exc
    return target


def _whole(folder: Path, source: dict[str, str]) -> bool:
    try:
        record = json.loads((folder / "made.json").read_text(encoding="utf-8"))
        return bool(record == _record(folder, source))
    except (OSError, ValueError):
        return False


def _record(folder: Path, source: dict[str, str]) -> dict[str, object]:
    files = [file for name in source for file in _OUTPUTS[name]]
    return {"from": source, "sizes": {file: (folder / file).stat().st_size for file in files}}


def _write_record(source: dict[str, str], folder: Path) -> None:
    record = json.dumps(_record(folder, source), indent=1)
    (folder / "made.json").write_text(record + "\n", encoding="utf-8")


def _write(manifest: Manifest, folder: Path, precision: Precision) -> None:
    import onnx

    from rag.reading.float_graph import to_float

    graphs = {"first": _first_graph(manifest)}
    if manifest.second is not None:
        graphs["second"] = _second_graph(manifest, manifest.second)
    for name, graph in graphs.items():
        path, weights = folder / f"{name}.onnx", f"{name}.data"
        if precision == "float32":
            # Optimised where it is opened, for what runs it.
            onnx.save(to_float(graph), path, save_as_external_data=True, location=weights)
        elif name == "second":
            write_optimised(graph.SerializeToString(), path, weights)
        else:
            onnx.save(graph, path)


def _first_graph(manifest: Manifest) -> ModelProto:
    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

    path = manifest.path_of(FIRST_WEIGHTS)
    try:
        with gzip.open(path) as archive:
            return onnx.load_model_from_string(archive.read())
    except (gzip.BadGzipFile, EOFError, zlib.error, DecodeError) as exc:
        raise ModelError(f"{path} cannot be unpacked") from exc


def _second_graph(manifest: Manifest, network: Network) -> ModelProto:
    from rag.reading.four_bit import read_weights
    from rag.reading.mpnet_graph import build_graph

    weights = read_weights(manifest.path_of(SECOND_WEIGHTS))
    return build_graph(weights, network.layers, network.heads)
