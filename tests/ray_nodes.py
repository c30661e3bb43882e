"""Nodes of a Ray cluster on this machine's loopback, each of which can be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

__all__ = ["Node", "descendants", "end_all"]

_AGENT_PORTS = (
    "metrics-export-port",
    "runtime-env-agent-port",
    "dashboard-agent-grpc-port",
    "dashboard-agent-listen-port",
)
_ROOT = Path(__file__).parents[1]


class Node:
    """A node at ``host`` with processor slots, the head of a cluster or joined to ``head``."""

    def __init__(self, host: str, cpus: int, folder: Path, head: str = "") -> None:
        self.host = host
        port, *agent_ports = _free_ports(host, 1 + len(_AGENT_PORTS))
        self.address = head or f"{host}:{port}"
        where = [f"--address={head}"] if head else ["--head", f"--port={port}"]
        if not head:
            where += [f"--temp-dir={folder}", "--include-dashboard=false"]
        environment = os.environ | {"RAY_USAGE_STATS_ENABLED": "0"}
        environment["PYTHONPATH"] = os.pathsep.join(
            filter(None, (str(_ROOT), os.environ.get("PYTHONPATH")))
        )
        # Ray's own choice is 15, which on a machine with other work is next to nothing.
        environment["RAY_worker_niceness"] = "0"
        command = [sys.executable, "-m", "ray.scripts.scripts", "start", *where, "--block"]
        options = ["--object-store-memory=100000000", "--disable-usage-stats"]
        # Most of what a node would wait for its agents to choose.
        options += [
            f"--{name}={port}" for name, port in zip(_AGENT_PORTS, agent_ports, strict=True)
        ]
        self._output = tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            [*command, f"--node-ip-address={host}", f"--num-cpus={cpus}", *options],
            cwd=_ROOT,
            env=environment,
            stdout=self._output,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """End all processes of the node with -9."""
        end_all(self.process.pid)
        self.process.wait()
        self._output.close()

    def await_start(self, seconds: float = 300.0) -> bool:
        """Wait until the node says that it runs; false when it ended, or took too long."""
        deadline = time.monotonic() + seconds
        while b"runtime started" not in os.pread(self._output.fileno(), 1 << 16, 0):
            if self.process.poll() is not None or time.monotonic() > deadline:
                return False
            time.sleep(0.5)
        return True

    @classmethod
    def start(cls, host: str, cpus: int, folder: Path, head: str = "", tries: int = 6) -> Self:
        """Begin a node, again where it ends itself: as it does on a busy machine when its agents
        have not chosen ports within 15 seconds, which is not to be set (Ray's issue 65983).

        Raises ``TimeoutError`` when it does not begin.
        """
        for _ in range(tries):
            node = cls(host, cpus, folder, head)
            if node.await_start():
                return node
            node.kill()
        raise TimeoutError(f"no Ray node began at {host}, {tries} times")


def end_all(pid: int) -> None:
    """End a process and all below it with -9."""
    for process_id in [*descendants(pid), pid]:
        with suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGKILL)


def _free_ports(host: str, count: int) -> list[int]:
    servers = [socket.create_server((host, 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in servers]
    for server in servers:
        server.close()
    return ports


def descendants(pid: int) -> list[int]:
    """The processes below one, those furthest down last."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
                parents.setdefault(int(stat[1]), []).append(int(entry.name))
    children = parents.get(pid, [])
    return [*children, *(below for child in children for below in descendants(child))]
