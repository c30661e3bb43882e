"""Store weights in four bits.

A matrix is stored as integers from -8 to 7, two in a byte, with one scale for each run of ``BLOCK``
numbers along a row. The file is a compressed NumPy archive (``.npz``, read without pickle): for a
matrix ``NAME`` it holds ``NAME.q`` (uint8 ``[rows, columns / 2]``, the first of two numbers in the
low half, 8 added to each) and ``NAME.s`` (float16 ``[rows, columns / BLOCK]``); everything else is
a float array under its own name.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.encode.base import Floats
from index.errors import ModelError

__all__ = ["BLOCK", "read_weights", "restored", "stored", "write_weights"]

BLOCK: Final = 128
_SHIFT: Final = 8


def stored(weight: Floats, scales: Floats) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """Round a matrix to four bits.

    weight: float32 ``[rows, columns]``, columns a multiple of ``BLOCK``.
    scales: float32 ``[rows, columns / BLOCK]``.
    """
    blocks = weight.reshape(len(weight), -1, BLOCK) / scales[..., None]
    whole = (np.clip(np.rint(blocks), -_SHIFT, _SHIFT - 1) + _SHIFT).astype(np.uint8)
    pairs = whole.reshape(len(weight), -1, 2)
    return pairs[..., 0] | (pairs[..., 1] << 4), scales.astype(np.float16)


def restored(nibbles: NDArray[np.uint8], scales: NDArray[np.float16]) -> Floats:
    """Invert :func:`stored`: float32 ``[rows, columns]``."""
    pairs = np.stack([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - _SHIFT
    blocks = pairs.reshape(len(nibbles), -1, BLOCK) * scales.astype(np.float32)[..., None]
    return np.asarray(blocks.reshape(len(nibbles), -1), np.float32)


def write_weights(
    path: Path,
    matrices: Mapping[str, tuple[NDArray[np.uint8], NDArray[np.float16]]],
    plain: Mapping[str, NDArray[np.floating]],
) -> None:
    """Write an archive of packed ``matrices`` and of ``plain`` ones as they are."""
    arrays: dict[str, NDArray[np.generic]] = dict(plain)
    for name, (nibbles, scales) in matrices.items():
        arrays |= {f"{name}.q": nibbles, f"{name}.s": scales}
    np.savez_compressed(path, allow_pickle=False, **arrays)


def read_weights(path: Path) -> dict[str, Floats]:
    """Read all arrays of an archive by name, matrices restored: float32.

    Raises ``ModelError`` when the file is missing or is no such archive.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        weights = {
            name.removesuffix(".q"): restored(array, arrays[f"{name.removesuffix('.q')}.s"])
            for name, array in arrays.items()
            if name.endswith(".q")
        }
    except OSError as exc:
        raise ModelError(f"{path}: {exc.strerror or 'cannot be read'}") from exc
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as exc:
        raise ModelError(f"{path} is no archive of a reader's weights") from exc
    plain = (name for name in arrays if not name.endswith((".q", ".s")))
    return weights | {name: arrays[name].astype(np.float32) for name in plain}
