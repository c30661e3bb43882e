"""Nothing leaves the machine that its user did not send, and nothing is left on it elsewhere."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from index.telemetry import OFF, TRACING_OFF, switch_off_tracing
from tests.api.http.test_serve import served
from tests.conftest import SEEDS
from tests.homes import with_models

# Notes every look at the network that Python code takes, and then is pullquote, for one command
# after another. What is sent at the end of each is seen by a tracer, too.
WATCHED = """
import os, socket, sys
log = os.open({log!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        os.write(log, f"{{event}} {{arguments[1:]}}\\n".encode())
sys.addaudithook(watch)
from api.cli import main
ours, theirs = socket.socketpair()
for arguments in {commands!r}:
    sys.argv, code = ["pullquote", *arguments], 0
    try:
        main()
    except SystemExit as end:
        code = end.code or 0
    said = f"end of {{arguments[0]}}: {{code}}\\n".encode()
    ours.send(said)
    os.write(log, said)
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


def watched(folder: Path, *commands: tuple[str, ...]) -> tuple[str, str, list[str]]:
    """Run commands with a home, a cache and a temporary folder of their own: what they printed, and
    what Python and the tracer, where there is one, noted of the network."""
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
        "OMP_NUM_THREADS": "1",
    }
    code = WATCHED.format(log=str(seen), commands=commands)
    run = subprocess.run(
        [*traced(calls), sys.executable, "-c", code],
        env=environment, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    lines = calls.read_text(errors="replace").splitlines() if calls.exists() else []
    traces = [line for line in lines if "AF_INET" in line or "end of" in line]
    return run.stdout, run.stderr, [seen.read_text(), *(["\n".join(traces)] if lines else [])]


def test_adding_and_asking_opens_no_connection(tmp_path: Path, home: Path) -> None:
    assert (home / "models").is_dir()
    with_models(tmp_path / "home")
    (article,) = SEEDS.glob("h20-ban-self-sufficiency.*")
    question = "How much will Alibaba invest in AI infrastructure?"
    link = ("add", "http://127.0.0.1:9999/")
    printed, errors, notes = watched(tmp_path, ("add", str(article)), ("ask", question), link)
    assert "380 billion" in printed, errors
    for note in notes:
        silent, ended, looked = note.partition("end of ask: 0")
        assert ended, note
        assert "end of add: 0" in silent, errors
        assert not re.search(r"AF_INET|socket\.", silent)
        # A look at the network would have been seen.
        assert "9999" in looked
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
        process.communicate(timeout=240)
    calls = (tmp_path / "calls").read_text(errors="replace")
    # The log is of this server, which writes to its own sockets and is ended by a signal.
    assert "sendto(" in calls
    assert "SIGINT" in calls
    assert [line for line in calls.splitlines() if "AF_INET" in line] == []
    assert [str(each) for each in (tmp_path / "user").rglob("*")] == []


@pytest.mark.parametrize("first", ["index.article", "rag.settings", "api.problem", "eval.dataset"])
def test_reports_are_off_whatever_is_imported_first(first: str) -> None:
    code = f"import {first}, os, json; print(json.dumps(dict(os.environ)))"
    environment = {"PATH": os.environ["PATH"], "ORT_DISABLE_TELEMETRY": "0"}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True,
                         text=True, check=True)  # fmt: skip
    assert all(f'"{name}": "{value}"' in run.stdout for name, value in OFF.items())
    assert not any(name in run.stdout for name in TRACING_OFF)


def test_tracing_is_off_in_our_programs_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = {"LANGCHAIN_TRACING": "true", "LANGCHAIN_HANDLER": "langchain", "LANGSMITH_TRACING": "1"}
    monkeypatch.setattr(os, "environ", said)
    switch_off_tracing()
    # LangChain refuses to run where the first two are there, even with nothing in them.
    assert said == TRACING_OFF
