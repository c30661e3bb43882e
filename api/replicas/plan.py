"""What replicas hold, and how many there are of them."""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import rag
from index.distributed.work import code_hash
from index.encode.base import EncoderId
from index.errors import ClusterError, SettingsError
from rag.settings import Settings

__all__ = ["Place", "Plan", "Scale"]

_NAME: Final = "pullquote"
_PLACE: Final = re.compile(
    r"(?P<address>auto|(?:ray://)?[^/\s]+:\d+)(?:/(?P<name>[A-Za-z0-9_-]{1,40}))?"
)


@dataclass(frozen=True, slots=True)
class Place:
    """The cluster that replicas are on, and what they are called there."""

    address: str
    name: str = _NAME

    @classmethod
    def of(cls, text: str) -> Self:
        """Read ``ADDRESS`` or ``ADDRESS/NAME``. ``SettingsError`` when it is neither."""
        match = _PLACE.fullmatch(text)
        if not match:
            raise SettingsError(
                f"PULLQUOTE_RAY={text}: say auto or HOST:PORT, and after a slash a name for the "
                "replicas if there are others on that cluster"
            )
        return cls(match["address"], match["name"] or _NAME)

    def __str__(self) -> str:
        return f"{self.address}/{self.name}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The models of replicas, and the sources that run them.

    encoder, reader: as the settings name them.
    encoder_id: the encoder that the library was indexed with; ``None`` for an empty library.
    home: the folder whose ``models`` the networks are kept in, on every machine.
    threads: for one input of a network, and the processors that a replica reserves.
    code: hash of the sources; a machine with others cannot hold a replica.
    """

    encoder: str
    reader: str
    encoder_id: EncoderId | None
    home: Path
    threads: int
    code: str

    @classmethod
    def of(cls, settings: Settings, encoder_id: EncoderId | None) -> Self:
        """Plan for a server's settings."""
        threads = settings.threads or 1
        reader = settings.reader
        return cls(settings.encoder, reader, encoder_id, settings.home, threads, _sources())

    @property
    def key(self) -> str:
        """What results depend on, hashed (hex): those of replicas with another key are not used."""
        content = f"{self.encoder} {self.reader} {self.code}"
        return hashlib.sha256(content.encode()).hexdigest()

    def settings(self) -> Settings:
        """The settings that a replica opens its models with: nothing else of the server's."""
        return Settings(
            home=self.home, encoder=self.encoder, reader=self.reader, threads=self.threads
        )

    def require_same_sources(self) -> None:
        """Raise ``ClusterError`` on a machine with other sources than the server's."""
        if _sources() != self.code:
            raise ClusterError(
                "this machine has another version of Pullquote than the server; install the same "
                "on every machine"
            )


@dataclass(frozen=True, slots=True)
class Scale:
    """How many replicas of the encoder and of the reader there are, each, and how many questions
    the encoder takes in one run."""

    least: int
    most: int
    batch: int

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(settings.min_replicas, settings.max_replicas, settings.replica_batch)

    def gpu_share(self, gpus: float) -> float:
        """Return how much of a GPU a replica of the reader reserves on a cluster with so many: one
        at most, and no more than leaves room for the most replicas."""
        share = min(1.0, gpus / self.most)
        # Ray counts in ten-thousandths.
        return math.floor(10_000 * share) / 10_000


def _sources() -> str:
    folders = (Path(rag.__file__).parent, Path(__file__).parent)
    hashes = code_hash() + "".join(map(code_hash, folders))
    return hashlib.sha256(hashes.encode()).hexdigest()
