from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from index.publication.place import FolderPlace
from rag import Pullquote, Settings
from tests.homes import with_models
from tests.stores import publish_library

ASKED = {"question": "How much will Alibaba invest in AI infrastructure?"}


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    """A copy of the built-in articles and the model, to be written to."""
    return Path(shutil.copytree(home, tmp_path / "home", symlinks=True))


@contextmanager
def served(
    home: Path, workers: int, *more: str, within: Sequence[str] = ()
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """``pullquote serve`` in a process of its own, with ``more`` options, and where it listens.
    ``within``: the command that runs it."""
    environment = {**os.environ, "PULLQUOTE_HOME": str(home), "HF_HUB_OFFLINE": "1"}
    command = [*within, sys.executable, "-m", "api.cli", "serve", "--port", "0"]
    command += ["--workers", str(workers), *more]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield _address(process, workers), process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)


def _address(process: subprocess.Popen[str], workers: int) -> str:
    # One process says that it is about to listen, and then where. The parent of several names the
    # address first; then each of them says that it is about to.
    assert process.stderr
    address = ""
    for line in process.stderr:
        found = re.search(r"running on (http://[\w.:]+)", line)
        address = found[1] if found else address
        workers -= "startup complete" in line
        if address and not workers:
            return address
    raise AssertionError("it does not listen")


def stopped_processes(log: str) -> set[int]:
    """The processes that say that they stopped, in a log of a server."""
    return {each["process"] for each in records(log) if each["message"].startswith("stopped")}


def records(log: str) -> list[Any]:
    return [json.loads(line) for line in log.splitlines() if line.startswith("{")]


def test_two_workers_share_what_one_of_them_writes_and_end_with_their_parent(
    own_home: Path,
) -> None:
    # A connection for each request: either worker may take it.
    transport = httpx.HTTPTransport(retries=5, limits=httpx.Limits(max_keepalive_connections=0))
    with (
        served(own_home, 2) as (address, process),
        httpx.Client(base_url=address, timeout=60, transport=transport) as client,
    ):
        answers = [client.post("/ask", json=ASKED).json() for _ in range(6)]
        assert all("380 billion" in each["answer"] for each in answers)
        removed = answers[0]["citations"][0]["document_id"]
        assert client.delete(f"/articles/{removed}").status_code == 204
        found = [client.post("/search", json=ASKED).json()["search_results"] for _ in range(12)]
        assert removed not in {each["document_id"] for results in found for each in results}
        generations = {client.get("/version").json()["index_generation"] for _ in range(12)}
        assert generations == {answers[0]["index_generation"] + 1}
        counted = client.get("/metrics").text
        assert 'pullquote_requests_total{method="POST",route="/ask",status="200"} 6.0' in counted
        assert len(list((own_home / "metrics").glob("*.lock"))) == 1
        process.send_signal(signal.SIGKILL)
        # Workers have the error output too: it ends with the last of them.
        assert process.stderr
        log = process.stderr.read()
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{address}/healthz")
    assert len(stopped_processes(log)) == 2
    requests = [each for each in records(log) if each["logger"] == "pullquote.request"]
    assert requests
    assert all(each["request_id"] for each in requests)
    with served(own_home, 2) as (_, process):
        # What was left of the counters went when this server started.
        assert len(list((own_home / "metrics").glob("*.lock"))) == 1
        process.send_signal(signal.SIGINT)
        _, log = process.communicate(timeout=60)
    assert len(stopped_processes(log)) == 2


