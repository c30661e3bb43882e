"""Models in replicas: calls that are lost are made again, and answers are as without replicas."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from api.replicas import deployment
from api.replicas.calls import Calls
from api.replicas.models import EncoderReplica, ReaderReplica, Reply
from api.replicas.plan import Place, Plan, Scale
from api.replicas.remote import RemoteEncoder, RemoteModels, RemoteReader
from index.distributed.ray_pool import import_ray
from index.encode.base import EncoderId
from index.encode.onnx import OnnxEncoder
from index.errors import ClusterError, LoadError, ModelError, ModelMismatch, SettingsError
from index.filters import Filters
from rag import Pullquote, Settings
from tests.api.http.test_serve import served
from tests.fakes import FakeEncoder, FakeModels
from tests.ray_nodes import Node, descendants

# Which way of proving who one is Ray takes is settled when it is imported, here for all tests.
RAY_ERRORS = import_ray().exceptions
SCALE = Scale(1, 2, 4)
QUESTIONS = [
    "How much will Alibaba invest in AI infrastructure?",
    "Who is the president of Baidu’s AI cloud division?",
    "What is the capital of Australia?",
]


class FakeResponse:
    def __init__(self, outcome: Callable[[], object]) -> None:
        self.outcome = outcome
        self.is_cancelled = False

    def result(self, timeout_s: float) -> object:
        return self.outcome()

    def cancel(self) -> None:
        self.is_cancelled = True


class FakeMethod:
    def __init__(self, handle: FakeHandle, name: str) -> None:
        self.handle = handle
        self.name = name

    def remote(self, *arguments: object) -> FakeResponse:
        self.handle.asked += 1
        number = self.handle.asked

        def outcome() -> object:
            if number <= len(self.handle.faults):
                raise self.handle.faults[number - 1]
            return getattr(self.handle.replica, self.name)(*arguments)

        return FakeResponse(outcome)


class FakeHandle:
    """A handle whose first calls end with ``faults``; ``replica`` answers the others."""

    def __init__(self, replica: object, *faults: Exception) -> None:
        self.replica = replica
        self.faults = faults
        self.asked = 0

    def __getattr__(self, name: str) -> FakeMethod:
        return FakeMethod(self, name)


class Echo:
    def __init__(self, key: str = "k", weights: str = "w1") -> None:
        self.key = key
        self.weights = weights

    def describe(self) -> tuple[None, None, EncoderId]:
        return None, None, replace(FakeEncoder().id, weights="w1")

    def encode_query(self, text: str) -> Reply:
        return Reply(self.key, self.weights, text)


def lost() -> Exception:
    error: Exception = RAY_ERRORS.ActorDiedError()
    return error


def failed(cause: Exception) -> Exception:
    error: Exception = RAY_ERRORS.RayTaskError("read", "traceback", cause)
    return error


def test_a_call_is_made_again_when_its_replica_dies() -> None:
    handle = FakeHandle(Echo(), lost(), lost())
    assert Calls(handle, "k", 5).ask("encode_query", "a").value == "a"
    assert handle.asked == 3


@pytest.mark.parametrize(
    ("fault", "kind", "message"),
    [
        ([lost()] * 4, ClusterError, "lost, 4 times in a row"),
        ([TimeoutError()], ClusterError, "no replica answered within 5 seconds"),
        ([lost(), TimeoutError()], ClusterError, "one was lost .ActorDiedError"),
        ([failed(ModelError("no weights"))], ModelError, "no weights"),
        ([failed(LoadError("a", "b"))], LoadError, "b"),
        ([failed(KeyError("x"))], ClusterError, "a replica failed: KeyError"),
    ],
)
def test_what_no_replica_answers_is_told(
    fault: list[Exception], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        Calls(FakeHandle(Echo(), *fault), "k", 5).ask("encode_query", "a")


def test_replies_of_other_replicas_than_planned_are_refused() -> None:
    with pytest.raises(ClusterError, match="another version"):
        Calls(FakeHandle(Echo("other")), "k", 5).ask("encode_query", "a")
    encoder = RemoteEncoder(Calls(FakeHandle(Echo(weights="w2")), "k", 5))
    with pytest.raises(ModelMismatch, match=r"w2.*w1"):
        encoder.encode_query("a")
    models = RemoteModels(FakeModels(), Calls(FakeHandle(Echo()), "k", 5))
    assert models.query_encoder("m", FakeEncoder().id).encode_query("a") == "a"
    with pytest.raises(ModelMismatch):
        models.query_encoder("m", FakeEncoder(weights="w3").id)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("auto", Place("auto")),
        ("10.0.0.5:6379", Place("10.0.0.5:6379")),
        ("10.0.0.5:6379/city", Place("10.0.0.5:6379", "city")),
    ],
)
def test_a_place_is_read_as_it_is_written(text: str, place: Place) -> None:
    assert Place.of(text) == place
    assert Place.of(str(place)) == place


@pytest.mark.parametrize("text", ["10.0.0.5", "auto/a b", "/city"])
def test_another_place_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="HOST:PORT"):
        Place.of(text)


def test_a_range_of_replicas_has_to_be_one() -> None:
    with pytest.raises(ValueError, match="min_replicas 5 exceeds max_replicas 4"):
        Settings(min_replicas=5)


@pytest.mark.parametrize(("gpus", "share"), [(0, 0), (1, 0.3333), (2, 0.6666), (3, 1), (8, 1)])
def test_readers_share_the_gpus_of_a_cluster(gpus: float, share: float) -> None:
    assert Scale(1, 3, 8).gpu_share(gpus) == share


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray.serve", None)
    with pytest.raises(SettingsError, match=r"\[serve\]"):
        deployment.deploy(Settings(ray="127.0.0.1:1"), Plan.of(Settings(), None))


def test_why_a_replica_cannot_begin_is_told() -> None:
    trace = "Traceback ...\nindex.errors.ClusterError: this machine has another version\n"
    applications = {"encoder": SimpleNamespace(deployments={"E": SimpleNamespace(message=trace)})}
    serve = SimpleNamespace(status=lambda: SimpleNamespace(applications=applications))
    error = RuntimeError("Deploying application encoder failed: Failed to update.")
    assert deployment._reason(serve, ["encoder"], error) == "this machine has another version"
    assert deployment._reason(serve, ["another"], error) == str(error)


def test_replicas_are_waited_for_until_they_run_or_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployment, "_PAUSE_SECONDS", 0.0)
    states = iter(["DEPLOYING", "RUNNING", "DEPLOYING", "DEPLOY_FAILED"])

    def status() -> SimpleNamespace:
        application = SimpleNamespace(status=next(states), message="no such file")
        return SimpleNamespace(applications={"reader": application})

    serve = SimpleNamespace(status=status)
    deployment._await_start(serve, ["reader"])
    with pytest.raises(RuntimeError, match="no such file"):
        deployment._await_start(serve, ["reader"])
    monkeypatch.setattr(deployment, "_START_SECONDS", 0.0)
    with pytest.raises(TimeoutError):
        deployment._await_start(serve, ["reader"])


def test_replicas_do_what_the_models_do(home: Path) -> None:
    with Pullquote.open(settings=Settings(home=home, threads=1)) as pullquote:
        encoder = pullquote.library.query_encoder()
        assert isinstance(encoder, OnnxEncoder)
        plan = Plan.of(pullquote.settings, encoder.id)
        encoders = EncoderReplica(plan, SCALE)
        assert encoders.describe() == (plan, SCALE, encoder.id)
        for question, reply in zip(QUESTIONS, encoders.encode_queries(QUESTIONS), strict=True):
            assert abs(reply.value - encoder.encode_query(question)).max() < 1e-6
        (tokens,) = encoders.encode_tokens(["One word."]).value
        assert (tokens.vectors == encoder.encode_tokens(["One word."])[0].vectors).all()
        remote = RemoteReader(Calls(FakeHandle(ReaderReplica(plan, SCALE)), plan.key, 5))
        with pullquote.library.view() as view:
            keys, _ = view.dense(encoder.encode_query(QUESTIONS[0]), 4, view.select(Filters()))
            passages = [hit for hit in view.passages(keys.tolist()) if hit]
            reading = pullquote.reader.read(QUESTIONS[0], passages)
            assert len(remote.scores(QUESTIONS[0], passages)) == len(passages)
        articles = [hit.article for hit in passages]
        read = remote.read(QUESTIONS[0], passages)
        assert read == reading
        assert any(read.evidence[0].article is article for article in articles)
    with pytest.raises(ClusterError, match="another version"):
        ReaderReplica(replace(plan, code="other"), SCALE)


@pytest.mark.cluster
def test_answers_go_on_while_a_replica_is_killed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Pullquote.open(settings=Settings(home=home)) as pullquote:
        expected = [pullquote.ask(question) for question in QUESTIONS]
    folder = Path("/tmp") / f"ray-{time.time_ns() % 10**9}"
    node = Node.start("127.0.0.2", 4, folder)
    for name, value in {
        "MIN_REPLICAS": "2",
        "MAX_REPLICAS": "2",
        "REQUEST_TIMEOUT": "300",
        # Each is asked again.
        "CACHED_ANSWERS": "0",
    }.items():
        monkeypatch.setenv(f"PULLQUOTE_{name}", value)
    try:
        with (
            served(home, 1, "--ray", node.address) as (address, _),
            httpx.Client(base_url=address, timeout=300) as client,
            ThreadPoolExecutor(3) as pool,
        ):
            first = [client.post("/ask", json={"question": each}) for each in QUESTIONS]
            readers = replicas(node, "Reader")
            assert len(readers) == 2
            asked = [
                pool.submit(client.post, "/ask", json={"question": each})
                for _ in range(4)
                for each in QUESTIONS
            ]
            while not any(each.done() for each in asked):
                time.sleep(0.05)
            os.kill(readers[0], signal.SIGKILL)
            again = [each.result() for each in asked]
            for number, response in enumerate([*first, *again]):
                assert response.is_success, response.text
                answer, want = response.json(), expected[number % len(QUESTIONS)]
                assert answer["answer"] == want.answer
                assert answer["confidence"] == pytest.approx(want.confidence, abs=1e-3)
            deadline = time.monotonic() + 120
            while len(set(replicas(node, "Reader")) - {readers[0]}) < 2:
                assert time.monotonic() < deadline
                time.sleep(0.5)
    finally:
        node.kill()


def replicas(node: Node, name: str) -> list[int]:
    """The processes of a node that hold replicas of this name."""
    return [pid for pid in descendants(node.process.pid) if f":{name}".encode() in command_of(pid)]


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
