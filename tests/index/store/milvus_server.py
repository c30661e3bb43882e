"""A real Milvus over the wire, killed while rows are written.

``python -m`` this in a network of its own, since this Milvus listens on every address of the
machine. It is of version 2.3 (the package ``milvus``), which has no full-text search and no updates
of single columns: what is tried is the engine's dense part. Printed as JSON: what was seen.
"""

from __future__ import annotations

import fcntl
import importlib
import json
import socket
import struct
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.encode.base import Floats
from index.errors import StorageError
from index.store.milvus import collections
from index.store.milvus.address import Address
from index.store.milvus.engine import Engine, SearchScope

_PORT: Final = 19_777
_COLLECTION: Final = "desk_dense"
_DIM: Final = 384
_ROWS: Final = 2_000
_BATCH: Final = 50
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1


def open_loopback() -> None:
    """Bring up the loopback of a network that has just been made."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        name = struct.pack("16sh14x", b"lo", 0)
        (flags,) = struct.unpack("16xh14x", fcntl.ioctl(control, _SIOCGIFFLAGS, name))
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))


def start(folder: Path) -> Any:
    """Start the server, and wait until it answers."""
    # Typed by nobody, and seldom installed.
    server: Any = importlib.import_module("milvus").MilvusServer(debug=False)
    server.set_base_dir(str(folder))
    server.listen_port = _PORT
    server.start()
    return server


def engine() -> Engine:
    return Engine(Address.parse(f"milvus+http://127.0.0.1:{_PORT}/desk"), 60.0)


def create(store: Engine) -> None:
    """Create the part of a collection of passages that this version has."""
    client: Any = store._client
    schema = collections._schema(client, _DIM)
    schema.add_field("key", collections._types().INT64, is_primary=True)
    collections._numbers(schema, "article", "day", "born", "died")
    collections._create(client, _COLLECTION, schema, {})


def vectors() -> Floats:
    rows = np.random.default_rng(1).standard_normal((_ROWS, _DIM), dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


class Writing(threading.Thread):
    """Writes batch after batch until the engine is gone.

    ``acknowledged``: the rows that it took.
    """

    def __init__(self, store: Engine, rows: Floats) -> None:
        super().__init__()
        self.store, self.rows = store, rows
        self.acknowledged = 0
        self.error = ""

    def run(self) -> None:
        for first in range(0, len(self.rows), _BATCH):
            part = [
                {
                    "key": key,
                    "article": key // 4,
                    "day": key,
                    "born": 1,
                    "died": collections.FOREVER,
                }
                | {"vector": self.rows[key].tolist()}
                for key in range(first, first + _BATCH)
            ]
            try:
                self.store.upsert(_COLLECTION, part)
            except StorageError as exc:
                self.error = str(exc)
                return
            self.acknowledged = first + _BATCH


def main(folder: Path) -> None:
    open_loopback()
    server, rows = start(folder), vectors()
    store = engine()
    create(store)
    writing = Writing(store, rows)
    writing.start()
    while writing.acknowledged < _ROWS // 4 and writing.is_alive():
        time.sleep(0.01)
    server.server_proc.kill()
    server.server_proc.wait()
    writing.join()
    server = start(folder)
    store = engine()
    kept = writing.acknowledged
    found = {row["key"] for row in store.query(_COLLECTION, f"key < {kept}", ["key"])}
    condition = f"article < 50 and key < {kept}"
    nearest = [key for key, _ in store.nearest(SearchScope(_COLLECTION, condition), rows[7], 10)]
    store.delete(_COLLECTION, "key in [7]")
    left = [key for key, _ in store.nearest(SearchScope(_COLLECTION, condition), rows[7], 10)]
    expected = np.argsort(-(rows[:200] @ rows[7]))
    seen = {
        "acknowledged": kept,
        "lost": kept - len(found),
        "error": writing.error,
        "nearest": nearest == expected[:10].tolist(),
        "without the deleted one": left == expected[1:11].tolist(),
    }
    sys.stdout.write(json.dumps(seen) + "\n")
    server.server_proc.kill()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
