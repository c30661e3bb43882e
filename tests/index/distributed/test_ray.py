"""Ingest on a Ray cluster of two nodes: one dies at work, a run is stopped, nothing is lost."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.distributed import ray_pool
from index.distributed.ingest import add_files
from index.distributed.ray_pool import RayPool, connect, import_ray
from index.distributed.work import ShardResult
from index.encode.base import PassageEncoder
from index.errors import ClusterError, ModelError, SettingsError
from index.ingest.batch import AddReport
from index.library import Library
from index.load import load_paths
from index.settings import IndexSettings
from tests.fakes import FakeEncoder, FakeModels
from tests.index.distributed.corpus import assert_same, write_files
from tests.ray_nodes import Node

SETTINGS = IndexSettings(batch_articles=8)


def make_fake(name: str) -> PassageEncoder:
    return FakeEncoder(name)


def make_none(name: str) -> PassageEncoder:
    raise ModelError(f"there is no model {name} on this machine")


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(SettingsError, match="cluster"):
        connect("auto")


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("127.0.0.1:1", "no Ray cluster at 127.0.0.1:1"),
        ("ray://127.0.0.1:1", "no Ray cluster at ray://127.0.0.1:1"),
        ("nowhere", "say HOST:PORT"),
    ],
)
@pytest.mark.cluster
def test_an_address_that_nobody_answers_at_is_named(address: str, message: str) -> None:
    with pytest.raises(ClusterError, match=message):
        connect(address)


class BeginningRay:
    """A cluster that cannot be joined the first so many times."""

    def __init__(self, failures: int) -> None:
        self.failures = failures

    def init(self, **options: object) -> None:
        self.failures -= 1
        if self.failures >= 0:
            raise ConnectionError("Failed to connect") from RuntimeError("no node has begun")


def test_a_cluster_that_has_not_begun_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = BeginningRay(2)
    monkeypatch.setattr(ray_pool, "import_ray", lambda: ray)
    monkeypatch.setattr(ray_pool, "_PAUSE_SECONDS", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        connect(address)
        assert ray.failures == -1
        ray.failures = 2
        with pytest.raises(ClusterError, match="cannot be joined: no node has begun"):
            connect(address, patience=-1.0)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_files(tmp_path_factory.mktemp("corpus") / "files", 240)


@pytest.fixture(scope="module")
def plain(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("plain")
    library = Library.open(folder, SETTINGS, FakeModels(), create=True)
    library.add(load_paths(files, SETTINGS.max_article_chars))
    yield library
    library.close()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library.open(tmp_path / "library", SETTINGS, FakeModels(), create=True)
    yield library
    library.close()


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Node]]:
    """Two nodes with a slot to spare on each, and this process as a driver on the first."""
    ray = import_ray()
    # Sockets lie there, whose names have to be short.
    folder = Path("/tmp") / f"ray-{tmp_path_factory.getbasetemp().name}-{time.time_ns() % 10**6}"
    head = Node.start("127.0.0.2", 2, folder)
    nodes = [head]
    try:
        nodes.append(Node.start("127.0.0.3", 2, folder, head.address))
        connect(head.address)
        deadline = time.monotonic() + 300
        while ray.cluster_resources().get("CPU", 0) < 4:
            assert time.monotonic() < deadline
            time.sleep(1)
        yield nodes
        ray.shutdown()
    finally:
        for node in reversed(nodes):
            node.kill()


def await_nodes(pool: RayPool, count: int) -> None:
    """Wait until workers are ready on so many nodes."""
    deadline = time.monotonic() + 300
    while len(pool.nodes) < count:
        assert time.monotonic() < deadline
        assert pool.wait(1.0) == []


@pytest.mark.cluster
def test_workers_without_the_model_are_named(nodes: list[Node]) -> None:
    pool = RayPool(SETTINGS, 1, make_none)
    with pytest.raises((ClusterError, ModelError), match="there is no model"):
        assert pool.encoder
    pool.close()


@pytest.mark.cluster
def test_a_stopped_run_goes_on(
    nodes: list[Node], library: Library, plain: Library, files: list[Path]
) -> None:
    pool = RayPool(SETTINGS, 2, make_fake)

    def stop(result: ShardResult) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add_files(library, files, pool, AddReport(), on_shard=stop)
    pool.close()
    articles = library.status()["articles"]
    pool = RayPool(SETTINGS, 2, make_fake)
    report = add_files(library, files, pool, AddReport())
    pool.close()
    assert 0 < articles < library.status()["articles"] == articles + len(report.added)
    assert_same(library, plain)


@pytest.mark.cluster
def test_a_node_that_is_killed_at_work_costs_nothing(
    nodes: list[Node], library: Library, plain: Library, files: list[Path]
) -> None:
    pool = RayPool(SETTINGS, 2, make_fake)
    await_nodes(pool, 2)
    of_node: list[str] = []

    def kill(result: ShardResult) -> None:
        of_node.append(result.node)
        if result.node == nodes[1].host and nodes[1].process.poll() is None:
            nodes[1].kill()

    report = add_files(library, files, pool, AddReport(), on_shard=kill)
    pool.close()
    assert nodes[1].process.poll() is not None
    assert of_node[-1] == nodes[0].host
    assert len(report.added) == library.status()["articles"]
    assert_same(library, plain)
