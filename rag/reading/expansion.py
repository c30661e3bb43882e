"""Expand the reader's networks, once, from the files in the repository to what a machine runs.

The folder made holds ``first.onnx``, unpacked, and for a reader of two networks ``second.onnx`` and
``second.data`` (weights outside the graph are mapped, not read); and ``made.json``, written last:
the hashes of its sources, and the sizes of the files. For an accelerator the networks are in
float32 (:mod:`rag.reading.float_graph`), in a folder of their own.
"""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from index.encode.session import write_optimised
from index.errors import ModelError, StorageError
from rag.reading.manifest import Manifest

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
    first = manifest.path_of(FIRST_WEIGHTS)
    try:
        with gzip.open(first) as archive, (folder / "first.onnx").open("wb") as plain:
            shutil.copyfileobj(archive, plain)
    except (gzip.BadGzipFile, EOFError) as exc:
        raise ModelError(f"{first} cannot be unpacked") from exc
    if precision == "float32":
        import onnx

        _write_float(onnx.load(folder / "first.onnx"), folder / "first.onnx", "first.data")
    if manifest.second is not None:
        _write_second(manifest, folder, precision)


def _write_second(manifest: Manifest, folder: Path, precision: Precision) -> None:
    from rag.reading.four_bit import read_weights
    from rag.reading.mpnet_graph import build_graph

    network = manifest.second
    assert network is not None
    weights = read_weights(manifest.path_of(SECOND_WEIGHTS))
    model = build_graph(weights, network.layers, network.heads)
    if precision == "float32":
        _write_float(model, folder / "second.onnx", "second.data")
    else:
        write_optimised(model.SerializeToString(), folder / "second.onnx", "second.data")


def _write_float(model: ModelProto, path: Path, weights: str) -> None:
    """Write a network in float32, to be optimised where it is opened, for what runs it."""
    import onnx

    from rag.reading.float_graph import to_float

    onnx.save(to_float(model), path, save_as_external_data=True, location=weights)
