from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.encode.base import Floats
from index.errors import LibraryCorrupt, SettingsError
from index.search.dense import VectorBase, VectorIndex, choose_factory, extend_base, write_base
from index.store.base import Keys

NONE = np.zeros(0, dtype=np.int64)


def clustered(count: int, dim: int = 32) -> tuple[Keys, Floats]:
    random = np.random.default_rng(3)
    centres = random.standard_normal((50, dim))
    rows = centres[random.integers(0, 50, count)] + 0.4 * random.standard_normal((count, dim))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return np.arange(10, 10 + count, dtype=np.int64), rows.astype(np.float32)


def opened(folder: Path, factory: str, keys: Keys, vectors: Floats, gone: Keys) -> VectorIndex:
    base = write_base(folder, "vectors-1.faiss", factory, keys[:-5], vectors[:-5])
    return VectorIndex.open(folder, base, keys[-5:], vectors[-5:], gone)


@pytest.mark.parametrize("factory", ["IDMap2,Flat", "IDMap2,SQfp16", "IVF16,SQ8", "IVF16,Flat"])
def test_every_kind_finds_base_and_changes_but_not_what_went(tmp_path: Path, factory: str) -> None:
    keys, vectors = clustered(2000)
    index = opened(tmp_path, factory, keys, vectors, keys[100:101])
    assert index.search(vectors[7], 1)[0].tolist() == [keys[7]]
    assert index.search(vectors[-2], 1)[0].tolist() == [keys[-2]]
    assert keys[100] not in index.search(vectors[100], 50)[0]
    assert len(index) == 1999


@pytest.mark.parametrize("factory", ["IDMap2,Flat", "IVF16,SQ8"])
def test_a_filtered_search_is_full_and_exact(tmp_path: Path, factory: str) -> None:
    keys, vectors = clustered(2000)
    index = opened(tmp_path, factory, keys, vectors, NONE)
    allowed = keys[::97]
    found, scores = index.search(vectors[3], 20, allowed)
    exact = allowed[np.argsort(-(vectors[::97] @ vectors[3]))]
    assert set(found.tolist()) <= set(allowed.tolist())
    assert len(found) == 20
    assert len(set(found[:10].tolist()) & set(exact[:10].tolist())) >= 9
    assert (np.diff(scores) <= 1e-6).all()


def test_a_filter_that_leaves_nothing(tmp_path: Path) -> None:
    keys, vectors = clustered(50)
    index = opened(tmp_path, "IDMap2,Flat", keys, vectors, NONE)
    assert len(index.search(vectors[0], 5, NONE)[0]) == 0


def test_the_approximate_kind_finds_nearly_all(tmp_path: Path) -> None:
    keys, vectors = clustered(5000)
    exact = VectorIndex.from_vectors(keys, vectors)
    rough = opened(tmp_path, "IVF64,SQ8", keys, vectors, NONE)
    hits = [
        len(set(exact.search(v, 10)[0].tolist()) & set(rough.search(v, 10)[0].tolist()))
        for v in vectors[:100]
    ]
    assert np.mean(hits) > 9