@pytest.mark.cluster
def test_servers_that_follow_a_publication_answer_alike(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = FolderPlace(tmp_path / "shared")
    publish_library(own_home / "library", place)
    monkeypatch.setenv("PULLQUOTE_FOLLOW", str(tmp_path / "shared"))
    monkeypatch.setenv("PULLQUOTE_FOLLOW_INTERVAL", "0.2")
    with (
        served(with_models(tmp_path / "one"), 1) as (one, _),
        served(with_models(tmp_path / "two"), 1) as (two, _),
        httpx.Client(timeout=120) as client,
    ):
        answers = [client.post(f"{each}/ask", json=ASKED).json() for each in (one, two)]
        assert "380 billion" in answers[0]["answer"]
        assert answers[0]["citations"] == answers[1]["citations"]
        removed = answers[0]["citations"][0]["document_id"]
        with Pullquote.open(settings=Settings(home=own_home)) as pullquote:
            pullquote.remove([removed])
        publish_library(own_home / "library", place)
        generation = answers[0]["index_generation"] + 1
        for each in (one, two):
            deadline = time.monotonic() + 60
            while client.get(f"{each}/version").json()["index_generation"] < generation:
                assert time.monotonic() < deadline
            again = client.post(f"{each}/ask", json=ASKED).json()
            assert removed not in {result["document_id"] for result in again["search_results"]}


# What the compose file asks for: a file system that is read-only but for the volume and a folder in
# memory for temporary files, no capabilities, and no home. The models, which the tests share, are
# part of the volume.
AS_IN_A_CONTAINER = """
models=$(readlink -f "$1/models")
mount --bind "$1" "$1"
mount --bind "$models" "$models"
mount -t tmpfs tmpfs "$2"
mount -o remount,bind,ro /
for place in /tmp /dev/shm; do
  if mountpoint --quiet "$place"; then mount -o remount,bind,ro "$place"; fi
done
export TMPDIR="$2" PYTHONDONTWRITEBYTECODE=1
unset HOME
shift 2
exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
"""


def test_it_serves_where_it_may_write_to_its_volume_alone(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first answer makes the networks, where no other test did.
    monkeypatch.setenv("PULLQUOTE_REQUEST_TIMEOUT", "300")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    within = ["unshare", "--map-root-user", "--mount", "sh", "-euc", AS_IN_A_CONTAINER, "sh"]
    within += [str(own_home), str(temporary)]
    probe = [*within, "touch", str(tmp_path / "written")]
    refusal = subprocess.run(probe, capture_output=True, text=True, check=False)
    if "Read-only file system" not in refusal.stderr:
        pytest.skip(f"no file system can be made read-only here: {refusal.stderr.strip()}")
    with (
        served(own_home, 1, within=within) as (address, process),
        httpx.Client(base_url=address, timeout=300) as client,
    ):
        answer = client.post("/ask", json=ASKED)
        assert answer.is_success, answer.text
        assert "380 billion" in answer.json()["answer"]
        name = answer.json()["citations"][0]["document_id"]
        assert client.delete(f"/articles/{name}").status_code == 204
        process.send_signal(signal.SIGINT)
        _, log = process.communicate(timeout=60)
    assert "Read-only" not in log
    assert process.returncode == 0


def test_two_libraries_in_one_server(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Path(shutil.copytree(own_home / "library", own_home / "other library"))
    entries = (f"news={own_home / 'library'}", f"old-news={other}")

    def ask(server: uvicorn.Server, sockets: object) -> None:
        """What a worker does, with a client in place of the socket."""
        server.config.load()
        with TestClient(server.config.loaded_app, "http://localhost") as client:
            answer = client.post("/l/news/ask", json=ASKED).json()
            assert "380 billion" in answer["answer"]
            removed = answer["citations"][0]["document_id"]
            assert client.delete(f"/l/news/articles/{removed}").status_code == 204
            again = client.post("/l/old-news/ask", json=ASKED).json()
            assert again["citations"][0]["document_id"] == removed
            assert client.post("/ask", json=ASKED).status_code == 404
            listed = client.get("/libraries").json()["libraries"]
            assert [each["name"] for each in listed] == ["news", "old-news"]
        server.started = True

    monkeypatch.setattr("uvicorn.Server.run", ask)
    monkeypatch.setattr("api.logs.configure", lambda: None)
    monkeypatch.setattr(sys, "setswitchinterval", lambda seconds: None)
    # The command puts its options there, for the workers.
    monkeypatch.setenv("PULLQUOTE_LIBRARIES", "")
    monkeypatch.setenv("PULLQUOTE_PORT", "")
    options = [word for entry in entries for word in ("--library", entry)]
    assert run(monkeypatch, own_home, "serve", "--port", "0", *options).exit_code == 0


@pytest.mark.parametrize("entry", ["nothing", "news=/nowhere"])
def test_a_library_that_cannot_be_served_stops_the_start(
    home: Path, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    # The command puts its options there, for the workers.
    monkeypatch.setenv("PULLQUOTE_LIBRARIES", "")
    monkeypatch.setenv("PULLQUOTE_PORT", "")
    result = run(monkeypatch, home, "serve", "--port", "0", "--library", entry)
    assert result.exit_code in (1, 2)
    assert ("NAME=FOLDER" if entry == "nothing" else "/nowhere") in result.stderr


def test_models_on_ray_need_an_extra(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray.serve", None)
    # The command puts its options there, for the workers.
    monkeypatch.setenv("PULLQUOTE_RAY", "")
    monkeypatch.setenv("PULLQUOTE_PORT", "")
    result = run(monkeypatch, home, "serve", "--port", "0", "--ray", "auto")
    assert result.exit_code == 2
    assert "[serve]" in result.stderr


def run(monkeypatch: pytest.MonkeyPatch, home: Path, *arguments: str) -> Any:
    monkeypatch.setenv("PULLQUOTE_HOME", str(home))
    monkeypatch.setattr(sys, "argv", ["pullquote", *arguments])
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = json.loads(run(monkeypatch, tmp_path, "keys", "add", "desk", "--write", "--json").stdout)
    (listed,) = json.loads(run(monkeypatch, tmp_path, "keys", "list", "--json").stdout)
    assert (listed["id"], listed["scopes"]) == (made["id"], ["read", "write"])
    assert made["key"] not in run(monkeypatch, tmp_path, "keys", "list").stdout
    assert run(monkeypatch, tmp_path, "keys", "revoke", made["id"]).exit_code == 0
    assert run(monkeypatch, tmp_path, "keys", "revoke", made["id"]).exit_code == 1
    assert run(monkeypatch, tmp_path, "keys", "add", "reader").stdout.startswith("pq_")


def test_keys_of_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("--library", "news", "--library", "sport")
    run(monkeypatch, tmp_path, "keys", "add", "desk", *names)
    run(monkeypatch, tmp_path, "keys", "add", "all")
    listed = json.loads(run(monkeypatch, tmp_path, "keys", "list", "--json").stdout)
    assert [each["libraries"] for each in listed] == [["news", "sport"], None]
    assert "news, sport" in run(monkeypatch, tmp_path, "keys", "list").stdout
    wrong = run(monkeypatch, tmp_path, "keys", "add", "desk", "--library", "no name")
    assert (wrong.exit_code, "no name" in wrong.stderr) == (2, True)


@pytest.mark.parametrize(("host", "warns"), [("0.0.0.0", True), ("127.0.0.1", False)])
def test_a_wide_address_without_keys_is_warned_of(
    home: Path, monkeypatch: pytest.MonkeyPatch, host: str, warns: bool
) -> None:
    monkeypatch.setattr("uvicorn.Server.run", lambda self, sockets: setattr(self, "started", True))
    monkeypatch.setattr("api.logs.configure", lambda: None)
    # The command puts its options there, for the workers.
    monkeypatch.setenv("PULLQUOTE_HOST", "")
    result = run(monkeypatch, home, "serve", "--host", host, "--port", "0")
    assert result.exit_code == 0
    assert ("no API keys" in " ".join(result.stderr.split())) is warns
