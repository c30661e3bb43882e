"""Expand the reader's networks, once, from the files in the repository to what processors run.

The folder made holds ``first.onnx``, unpacked, and for a reader of two networks ``second.onnx`` and
``second.data`` (weights outside the graph are mapped, not read); and ``made.json``, written last:
the hashes of its sources, and the sizes of the files.
"""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
from pathlib import Path
from typing import Final

from index.encode.session import write_optimised
from index.errors import ModelError, StorageError
from rag.reading.manifest import Manifest

__all__ = ["FIRST_WEIGHTS", "SECOND_WEIGHTS", "expand_networks"]

FIRST_WEIGHTS: Final = "first.onnx.gz"
SECOND_WEIGHTS: Final = "second.npz"
_OUTPUTS: Final = {FIRST_WEIGHTS: ("first.onnx",), SECOND_WEIGHTS: ("second.onnx", "second.data")}


def expand_networks(manifest: Manifest, models: Path) -> Path:
    """Return the folder of a reader's expanded networks under ``models``, making it if it is
    missing.

    Raises ``ModelError`` when the weights are not those that the manifest names, ``StorageError``
    when nothing can be written.
    """
    names = [FIRST_WEIGHTS, *([SECOND_WEIGHTS] if manifest.second else [])]
    source = {name: manifest.files.get(name, "") for name in names}
    target = models / f"reader-{'-'.join(digest[:8] for digest in source.values())}"
    if _whole(target, source):
        return target
    for name in names:
        manifest.checked(name)
    try:
        models.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=models, prefix=".reader-") as scratch:
            output = Path(scratch) / "made"
            output.mkdir()
            _write(manifest, source, output)
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


def _write(manifest: Manifest, source: dict[str, str], folder: Path) -> None:
    first = manifest.path_of(FIRST_WEIGHTS)
    try:
        with gzip.open(first) as archive, (folder / "first.onnx").open("wb") as plain:
            shutil.copyfileobj(archive, plain)
    except (gzip.BadGzipFile, EOFError) as exc:
        raise ModelError(f"{first} cannot be unpacked") from exc
    if manifest.second is not None:
        _write_second(manifest, folder)
    record = json.dumps(_record(folder, source), indent=1)
    (folder / "made.json").write_text(record + "\n", encoding="utf-8")


def _write_second(manifest: Manifest, folder: Path) -> None:
    from rag.reading.four_bit import read_weights
    from rag.reading.mpnet_graph import build_graph

    network = manifest.second
    assert network is not None
    weights = read_weights(manifest.path_of(SECOND_WEIGHTS))
    model = build_graph(weights, network.layers, network.heads)
    write_optimised(model.SerializeToString(), folder / "second.onnx", "second.data")