def test_vectors_without_clusters_are_nearly_all_found(tmp_path: Path) -> None:
    """Those of passages have little in common with the centre of their list."""
    vectors = np.random.default_rng(8).normal(size=(4_000, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    keys = np.arange(len(vectors), dtype=np.int64)
    index = opened(tmp_path, "IVF64,SQ8", keys, vectors, NONE)
    exact = VectorIndex.from_vectors(keys, vectors)
    shares = [
        len(set(exact.search(v, 10)[0].tolist()) & set(index.search(v, 10)[0].tolist())) / 10
        for v in vectors[::80]
    ]
    assert np.mean(shares) > 0.93


def test_a_changed_file_is_corrupt(tmp_path: Path) -> None:
    keys, vectors = clustered(50)
    base = write_base(tmp_path, "vectors-1.faiss", "IDMap2,Flat", keys, vectors)
    data = bytearray((tmp_path / "vectors-1.faiss").read_bytes())
    data[-1] ^= 1
    (tmp_path / "vectors-1.faiss").write_bytes(data)
    with pytest.raises(LibraryCorrupt, match="checksum"):
        VectorIndex.open(tmp_path, base, keys[:0], vectors[:0], NONE)


def test_a_file_that_a_writer_removes_meanwhile_is_corrupt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, vectors = clustered(50)
    base = write_base(tmp_path, "vectors-1.faiss", "IDMap2,Flat", keys, vectors)
    monkeypatch.setattr("index.search.dense.find_base", lambda folder, base: folder / "gone")
    with pytest.raises(LibraryCorrupt, match="gone"):
        VectorIndex.open(tmp_path, base, keys[:0], vectors[:0], NONE)


def test_the_kind_goes_by_size_unless_set() -> None:
    assert choose_factory("auto", 1000) == "IDMap2,Flat"
    assert choose_factory("auto", 1_000_000) == "IVF2048,SQ8"
    assert choose_factory("HNSW32", 5) == "HNSW32"


def test_an_impossible_kind_is_a_wrong_setting(tmp_path: Path) -> None:
    keys, vectors = clustered(50)
    with pytest.raises(SettingsError, match="nonsense"):
        write_base(tmp_path, "vectors-1.faiss", "nonsense", keys, vectors)


def extended(folder: Path, factory: str, keys: Keys, vectors: Floats) -> VectorBase | None:
    """A base of the first half, with the others added to it and the first ten taken out."""
    half = len(keys) // 2
    base = write_base(folder, "vectors-1.faiss", factory, keys[:half], vectors[:half])
    return extend_base(folder, base, "vectors-2.faiss", keys[half:], vectors[half:], keys[:10])


@pytest.mark.parametrize("factory", ["IDMap2,Flat", "IVF16,SQ8"])
def test_a_base_that_was_extended_is_like_one_that_was_built(tmp_path: Path, factory: str) -> None:
    keys, vectors = clustered(4000)
    base = extended(tmp_path, factory, keys, vectors)
    assert base is not None
    assert (base.count, base.last_key) == (3990, keys[-1])
    index = VectorIndex.open(tmp_path, base, keys[:0], vectors[:0], NONE)
    exact = VectorIndex.from_vectors(keys[10:], vectors[10:])
    hits = [
        len(set(exact.search(v, 10)[0].tolist()) & set(index.search(v, 10)[0].tolist()))
        for v in vectors[::40]
    ]
    assert np.mean(hits) > 9.5


def test_a_base_of_which_all_went_is_extended(tmp_path: Path) -> None:
    keys, vectors = clustered(20)
    base = write_base(tmp_path, "vectors-1.faiss", "IDMap2,Flat", keys, vectors)
    empty = extend_base(tmp_path, base, "vectors-2.faiss", keys[:0], vectors[:0], keys)
    assert empty is not None
    assert empty.count == 0


def test_lists_are_not_extended_by_vectors_that_lie_elsewhere(tmp_path: Path) -> None:
    keys, vectors = clustered(4000)
    vectors[2000:] = np.roll(vectors[2000:], 7, axis=1)
    assert extended(tmp_path, "IVF16,SQ8", keys, vectors) is None
    assert extended(tmp_path, "IDMap2,Flat", keys, vectors) is not None


def test_lists_are_extended_by_more_of_the_same_however_little_it_has_in_common(
    tmp_path: Path,
) -> None:
    """Vectors that lists were found from are nearer to the centres than others of their kind."""
    vectors = np.random.default_rng(7).normal(size=(3_300, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    keys = np.arange(len(vectors), dtype=np.int64)
    base = write_base(tmp_path, "vectors-1.faiss", "IVF32,SQ8", keys[:3_000], vectors[:3_000])
    new_keys, new_vectors = keys[3_000:], vectors[3_000:]
    later_base = extend_base(tmp_path, base, "vectors-2.faiss", new_keys, new_vectors, keys[:0])
    assert later_base is not None
    assert (later_base.count, later_base.similarity) == (3_300, base.similarity)


def test_a_damaged_base_is_not_extended(tmp_path: Path) -> None:
    keys, vectors = clustered(50)
    base = write_base(tmp_path, "vectors-1.faiss", "IDMap2,Flat", keys, vectors)
    data = bytearray((tmp_path / "vectors-1.faiss").read_bytes())
    data[-1] ^= 1
    (tmp_path / "vectors-1.faiss").write_bytes(data)
    with pytest.raises(LibraryCorrupt, match="checksum"):
        extend_base(tmp_path, base, "vectors-2.faiss", keys[:0], vectors[:0], keys[:1])
