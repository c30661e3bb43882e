from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.encode.base import Floats
from index.errors import ModelError
from rag.reading.four_bit import BLOCK, read_weights, restored, stored, write_weights


@pytest.fixture
def weight() -> Floats:
    return np.random.default_rng(1).normal(size=(5, 3 * BLOCK)).astype(np.float32)


@pytest.fixture
def scales(weight: Floats) -> Floats:
    """As half precision holds them, none so small that a weight is cut off."""
    largest = np.abs(weight.reshape(5, 3, BLOCK)).max(axis=-1)
    return np.asarray((largest / 7 * 1.01).astype(np.float16), np.float32)


def test_a_round_trip_is_within_half_a_step(weight: Floats, scales: Floats) -> None:
    packed, kept = stored(weight, scales)
    assert packed.nbytes == weight.size // 2
    off = np.abs(restored(packed, kept) - weight).reshape(5, 3, BLOCK)
    assert (off <= scales[..., None] / 2 * 1.0001).all()
    assert off.max() > 0


def test_what_four_bits_hold_comes_back_as_it_was() -> None:
    weight = np.tile(np.arange(-2, 2, 0.25).astype(np.float32), BLOCK // 16)[None]
    packed, scales = stored(weight, np.full((1, 1), 0.25, np.float32))
    assert (restored(packed, scales) == weight).all()


def test_beyond_four_bits_the_ends_are_kept() -> None:
    weight = np.array([[-99.0, 99.0] * (BLOCK // 2)], np.float32)
    packed, scales = stored(weight, np.ones((1, 1), np.float32))
    assert restored(packed, scales)[0, :2].tolist() == [-8, 7]


def test_an_archive_keeps_names_and_values(tmp_path: Path, weight: Floats, scales: Floats) -> None:
    path, plain = tmp_path / "weights.npz", np.array([1.5, -2], np.float16)
    write_weights(path, {"0.up.weight": stored(weight, scales)}, {"0.up.bias": plain})
    read = read_weights(path)
    assert set(read) == {"0.up.weight", "0.up.bias"}
    assert (read["0.up.weight"] == restored(*stored(weight, scales))).all()
    assert read["0.up.bias"].dtype == np.float32
    assert read["0.up.bias"].tolist() == [1.5, -2]


def test_a_missing_or_damaged_archive_is_refused(
    tmp_path: Path, weight: Floats, scales: Floats
) -> None:
    path = tmp_path / "weights.npz"
    with pytest.raises(ModelError, match="No such file"):
        read_weights(path)
    write_weights(path, {"w": stored(weight, scales)}, {})
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"no archive at all"):
        path.write_bytes(damaged)
        with pytest.raises(ModelError, match="no archive"):
            read_weights(path)
