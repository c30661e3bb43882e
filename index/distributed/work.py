"""The units of work that go to other machines, and what comes back.

A :class:`Shard` is known by a key over all that its result depends on, so a result is as good
whichever worker made it, and however often.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.encode.base import EncoderId, Floats
from index.errors import ClusterError
from index.ingest.batch import Admission, Cut
from index.load.base import Loaded
from index.settings import IndexSettings

__all__ = ["FileContent", "FileResult", "Shard", "ShardResult", "WorkerInfo", "code_hash"]

_UNIT_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file to load: its bytes travel, so that workers need no file system in common."""

    path: Path
    origin: str
    data: bytes


@dataclass(frozen=True, slots=True)
class FileResult:
    """What the first ``files`` files of a task held; the others were not begun for want of time."""

    items: list[Loaded]
    files: int


@dataclass(frozen=True, slots=True)
class Shard:
    """Articles to cut and to encode together."""

    key: str
    admissions: tuple[Admission, ...]

    @classmethod
    def of(cls, admissions: Sequence[Admission], settings: IndexSettings) -> Shard:
        """Make a shard; its key is over the contents, the encoder's name and the cutting."""
        treatment = f"{settings.encoder} {settings.passages.model_dump_json()}"
        contents = " ".join(admission.article.content_hash for admission in admissions)
        key = hashlib.sha256(f"{treatment} {contents}".encode()).hexdigest()
        return cls(key, tuple(admissions))


@dataclass(frozen=True, slots=True)
class ShardResult:
    """The passages and vectors (float32 ``[passages, dim]``) of a shard, in its order."""

    key: str
    encoder: EncoderId
    cuts: tuple[Cut, ...]
    vectors: Floats
    node: str

    def check(self, shard: Shard, encoder: EncoderId) -> None:
        """Raise ``ClusterError`` when this is no result of ``shard`` by ``encoder``."""
        passages = sum(len(cut.passages) for cut in self.cuts)
        norms = np.linalg.norm(self.vectors, axis=-1)
        faults = {
            "another key": self.key != shard.key,
            "another model": self.encoder != encoder,
            "other articles": len(self.cuts) != len(shard.admissions),
            "an article without passages": not all(cut.passages for cut in self.cuts),
            "vectors of another shape": self.vectors.shape != (passages, encoder.dim),
            "vectors that are not of length one": not np.all(np.abs(norms - 1) < _UNIT_TOLERANCE),
            "passages beyond the text": any(
                cut.passages and cut.passages[-1][-1].end > len(admission.article.text)
                for cut, admission in zip(self.cuts, shard.admissions, strict=False)
            ),
        }
        if faulty := [name for name, is_so in faults.items() if is_so]:
            raise ClusterError(f"a worker on {self.node} answered with {', '.join(faulty)}")


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """Where a worker runs and what it would compute with; no encoder for one that only reads."""

    node: str
    code: str
    encoder: EncoderId | None


def code_hash(root: Path = Path(__file__).parents[1]) -> str:
    """Hash the sources below ``root``, those of :mod:`index` unless said: workers of other code
    might cut other passages."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return digest.hexdigest()
