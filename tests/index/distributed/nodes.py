"""Nodes of a Ray cluster on this machine's loopback, each of which can be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["Node"]

ROOT = Path(__file__).parents[3]


class Node:
    """A node at ``host`` with processor slots, the head of a cluster or joined to ``head``."""

    def __init__(self, host: str, cpus: int, folder: Path, head: str = "") -> None:
        self.host = host
        with socket.create_server((host, 0)) as free:
            port = free.getsockname()[1]
        self.address = head or f"{host}:{port}"
        where = [f"--address={head}"] if head else ["--head", f"--port={port}"]
        if not head:
            where += [f"--temp-dir={folder}", "--include-dashboard=false"]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0"}
        command = [sys.executable, "-m", "ray.scripts.scripts", "start", *where, "--block"]
        options = ("--object-store-memory=100000000", "--disable-usage-stats")
        self.process = subprocess.Popen(
            [*command, f"--node-ip-address={host}", f"--num-cpus={cpus}", *options],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """End all processes of the node with -9."""
        for pid in [*_descendants(self.process.pid), self.process.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


def _descendants(pid: int) -> list[int]:
    """The processes below one, those furthest down last."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
                parents.setdefault(int(stat[1]), []).append(int(entry.name))
    children = parents.get(pid, [])
    return [*children, *(below for child in children for below in _descendants(child))]
