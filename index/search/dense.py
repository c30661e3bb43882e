"""Dense search: a FAISS index derived from the vectors in the store.

The file on disk is a *base*, written as a whole under a new name and never changed. Vectors added
after it (with larger keys) are searched in a small flat index beside it, and those removed since
(tombstones) are masked out, so that adding one article to many does not rewrite them all. The next
base is the one before with these changes, in the same lists: to find the lists takes most of the
time of building one.

Scores are cosines: inner products of unit vectors.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np

from index.encode.base import Floats
from index.error_mapping import storage_errors
from index.errors import LibraryCorrupt, SettingsError
from index.store.base import Keys
from index.store.private import make_private

# One question is one thread's work: waking others for a scan of milliseconds costs more than it
# saves, and questions asked at once run side by side. Building takes what FAISS would.
_ALL_THREADS = faiss.omp_get_max_threads()
faiss.omp_set_num_threads(1)

__all__ = [
    "VectorBase",
    "VectorIndex",
    "base_name",
    "check_base",
    "choose_factory",
    "extend_base",
    "find_base",
    "is_extendable",
    "list_count",
    "other_bases",
    "write_base",
]

# A flat scan of 384-d float32 passes 10 ms near this many vectors on one AVX2 core. With one more,
# an inverted file has lists for four times as many (:func:`list_count`).
_FLAT_LIMIT = 65_536
# FAISS takes 256 and 10 or more; further ones moved no centre to where it found more.
_POINTS_PER_LIST, _ROUNDS = 64, 10
# Files up to this size are hashed whenever they are opened; larger ones by doctor.
_HASH_ON_OPEN = 256 << 20
# Lists that are looked into, by the square root of how many there are: 114 of 512, 160 of 1,024 and
# 320 of 4,096. Real vectors lie in clusters far less than made-up ones (docs/performance.md).
_PROBES = 5
# A filter that leaves fewer than this many is scanned exactly.
_SCAN_LIMIT = 20_000
_NAME = re.compile(r"vectors-[0-9]+(-[0-9a-f]{8})?\.faiss(\.part)?")
# Kinds that vectors can be added to and removed from.
_EXTENDABLE = re.compile(r"IDMap2,Flat|IVF[0-9]+,SQ8")
# Lists are found anew when vectors to be added are so much less similar to their centres than those
# that were there when they were found. At .993 recall was as before (.981), at .949 it was .951.
_LEAST_SIMILARITY = 0.98
# Vectors that the similarity is taken from; lists are found without them, and at most one in ten is
# kept from that. Those that lists were found from are more similar to the centres than any other.
_SAMPLE, _LEAST_STEP = 4_000, 10


@dataclass(frozen=True, slots=True)
class VectorBase:
    """The vector file of a generation, as the store records it.

    ``sha256``: of the file. ``count``: its vectors. ``last_key``: the greatest passage key in it.
    ``factory``: its FAISS factory string. ``similarity``: the mean cosine between vectors that were
    there when its lists were found, and the centre that each is nearest to; ``None`` where it has
    no lists, or nobody knows.
    """

    file: str
    sha256: str
    count: int
    last_key: int
    factory: str
    similarity: float | None = None


def base_name(generation: int) -> str:
    """Make a name for a new vector file that no file has or had, in any copy of a library."""
    return f"vectors-{generation}-{secrets.token_hex(4)}.faiss"


def other_bases(folder: Path, base: VectorBase | None) -> list[Path]:
    """List the vector files in a folder that are not in use: those of a killed writer, or of one
    that has just written another."""
    return [
        file
        for file in sorted(folder.glob("vectors-*"))
        if _NAME.fullmatch(file.name) and (base is None or file.name != base.file)
    ]


def find_base(folder: Path, base: VectorBase) -> Path:
    """Return the path of a base.

    Raises ``LibraryCorrupt`` when it is missing, when its name is none that we give (anybody may
    have made the store), or when it is a link to another place.
    """
    file = folder / base.file
    if not _NAME.fullmatch(base.file) or file.is_symlink():
        raise LibraryCorrupt(f"{folder}: {base.file[:80]!r} is no vector file of this library")
    if not file.is_file():
        raise LibraryCorrupt(f"{file}: the vector file is missing")
    return file


def choose_factory(setting: str, count: int) -> str:
    """Choose the FAISS factory string for ``count`` vectors; ``setting`` fixes it unless it is
    ``auto``."""
    if setting != "auto":
        return setting
    if count <= _FLAT_LIMIT:
        return "IDMap2,Flat"
    return f"IVF{list_count(count)},SQ8"


def write_base(folder: Path, name: str, factory: str, keys: Keys, vectors: Floats) -> VectorBase:
    """Build an index over all vectors and write it to ``folder / name``.

    Raises ``SettingsError`` for a factory string that FAISS does not take, ``StorageError``
    when the file cannot be written.
    """
    index = _build(factory, keys, vectors)
    last_key = int(keys[-1]) if len(keys) else 0
    similarity = _similarity(index, vectors[:: _step(len(vectors))])
    return _write(folder, name, factory, index, last_key, similarity)


def is_extendable(factory: str) -> bool:
    """Whether :func:`extend_base` knows an index of this factory string."""
    return _EXTENDABLE.fullmatch(factory) is not None


def extend_base(
    folder: Path, base: VectorBase, name: str, keys: Keys, vectors: Floats, tombstones: Keys
) -> VectorBase | None:
    """Write a base again to ``folder / name``, without the keys ``tombstones`` and with ``vectors``
    added to the lists that it has.

    ``None`` where these lists are not for such vectors. Raises ``LibraryCorrupt`` when the base is
    missing or damaged, ``StorageError`` when the file cannot be written.
    """
    data = np.frombuffer(_read_base(folder, base), dtype=np.uint8)
    faiss.omp_set_num_threads(_ALL_THREADS)
    try:
        index = faiss.deserialize_index(data)
        if not _suits(base, _similarity(index, vectors)):
            return None
        if len(tombstones):
            index.remove_ids(faiss.IDSelectorBatch(tombstones))
        if len(keys):
            index.add_with_ids(vectors, keys)
    except RuntimeError as exc:
        raise LibraryCorrupt(f"{folder / base.file}: not a FAISS index to be added to") from exc
    finally:
        faiss.omp_set_num_threads(1)
    last_key = int(keys[-1]) if len(keys) else base.last_key
    return _write(folder, name, base.factory, index, last_key, base.similarity)


def _write(
    folder: Path, name: str, factory: str, index: Any, last_key: int, similarity: float | None
) -> VectorBase:
    data = faiss.serialize_index(index)
    with storage_errors(folder):
        scratch = folder / f"{name}.part"
        make_private(scratch)
        with scratch.open("wb") as file:
            file.write(data.data)
            file.flush()
            # The store's transaction, which names the file, may be on the disk before it.
            os.fsync(file.fileno())
        scratch.replace(folder / name)
    sha256 = hashlib.sha256(data.data).hexdigest()
    return VectorBase(name, sha256, int(index.ntotal), last_key, factory, similarity)


def _suits(base: VectorBase, similarity: float | None) -> bool:
    """Whether lists are for vectors of this similarity: any, where there are no lists."""
    if similarity is None:
        return True
    return base.similarity is not None and similarity >= _LEAST_SIMILARITY * base.similarity


def _similarity(index: Any, vectors: Floats) -> float | None:
    """The mean cosine between some of the vectors, all where they are few, and the centre of the
    list that each would be in; ``None`` without lists."""
    index = faiss.downcast_index(index)
    if not isinstance(index, faiss.IndexIVF) or not len(vectors):
        return None
    sample = vectors[:: -(-len(vectors) // _SAMPLE)]
    return float(index.quantizer.search(sample, 1)[0].mean())


def _step(count: int) -> int:
    """The distance between those of so many vectors that lists are found without."""
    return max(_LEAST_STEP, -(-count // _SAMPLE))


def check_base(folder: Path, base: VectorBase) -> None:
    """Check the vector file. ``LibraryCorrupt`` when it is missing or is not the one that was
    written."""
    path = find_base(folder, base)
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as exc:
        raise LibraryCorrupt(f"{path}: cannot be read ({exc.strerror})") from exc
    if sha256 != base.sha256:
        raise LibraryCorrupt(f"{path}: the checksum does not hold")


def _read_base(folder: Path, base: VectorBase) -> bytes:
    """Read the vector file, and check it as :func:`check_base` does."""
    path = find_base(folder, base)
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise LibraryCorrupt(f"{path}: cannot be read ({exc.strerror})") from exc
    if hashlib.sha256(data).hexdigest() != base.sha256:
        raise LibraryCorrupt(f"{path}: the checksum does not hold")
    return data


class VectorIndex:
    """Searches the nearest passages of one generation."""

    def __init__(self, base: Any, delta: Any, tombstones: Keys) -> None:
        self._base = base
        self._delta = delta
        self._tombstones = tombstones

    @classmethod
    def open(
        cls, folder: Path, base: VectorBase, keys: Keys, vectors: Floats, tombstones: Keys
    ) -> Self:
        """Open the base in ``folder`` with ``vectors`` added and the keys ``tombstones`` masked
        out.

        Raises ``LibraryCorrupt`` when the base is missing, damaged or unreadable.
        """
        path = find_base(folder, base)
        try:
            if path.stat().st_size <= _HASH_ON_OPEN:
                check_base(folder, base)
            # IFC maps the codes and reads the small rest: 7 ms for a million vectors.
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except (RuntimeError, OSError) as exc:  # Also when a writer has just removed it.
            raise LibraryCorrupt(f"{path}: not a FAISS index that can be read") from exc
        return cls(index, _flat(keys, vectors), tombstones)

    @classmethod
    def from_vectors(cls, keys: Keys, vectors: Floats) -> Self:
        """Make an exact index in memory, for when the file cannot be used."""
        return cls(_flat(keys, vectors), _flat(keys[:0], vectors[:0]), keys[:0])

    def __len__(self) -> int:
        return int(self._base.ntotal + self._delta.ntotal - len(self._tombstones))

    def search(self, query: Floats, k: int, selection: Keys | None = None) -> tuple[Keys, Floats]:
        """The ``k`` nearest keys and their cosines, best first; fewer only where there are fewer.

        ``query``: float32 ``[dim]``, unit length. ``selection`` restricts the search to these
        keys, before it is made.
        """
        results = [
            _search(index, query, k, selection, self._tombstones)
            for index in (self._base, self._delta)
            if index.ntotal
        ]
        if not results:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        keys = np.concatenate([keys for keys, _ in results])
        scores = np.concatenate([scores for _, scores in results])
        order = np.argsort(-scores, kind="stable")[:k]
        return keys[order], scores[order]


def _search(
    index: Any, query: Floats, k: int, selection: Keys | None, tombstones: Keys
) -> tuple[Keys, Floats]:
    selector: Any = None
    if selection is not None:
        selector = faiss.IDSelectorBatch(selection)
    elif len(tombstones):
        batch = faiss.IDSelectorBatch(tombstones)
        selector = faiss.IDSelectorNot(batch)
    scores, keys = index.search(
        query.reshape(1, -1), min(k, index.ntotal), params=_parameters(index, selector, selection)
    )
    hit = keys[0] >= 0
    return keys[0][hit], scores[0][hit]


def _parameters(index: Any, selector: Any, selection: Keys | None) -> Any:
    lists = getattr(faiss.downcast_index(index), "nlist", 0)
    parameters: Any = faiss.SearchParametersIVF() if lists else faiss.SearchParameters()
    if lists:
        few = selection is not None and len(selection) < _SCAN_LIMIT
        parameters.nprobe = lists if few else min(lists, math.ceil(_PROBES * math.sqrt(lists)))
    parameters.sel = selector
    return parameters


def _flat(keys: Keys, vectors: Floats) -> Any:
    return _build("IDMap2,Flat", keys, vectors)


def _build(factory: str, keys: Keys, vectors: Floats) -> Any:
    faiss.omp_set_num_threads(_ALL_THREADS)
    try:
        index = faiss.index_factory(vectors.shape[1], factory, faiss.METRIC_INNER_PRODUCT)
        if not index.is_trained:
            _train(index, vectors)
        if len(keys):
            index.add_with_ids(vectors, keys)
    except RuntimeError as exc:
        reason = str(exc).strip().split("\n")[-1][:200]
        raise SettingsError(
            f"vector_index {factory!r} cannot be built over {len(keys)} vectors: {reason}"
        ) from exc
    finally:
        faiss.omp_set_num_threads(1)
    return index


def _train(index: Any, vectors: Floats) -> None:
    """Train an index; lists are found from a quarter of the vectors that FAISS would take, in fewer
    rounds: half the time at 200,000 vectors, and no less recall. The sample that new vectors are
    held against is left out, unless too few would be left."""
    lists = faiss.try_extract_index_ivf(index)
    if lists is None or len(vectors) <= _LEAST_STEP * lists.nlist:
        index.train(vectors)
        return
    lists.cp.niter = _ROUNDS
    rows = np.flatnonzero(np.arange(len(vectors)) % _step(len(vectors)))
    most = _POINTS_PER_LIST * lists.nlist
    index.train(vectors[rows[np.linspace(0, len(rows) - 1, min(most, len(rows)), dtype=np.int64)]])


def list_count(count: int) -> int:
    """Choose how many lists an inverted file over ``count`` vectors has: a power of two near twice
    the square root, 256 at least."""
    lists = 256
    while lists * lists < 4 * count:
        lists *= 2
    return lists
