"""Run replicas of the models on a cluster, with Ray Serve.

Serve starts a replica for each processor that questions keep busy, up to the most, replaces those
that die, and hands calls to one that has room. Its own servers for HTTP and gRPC are never begun.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from api.replicas.calls import Calls
from api.replicas.models import EncoderReplica, ReaderReplica, Reply
from api.replicas.plan import Place, Plan, Scale
from index.distributed.ray_pool import connect, import_ray, last_line
from index.errors import ClusterError, SettingsError
from rag.settings import Settings

__all__ = ["Replicas", "deploy", "find_replicas", "import_serve", "join"]

# Calls that a replica of the reader has at a time: one at work, and the next one at hand.
_READINGS: Final = 2
_BATCH_SECONDS: Final = 0.002
_START_SECONDS, _PAUSE_SECONDS = 300.0, 0.5
_EXTRA: Final = "Ray Serve is not installed: run pip install -c constraints.txt -e '.[serve]'"


@dataclass(frozen=True, slots=True)
class Replicas:
    """Calls to the replicas at a place."""

    encoder: Calls
    reader: Calls


def join(place: Place) -> None:
    """Join the cluster of a place, unless this process has.

    Raises ``SettingsError`` without Ray Serve, ``ClusterError`` when it cannot be joined.
    """
    import_serve()
    if not import_ray().is_initialized():
        connect(place.address)


def find_replicas(settings: Settings) -> Replicas:
    """Find the replicas that run at the place of the settings.

    Raises ``SettingsError`` without Ray Serve, ``ClusterError`` when the cluster cannot be joined
    or has no such replicas.
    """
    place, serve = Place.of(settings.ray), import_serve()
    key = Plan.of(settings, None).key
    join(place)

    def calls(name: str) -> Calls:
        handle = serve.get_app_handle(f"{place.name}-{name}")
        return Calls(handle, key, settings.request_timeout)

    try:
        return Replicas(calls("encoder"), calls("reader"))
    except serve.exceptions.RayServeException as exc:
        raise ClusterError(f"there are no replicas at {place}: {last_line(exc)}") from exc


def deploy(settings: Settings, plan: Plan) -> Place:
    """Have replicas run at the place of the settings, and return it, with the cluster's own address
    for ``auto``. Those that run as planned are kept; others are replaced one after another.

    Raises ``SettingsError`` without Ray Serve, ``ClusterError`` when the cluster cannot be joined
    or no replica begins on it within five minutes.
    """
    place, scale = Place.of(settings.ray), Scale.of(settings)
    serve = import_serve()
    join(place)
    ray = import_ray()
    place = Place(ray.get_runtime_context().gcs_address, place.name)
    if _runs(serve, place, plan, scale):
        return place
    gpus = ray.cluster_resources().get("GPU", 0.0)
    applications = {
        f"{place.name}-{name}": application
        for name, application in _applications(serve, plan, scale, gpus).items()
    }
    try:
        serve.start(proxy_location="Disabled")
        serve.run_many(
            [
                serve.RunTarget(application, name=name, route_prefix=None)
                for name, application in applications.items()
            ],
            # Ray Serve would wait for ever where the cluster has no room.
            wait_for_applications_running=False,
        )
        _await_start(serve, [*applications])
    except TimeoutError as exc:
        raise ClusterError(
            f"no replicas began at {place} within {_START_SECONDS:g} seconds; they take "
            f"{2 * scale.least * plan.threads} processors, and the cluster has "
            f"{ray.available_resources().get('CPU', 0):g} of "
            f"{ray.cluster_resources().get('CPU', 0):g} to spare"
        ) from exc
    # What comes of a cluster that ends depends on where.
    except Exception as exc:
        raise ClusterError(
            f"no replicas begin at {place}: {_reason(serve, [*applications], exc)}"
        ) from exc
    return place


def import_serve() -> Any:
    """Import Ray Serve. ``SettingsError`` when it is not installed."""
    import_ray()
    try:
        with warnings.catch_warnings():
            # Its own settings are of an earlier pydantic's kind.
            warnings.simplefilter("ignore")
            from ray import serve
    # Ray has the module without what it needs.
    except ImportError as exc:
        raise SettingsError(_EXTRA) from exc
    logging.getLogger("ray.serve").setLevel(logging.WARNING)
    return serve


def _await_start(serve: Any, names: Sequence[str]) -> None:
    """Wait until these applications run.

    Raises ``RuntimeError`` when one failed, ``TimeoutError`` when they do not run in time.
    """
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        status = serve.status()
        applications = [status.applications[name] for name in names]
        if all(application.status == "RUNNING" for application in applications):
            return
        for application in applications:
            if application.status == "DEPLOY_FAILED":
                raise RuntimeError(application.message)
        time.sleep(_PAUSE_SECONDS)
    raise TimeoutError


def _runs(serve: Any, place: Place, plan: Plan, scale: Scale) -> bool:
    """Whether replicas of this plan run, that any server began."""
    applications = serve.status().applications
    names = [f"{place.name}-encoder", f"{place.name}-reader"]
    if any(name not in applications or applications[name].status != "RUNNING" for name in names):
        return False
    try:
        handles = [serve.get_app_handle(name) for name in names]
        descriptions = [handle.describe.remote().result(timeout_s=30) for handle in handles]
    # Of sources that cannot be understood any more, or gone meanwhile.
    except Exception:
        return False
    return all(description[:2] == (plan, scale) for description in descriptions)


def _applications(serve: Any, plan: Plan, scale: Scale, gpus: float) -> dict[str, Any]:
    """The deployments by name. gpus: how many the cluster has; only readers are given them."""

    class Encoder(EncoderReplica):
        @serve.batch(max_batch_size=scale.batch, batch_wait_timeout_s=_BATCH_SECONDS)  # type: ignore[untyped-decorator]
        async def encode_query(self, texts: list[str]) -> list[Reply]:
            return await asyncio.to_thread(self.encode_queries, texts)

    def application(replica: type, name: str, calls: int, gpu: float = 0.0) -> Any:
        deployment = serve.deployment(replica).options(
            name=name,
            max_ongoing_requests=calls,
            autoscaling_config={
                "min_replicas": scale.least,
                "max_replicas": scale.most,
                "target_ongoing_requests": calls / 2,
            },
            ray_actor_options={"num_cpus": plan.threads, "num_gpus": gpu},
        )
        return deployment.bind(plan, scale)

    return {
        "encoder": application(Encoder, "Encoder", 2 * scale.batch),
        "reader": application(ReaderReplica, "Reader", _READINGS, scale.gpu_share(gpus)),
    }


def _reason(serve: Any, names: Sequence[str], error: BaseException) -> str:
    """Return what a replica of these applications said that could not begin, which Ray Serve notes,
    or else what Ray Serve itself says in ``error``."""
    messages = [str(error)]
    with suppress(Exception):
        applications = serve.status().applications
        for name in names:
            messages += [part.message for part in applications[name].deployments.values()]
    for message in messages:
        if known := re.search(r"index\.errors\.\w+Error: (.*)", message):
            return known[1].strip()
    return last_line(error)
