"""Nothing leaves the machine that its user did not send, and nothing is left on it elsewhere."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from index.telemetry import OFF, TRACING_OFF
from tests.api.http.test_serve import served
from tests.conftest import SEEDS
from tests.homes import with_models

# Notes every look at the network that Python code takes, and then is pullquote.
WATCHED = """
import os, sys
def watch(event, arguments, log=os.open({log!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        os.write(log, f"{{event}} {{arguments[1:]}}\\n".encode())
sys.addaudithook(watch)
sys.argv = ["pullquote", *{arguments!r}]
from api.cli import main
main()
"""


def traced(log: Path) -> list[str]:
    """What to put before a command to have native code and other processes watched too; nothing
    where that cannot be done."""
    strace = shutil.which("strace")
    if strace is None:
        return []
    # The kernel stops at these calls alone; without it, at every one, which takes several times
    # as long.
    command = [strace, "-f", "--seccomp-bpf", "-qq", "-e", "trace=connect,sendto,sendmsg"]
    if subprocess.run([*command, "true"], capture_output=True).returncode:
        return []
    return [*command, "-o", str(log)]


def watched(folder: Path, *arguments: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run a command with a home, a cache and a temporary folder of its own; what it looked up."""
    seen, calls = folder / "seen", folder / "calls"
    for name in ("user", "tmp"):
        (folder / name).mkdir(exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder / "user"),
        "TMPDIR": str(folder / "tmp"),
        "PULLQUOTE_HOME": str(folder / "home"),
        "PULLQUOTE_ALLOW_PRIVATE_ADDRESSES": "true",
        "LANGSMITH_TRACING": "true",
    }
    code = WATCHED.format(log=str(seen), arguments=arguments)
    run = subprocess.run(
        [*traced(calls), sys.executable, "-c", code],
        env=environment, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    looked = seen.read_text() if seen.exists() else ""
    if calls.exists():
        lines = calls.read_text(errors="replace").splitlines()
        looked += "\n".join(line for line in lines if "AF_INET" in line)
    return run, looked


def test_adding_and_asking_opens_no_connection(tmp_path: Path, home: Path) -> None:
    assert (home / "models").is_dir()
    with_models(tmp_path / "home")
    (article,) = SEEDS.glob("h20-ban-self-sufficiency.*")
    added, looked = watched(tmp_path, "add", str(article))
    assert added.returncode == 0, added.stderr
    assert looked == ""
    question = "How much will Alibaba invest in AI infrastructure?"
    asked, looked = watched(tmp_path, "ask", question)
    assert "380 billion" in asked.stdout, asked.stderr
    assert looked == ""
    assert [str(each) for each in (tmp_path / "user").rglob("*")] == []


def test_serving_opens_no_connection(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path
) -> None:
    tracer = traced(tmp_path / "calls")
    if not tracer:
        pytest.skip("strace is not here, or may not trace")
    for name, folder in (("HOME", "user"), ("TMPDIR", "tmp")):
        (tmp_path / folder).mkdir()
        monkeypatch.setenv(name, str(tmp_path / folder))
    own_home = Path(shutil.copytree(home, tmp_path / "home", symlinks=True))
    # The tracer is a grandchild, so that the server gets the signal that ends it.
    with served(own_home, 1, within=[*tracer, "-D"]) as (address, process):
        question = {"question": "How much will Alibaba invest in AI infrastructure?"}
        asked = httpx.post(f"{address}/ask", json=question, timeout=120).json()
        assert "380 billion" in asked["answer"]
        added = {"title": "Wombats", "text": "Wombats dig deep burrows in the clay of the south."}
        assert httpx.post(f"{address}/articles", json=added, timeout=120).is_success
        assert httpx.get(address, timeout=60).status_code == 200
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    calls = (tmp_path / "calls").read_text(errors="replace")
    # The log is of this server, which writes to its own sockets and is ended by a signal.
    assert "sendto(" in calls
    assert "SIGINT" in calls
    assert [line for line in calls.splitlines() if "AF_INET" in line] == []
    assert [str(each) for each in (tmp_path / "user").rglob("*")] == []


def test_a_look_at_the_network_would_be_seen(tmp_path: Path) -> None:
    _, looked = watched(tmp_path, "add", "http://127.0.0.1:9999/")
    assert "9999" in looked


@pytest.mark.parametrize("first", ["index.article", "rag.settings", "api.problem", "eval.dataset"])
def test_reports_are_off_whatever_is_imported_first(first: str) -> None:
    code = f"import {first}, os, json; print(json.dumps(dict(os.environ)))"
    environment = {"PATH": os.environ["PATH"], "ORT_DISABLE_TELEMETRY": "0"}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True,
                         text=True, check=True)  # fmt: skip
    assert all(f'"{name}": "{value}"' in run.stdout for name, value in OFF.items())
    assert not any(name in run.stdout for name in TRACING_OFF)
