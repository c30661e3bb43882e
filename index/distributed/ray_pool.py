"""A pool of workers on Ray: actors that hold the encoder, on GPUs where the cluster has some.

Only plain actors are used: one that dies is replaced, and its tasks are given out again by
:class:`index.distributed.scheduler.Scheduler`. Ray itself repeats and reconstructs nothing.
"""

from __future__ import annotations

import logging
import os
import re
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from index.distributed.scheduler import Kind, Outcome, Task
from index.distributed.work import WorkerInfo, code_hash
from index.distributed.worker import EncoderMaker, Worker, open_encoder
from index.encode.base import EncoderId
from index.errors import ClusterError, PullquoteError, SettingsError
from index.settings import IndexSettings

__all__ = ["RayPool", "WorkerPlan", "connect", "import_ray", "last_line"]

# Tasks that a worker has at a time, so that it need not wait for the next one.
_DEPTH: Final = 2
# This machine's, of a cluster of its own: Ray replaces 127.0.0.1 by the address that others see.
_OWN_ADDRESS: Final = "127.0.0.2"
_OBJECT_BYTES: Final = 256 << 20
_CONNECT_SECONDS: Final = 10.0
_JOIN_SECONDS, _PAUSE_SECONDS = 120.0, 1.0
_START_SECONDS: Final = 600.0
_EXTRA = "Ray is not installed: run pip install -c constraints.txt -e '.[cluster]'"


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """How many workers encode on a GPU, how many on processors, and how many only load."""

    gpu: int
    cpu: int
    loading: int

    @classmethod
    def of(cls, resources: dict[str, float], workers: int | None = None) -> WorkerPlan:
        """Plan for a cluster's resources: a worker a GPU, with one that loads for each other
        processor; without a GPU a worker a processor. ``workers``: the most of either."""
        most = workers or 1_000
        gpus = min(int(resources.get("GPU", 0)), most)
        cpus = max(int(resources.get("CPU", 0)) - gpus, 0)
        if gpus:
            return cls(gpus, 0, min(cpus, most))
        return cls(0, max(1, min(cpus, most)), 0)


@dataclass(eq=False)
class _Member:
    """An actor; ``kinds``: what it does. It is given tasks once it has said what it is."""

    actor: Any
    kinds: frozenset[Kind]
    gpus: int
    greeting: Any
    info: WorkerInfo | None = None
    tasks: dict[Any, Task] = field(default_factory=dict)


def connect(address: str, patience: float = _JOIN_SECONDS) -> None:
    """Join the Ray cluster at ``address``; ``auto``: the one of this machine, or a new one on it.

    patience: seconds that a cluster which answers, and has not begun yet, is tried for again.

    Raises ``SettingsError`` without Ray, ``ClusterError`` when it cannot be joined.
    """
    ray = import_ray()
    options: dict[str, Any] = {
        "log_to_driver": False,
        "configure_logging": False,
        "logging_level": logging.ERROR,
    }
    if address == "auto" and not os.environ.get("RAY_ADDRESS") and not _runs_here():
        options |= {"address": "local", "include_dashboard": False}
        options |= {"_node_ip_address": _OWN_ADDRESS, "object_store_memory": _OBJECT_BYTES}
    else:
        address = os.environ.get("RAY_ADDRESS", address) if address == "auto" else address
        options["address"] = address
        if address != "auto":
            _knock(address)
    deadline = time.monotonic() + patience
    try:
        _join(ray, options, deadline)
    # SystemExit: what Ray ends with when a cluster does not answer.
    except (Exception, SystemExit) as exc:
        reason = last_line(exc.__cause__ or exc)
        raise ClusterError(f"the Ray cluster {address} cannot be joined: {reason}") from exc


def _join(ray: Any, options: dict[str, Any], deadline: float) -> None:
    """Join or begin a cluster. The port of one that begins answers before its node is there."""
    while True:
        try:
            ray.init(**options)
        except ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


