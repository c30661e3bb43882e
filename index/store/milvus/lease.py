"""One writer at a time, on an engine that has no locks: claims that are renewed.

Who wants to write puts down a claim of its own and then looks for others. Reads are strongly
consistent, so of two that claim at once at least one sees the other and steps back. A claim that
is not renewed any more is void after a while, by the clocks of the machines, which may differ by
as much as a claim lasts.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import socket
import threading
import time
from typing import Any, Final

from index.errors import LibraryError, LibraryLocked
from index.store.milvus.collections import name_hash
from index.store.milvus.engine import Engine

__all__ = ["Lease"]

# Seconds that a claim holds without being renewed, and by which clocks may differ.
_SECONDS: Final = 30.0
_SKEW: Final = 30.0
_PAUSE: Final = (0.02, 0.2)


class Lease:
    """The right to write to one library, held from ``acquire`` to ``release``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._name = name_hash(secrets.token_hex(16))
        self._until = 0.0
        self._end = threading.Event()
        self._renewal: threading.Thread | None = None

    def acquire(self, timeout: float) -> None:
        """Take the right, within ``timeout`` seconds. ``LibraryLocked`` names who has it."""
        last = time.monotonic() + timeout
        while True:
            holder = self._holder()
            if holder is None:
                self._claim()
                holder = self._holder()
                if holder is None:
                    break
                self._withdraw()
            if time.monotonic() >= last:
                place = self._engine.address.label
                raise LibraryLocked(
                    f"{place} is being written by {holder}; wait or stop it (one that was killed "
                    f"keeps others out for up to {_SECONDS + _SKEW:.0f} seconds)"
                )
            time.sleep(random.uniform(*_PAUSE))  # noqa: S311 - so that two do not meet again
        self._renewal = threading.Thread(target=self._renew, name="pullquote-lease", daemon=True)
        self._renewal.start()

    def release(self) -> None:
        self._end.set()
        if self._renewal:
            self._renewal.join()
        self._withdraw()

    def check(self) -> None:
        """Raise ``LibraryLocked`` when the right may have gone to somebody else."""
        own_claim = f'name == "{self._name}"'
        if time.monotonic() > self._until or not self._engine.count(self._engine.state, own_claim):
            raise LibraryLocked(
                f"{self._engine.address.label}: the right to write was lost, since it could not be "
                "renewed in time; nothing of this change was written. Run it again"
            )

    def _claim(self) -> None:
        until = time.monotonic() + _SECONDS
        holder = f"process {os.getpid()} on {socket.gethostname()}"
        body = json.dumps({"holder": holder, "until": time.time() + _SECONDS})
        claim = {"name": self._name, "kind": "claim", "body": body}
        self._engine.upsert(self._engine.state, [claim])
        # Not before: what fails renews nothing.
        self._until = until

    def _withdraw(self) -> None:
        self._engine.delete(self._engine.state, f'name == "{self._name}"')

    def _holder(self) -> str | None:
        """Somebody else who has a claim that holds. Void ones are taken away."""
        rows = self._engine.query(self._engine.state, 'kind == "claim"', ["name", "body"])
        for row in rows:
            claim: dict[str, Any] = json.loads(row["body"])
            if row["name"] == self._name:
                continue
            if claim["until"] + _SKEW > time.time():
                return str(claim["holder"])
            self._engine.delete(self._engine.state, f'name == "{row["name"]}"')
        return None

    def _renew(self) -> None:
        while not self._end.wait(_SECONDS / 3):
            try:
                self._claim()
            except LibraryError:
                continue  # Tried again; what is not renewed in time, ``check`` finds.
