"""``pullquote serve`` in a process of its own, for measurements over HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

__all__ = ["Server", "post", "request", "serving"]

_START_SECONDS: Final = 300.0
_PAUSE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port on loopback and the id of its process."""

    port: int
    process: int

    def resident_megabytes(self) -> float:
        """Read the resident memory of its process in MB, as Linux counts it."""
        pages = int(Path(f"/proc/{self.process}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def processor_seconds(self) -> float:
        """Read the processor time that its process has taken so far, in seconds."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(environment: Mapping[str, str]) -> Iterator[Server]:
    """Run a server until the block ends, with ``environment`` added to that of this process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", str(port)],
        # What is measured is answering, not remembering.
        env={**os.environ, "PULLQUOTE_CACHED_ANSWERS": "0", **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        ends = time.monotonic() + _START_SECONDS
        while request(port, "GET", "/readyz") != 200:
            if process.poll() is not None or time.monotonic() > ends:
                raise SystemExit("the server did not start; pullquote serve says why")
            time.sleep(_PAUSE)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def request(port: int, method: str, path: str, body: str | None = None) -> int:
    """Send one request on a connection of its own; returns its status, 0 when there was no
    answer."""
    return _send(port, method, path, body)[0]


def post(port: int, path: str, body: str) -> tuple[int, bytes]:
    """Post JSON on a connection of its own; returns the status, 0 when there was no answer within
    ten minutes, and the body of the response."""
    return _send(port, "POST", path, body, 600.0)


def _send(
    port: int, method: str, path: str, body: str | None, timeout: float = 120.0
) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, HTTPException):
        return 0, b""
    finally:
        connection.close()