class RayPool:
    """Workers of one ingest on the cluster that this process has joined (:func:`connect`).

    workers: the most of them; ``None`` for as many as there is room for.
    make: opens the encoder, on the worker's machine.
    """

    def __init__(
        self, settings: IndexSettings, workers: int | None, make: EncoderMaker = open_encoder
    ) -> None:
        self._ray = import_ray()
        self._settings = settings
        self._make = make
        self._code = code_hash()
        self._encoder: EncoderId | None = None
        self._plan = WorkerPlan.of(self._ray.cluster_resources(), workers)
        self._members: list[_Member] = []
        self._lost: list[Outcome] = []
        self._start()

    @property
    def width(self) -> int:
        return len(self._members)

    @property
    def encoder(self) -> EncoderId:
        deadline = time.monotonic() + _START_SECONDS
        while self._encoder is None:
            self._lost.extend(self.wait(1.0))
            if time.monotonic() > deadline:
                raise ClusterError(
                    f"no worker began within {_START_SECONDS:g} seconds; the cluster has "
                    f"{self._ray.available_resources()} to spare"
                )
        return self._encoder

    @property
    def nodes(self) -> set[str]:
        """The machines that workers are ready on."""
        return {member.info.node for member in self._members if member.info}

    def offer(self, task: Task) -> bool:
        ready = [member for member in self._members if member.info and task.kind in member.kinds]
        member = min(ready, key=lambda member: len(member.tasks), default=None)
        if member is None or len(member.tasks) >= _DEPTH:
            return False
        method = member.actor.load if task.kind == "load" else member.actor.encode
        try:
            member.tasks[method.remote(task.work)] = task
        except self._ray.exceptions.RayError:
            self._replace(member)
            return False
        return True

    def wait(self, seconds: float) -> list[Outcome]:
        owners = {reference: member for member in self._members for reference in member.tasks}
        owners |= {member.greeting: member for member in self._members if member.info is None}
        outcomes, self._lost = self._lost, []
        if outcomes or not owners:
            return outcomes
        references = list(owners)
        if self._ray.wait(references, num_returns=1, timeout=seconds)[0]:
            ready, _ = self._ray.wait(references, num_returns=len(references), timeout=0)
            for reference in ready:
                outcomes.extend(self._receive(owners[reference], reference))
        return outcomes

    def renew(self) -> None:
        for member in self._members:
            self._end(member)
        self._members, self._lost = [], []
        self._start()

    def close(self) -> None:
        for member in self._members:
            self._end(member)
        self._members = []

    def _start(self) -> None:
        plan, both = self._plan, frozenset[Kind](("load", "encode"))
        encoding = both if not plan.loading else frozenset[Kind](("encode",))
        self._members += [self._member(encoding, 1) for _ in range(plan.gpu)]
        self._members += [self._member(both, 0) for _ in range(plan.cpu)]
        self._members += [self._member(frozenset(("load",)), 0) for _ in range(plan.loading)]

    def _member(self, kinds: frozenset[Kind], gpus: int) -> _Member:
        actor_class = self._ray.remote(_ray_worker()).options(
            num_cpus=1,
            num_gpus=gpus,
            max_restarts=0,
            max_task_retries=0,
            scheduling_strategy="SPREAD",
        )
        actor = actor_class.remote(self._settings, "encode" in kinds, self._make)
        return _Member(actor, kinds, gpus, actor.describe.remote())

    def _receive(self, member: _Member, reference: Any) -> list[Outcome]:
        """Take what a call brought; a worker that is lost is replaced."""
        if member not in self._members:
            return []  # Replaced since.
        errors = self._ray.exceptions
        try:
            value = self._ray.get(reference, timeout=_CONNECT_SECONDS)
        except errors.RayTaskError as exc:
            raise _task_error(exc, member) from exc
        except (errors.RayError, OSError) as exc:
            if member.info is None and "ModuleNotFoundError" in str(exc):
                raise ClusterError(
                    f"a machine of the cluster cannot run workers: {last_line(exc)}; install this "
                    "version of Pullquote on every machine"
                ) from exc
            if isinstance(cause := getattr(exc, "cause", None), PullquoteError):
                raise cause from exc
            if known := re.search(r"index\.errors\.(\w+Error): (.*)", str(exc)):
                raise ClusterError(f"a worker could not begin: {known[2]}") from exc
            return self._replace(member, last_line(exc))
        if member.info is None:
            self._greet(member, value)
            return []
        return [Outcome(member.tasks.pop(reference), value)]

    def _greet(self, member: _Member, info: WorkerInfo) -> None:
        if info.code != self._code:
            raise ClusterError(
                f"the machine {info.node} has another version of Pullquote than this one; install "
                "the same on every machine"
            )
        if info.encoder and self._encoder and info.encoder != self._encoder:
            raise ClusterError(
                f"the machine {info.node} has other weights of {info.encoder.name} "
                f"({info.encoder.weights[:12]}, not {self._encoder.weights[:12]})"
            )
        self._encoder = self._encoder or info.encoder
        member.info = info

    def _replace(self, member: _Member, problem: str = "its worker is gone") -> list[Outcome]:
        self._end(member)
        place = self._members.index(member)
        self._members[place] = self._member(member.kinds, member.gpus)
        return [Outcome(task, problem=problem) for task in member.tasks.values()]

    def _end(self, member: _Member) -> None:
        with suppress(Exception):
            self._ray.kill(member.actor, no_restart=True)


def _ray_worker() -> type:
    ray = import_ray()

    class RayWorker(Worker):
        """A worker that knows the address of its node."""

        def describe(self, node: str = "") -> WorkerInfo:
            return super().describe(node or ray.util.get_node_ip_address())

    return RayWorker


def import_ray() -> Any:
    """Import Ray without its telemetry, with the token where there is one. ``SettingsError`` when
    it is not installed."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    # Clusters ask for a token where there is one; Ray offers it to those alone that it begins.
    token_file = Path(os.environ.get("RAY_AUTH_TOKEN_PATH", Path.home() / ".ray" / "auth_token"))
    if os.environ.get("RAY_AUTH_TOKEN") or token_file.exists():
        os.environ.setdefault("RAY_AUTH_MODE", "token")
    try:
        import ray
    except ImportError as exc:
        raise SettingsError(_EXTRA) from exc
    return ray


def _runs_here() -> bool:
    """Whether a cluster was started on this machine (``ray start``)."""
    from ray._private.utils import read_ray_address

    address = read_ray_address()
    if not address:
        return False
    try:
        _knock(address)
    except ClusterError:
        return False
    return True


def _knock(address: str) -> None:
    """Raise ``ClusterError`` when nobody listens at an address: Ray itself tries for minutes."""
    match = re.fullmatch(r"(?:ray://)?([^:/\s]+):(\d+)", address)
    if not match:
        raise ClusterError(f"{address} is no address of a Ray cluster: say HOST:PORT or auto")
    try:
        socket.create_connection((match[1], int(match[2])), _CONNECT_SECONDS).close()
    except (OSError, OverflowError) as exc:
        raise ClusterError(f"no Ray cluster at {address}: {last_line(exc)}") from exc


def _task_error(error: Any, member: _Member) -> PullquoteError:
    if isinstance(cause := error.cause, PullquoteError):
        return cause
    node = member.info.node if member.info else "a machine that did not begin"
    return ClusterError(f"a worker on {node} failed: {last_line(error.cause or error)}")


def last_line(error: BaseException) -> str:
    """Return the last line of a message that is more than a place in the code."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__)[:300]
