"""Loss of power, out of a log of what a process did to a folder.

What was written to a file and not synced may be there or not, write by write, and torn between two
sectors. Names (rename, unlink, a new file) are kept in order, as journalling
file systems do: all that came before any sync, and of the rest as many as had been reached.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.shim import Operation

__all__ = ["after_power_loss"]

_SECTOR = 512
_NAMES = ("rename", "link", "unlink", "cut")


@dataclass
class _File:
    data: bytearray = field(default_factory=bytearray)

    def write(self, offset: int, data: bytes) -> None:
        if len(self.data) < offset:
            self.data.extend(bytes(offset - len(self.data)))
        self.data[offset : offset + len(data)] = data


def after_power_loss(
    before: Path, done: Sequence[Operation], target: Path, chance: random.Random
) -> None:
    """Write to ``target`` what may be left of the folder ``before`` after these operations."""
    files = {
        str(path.relative_to(before)): _File(bytearray(path.read_bytes()))
        for path in before.rglob("*")
        if path.is_file()
    }
    synced = max((at for at, each in enumerate(done) if each.kind == "sync"), default=-1)
    reached = chance.randint(synced + 1, len(done))
    durable = _durable(done)
    for at, each in enumerate(done):
        if each.kind == "write":
            if each.path not in files:
                # A file without a name is lost, whatever was written to it.
                if at >= reached:
                    continue
                files[each.path] = _File()
            _write(files[each.path], each, at in durable, chance)
        elif each.kind in _NAMES and at < reached:
            _rename(files, each)
    for name, file in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    for folder in (target, *(path for path in target.rglob("*") if path.is_dir())):
        folder.chmod(0o700)


def _write(file: _File, each: Operation, is_durable: bool, chance: random.Random) -> None:
    if is_durable:
        file.write(each.offset, each.data)
    elif chance.random() < 0.5:
        # Torn between two sectors, or whole.
        sectors = -(-len(each.data) // _SECTOR)
        file.write(each.offset, each.data[: _SECTOR * chance.randint(1, max(sectors, 1))])


def _rename(files: dict[str, _File], each: Operation) -> None:
    if each.kind == "cut":
        file = files.setdefault(each.path, _File())
        file.write(each.offset, b"")
        del file.data[each.offset :]
        return
    if each.kind == "link":
        if each.path in files:
            files[each.other] = files[each.path]
        return
    inside = [name for name in files if name == each.path or name.startswith(f"{each.path}/")]
    moved = {name: files.pop(name) for name in inside}
    if each.kind == "rename":
        files |= {each.other + name[len(each.path) :]: file for name, file in moved.items()}


def _durable(done: Sequence[Operation]) -> set[int]:
    """The writes that a sync of their file followed, under whatever name it had by then."""
    durable: set[int] = set()
    pending: dict[str, list[int]] = {}
    for at, each in enumerate(done):
        if each.kind == "write":
            pending.setdefault(each.path, []).append(at)
        elif each.kind == "sync":
            durable.update(pending.pop(each.path, ()))
        elif each.kind == "rename":
            for name in [name for name in pending if f"{name}/".startswith(f"{each.path}/")]:
                pending[each.other + name[len(each.path) :]] = pending.pop(name)
        elif each.kind == "unlink":
            pending.pop(each.path, None)
    return durable
