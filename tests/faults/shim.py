"""Python's side of ``shim.c``: built where there is a C compiler, armed where it is loaded."""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

__all__ = ["Fault", "Operation", "arm", "build", "disarm", "missing", "operations"]

# What is named at random, or by a hash and the first two letters of it.
_DRAWN = re.compile("[0-9a-f]{2}|[0-9a-f]{32}|[0-9a-f]{64}")
_SOURCE = Path(__file__).with_name("shim.c")


class Fault(IntEnum):
    """What happens at one operation: nothing, death before it, death with half of it done, or a
    full disk from it on."""

    NONE = 0
    KILL = 1
    TORN = 2
    FULL = 3


@dataclass(frozen=True, slots=True)
class Operation:
    """One call that changed a file: ``write`` (of ``data`` at ``offset``), ``sync``, ``cut`` (to
    ``offset`` bytes), ``rename`` (of ``path`` to ``other``), ``link`` (``other`` is a
    second name of ``path``) or ``unlink``. Paths are relative."""

    kind: str
    path: str
    other: str = ""
    offset: int = 0
    data: bytes = b""

    @property
    def name(self) -> str:
        """The kind of file and what was done to it, whatever was drawn at random in its name."""
        parts = [_kind_of(part) for part in Path(self.path).parts]
        return f"{self.kind} {'/'.join(parts)}"


def missing() -> str | None:
    """Why the shim cannot be used here; ``None`` where it can."""
    if not sys.platform.startswith("linux"):
        return "calls are intercepted on Linux alone"
    return None if shutil.which("cc") else "there is no C compiler (cc)"


def build(folder: Path) -> Path:
    """The shared object to be named in LD_PRELOAD."""
    target = folder / "faults.so"
    command = ["cc", "-O1", "-shared", "-fPIC", "-o", target, _SOURCE, "-ldl", "-lpthread"]
    subprocess.run([str(part) for part in command], check=True)
    return target


def arm(folder: Path, fault: Fault, at: int = 0, log: Path | None = None) -> None:
    """From here on count what is done below ``folder``, and do ``fault`` at the ``at``-th."""
    _library().faults_arm(
        str(folder.resolve()).encode(), int(fault), ctypes.c_long(at), str(log or "").encode()
    )


def disarm() -> int:
    """Let everything be; how many operations there were."""
    return int(_library().faults_disarm())


def operations(log: Path) -> Iterator[Operation]:
    """What a log says was done, in order."""
    data = log.read_bytes() if log.exists() else b""
    at = 0
    while (end := data.find(b"\n", at)) >= 0:
        kind, offset, length, path, other = data[at:end].decode().split("\t")
        at = end + 1 + int(length)
        yield Operation(kind, path, other, int(offset), data[end + 1 : at])


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(None)
    library.faults_disarm.restype = ctypes.c_long
    return library


def _kind_of(part: str) -> str:
    stem, dot, suffix = part.partition(".")
    if stem.startswith("vectors-"):
        return f"vectors{dot}{suffix}"
    if part.startswith((".restore-", ".backup", ".publish-", ".part-")):
        return "stage"
    return f"*{dot}{suffix}" if _DRAWN.fullmatch(stem) else part
