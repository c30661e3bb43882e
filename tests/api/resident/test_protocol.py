"""The resident process and who asks it, over a real socket, with answers that are made up."""

from __future__ import annotations

import io
import os
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import api.cli.output
from api.cli.output import renew_consoles
from api.resident.client import Attempt, ask_resident, control, exchange
from api.resident.protocol import (
    SOCKET,
    address,
    identity,
    is_eligible,
    is_own_peer,
    mode_of,
    open_folder,
    resident_folder,
)
from api.resident.server import CodeState, Resident, Run, only_one
from api.resident.worker import _streams

ANSWER = {"operations": [["out", "Wombats dig. [1]\n"], ["out", None], ["err", "hm\n"]], "code": 3}
Serve = Callable[..., threading.Thread]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the socket, in a home with a name longer than an address may be."""
    home = tmp_path / ("home" * 30)
    monkeypatch.setenv("PULLQUOTE_HOME", str(home))
    monkeypatch.delenv("PULLQUOTE_RESIDENT", raising=False)
    return home / "resident"


@pytest.fixture
def serve(folder: Path) -> Iterator[Serve]:
    """Serves made-up answers in a thread, and stops when the test is over."""
    running: list[tuple[Resident, threading.Thread]] = []

    def begin(run: Run = lambda arguments, terminal: ANSWER, idle: float = 60) -> threading.Thread:
        listening = threading.Event()

        def loop() -> None:
            with only_one(str(folder)) as descriptor:
                assert descriptor is not None
                resident = _Listening(descriptor, run, idle, warm=lambda: None)
                resident.listening = listening
                running.append((resident, thread))
                resident.serve()

        thread = threading.Thread(target=loop)
        thread.start()
        assert listening.wait(10)
        return thread

    yield begin
    for resident, thread in running:
        resident.stop()
        thread.join(10)
        assert not thread.is_alive()


class _Listening(Resident):
    """Says when it listens."""

    listening: threading.Event

    def _accept(self, listener: socket.socket) -> None:
        self.listening.set()
        super()._accept(listener)


def test_an_answer_is_printed_as_it_was(serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[Any] = []

    def run(arguments: Any, terminal: Any) -> dict[str, Any]:
        asked.append(arguments)
        return ANSWER

    serve(run)
    assert ask_resident(["ask", "What do wombats do?", "--json"]) == Attempt(3)
    assert capsys.readouterr() == ("Wombats dig. [1]\n", "hm\n")
    assert asked == [["ask", "What do wombats do?", "--json"]]


def test_only_the_owner_may_connect(serve: Serve, folder: Path) -> None:
    serve()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / SOCKET).stat().st_mode) == 0o600


def test_another_user_is_no_peer(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = socket.socketpair()
    with one, other:
        assert is_own_peer(one)
        user = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: user + 1)
        assert not is_own_peer(one)


def test_a_folder_that_others_may_enter_is_not_used(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o750)
    assert open_folder(str(folder)) is None
    with only_one(str(folder)) as descriptor:
        assert descriptor is None


def test_a_link_in_the_place_of_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    folder.parent.mkdir(parents=True)
    (tmp_path / "other").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "other")
    assert open_folder(str(folder)) is None


def test_without_a_process_the_question_is_answered_here(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask_resident(["ask", "Who?"]) == Attempt()
    monkeypatch.setenv("PULLQUOTE_RESIDENT", "on")
    assert ask_resident(["ask", "Who?"]) == Attempt(start=True)
    monkeypatch.setenv("PULLQUOTE_RESIDENT", "30")
    assert ask_resident(["ask", "Who?"]) == Attempt(start=True)


def test_off_is_off(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    serve()
    monkeypatch.setenv("PULLQUOTE_RESIDENT", "off")
    assert ask_resident(["ask", "Who?"]) == Attempt()


def test_a_socket_left_behind_is_nobody_and_is_replaced(serve: Serve, folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o700)
    descriptor = open_folder(str(folder))
    assert descriptor is not None
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(address(descriptor))
    os.close(descriptor)
    assert (folder / SOCKET).exists()
    assert control(os.environ, "status") is None
    serve()
    assert ask_resident(["ask", "Who?"]) == Attempt(3)


def test_a_process_that_hangs_is_not_waited_for(folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o700)
    descriptor = open_folder(str(folder))
    assert descriptor is not None
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address(descriptor))
        listener.listen(1)
        assert exchange(str(folder), {"control": "status"}, first=0.05) == {}
    os.close(descriptor)


def test_signs_of_life_are_not_taken_for_ever(serve: Serve, folder: Path) -> None:
    release = threading.Event()

    def run(arguments: Any, terminal: Any) -> dict[str, Any]:
        release.wait(10)
        return ANSWER

    serve(run)
    request = {"arguments": ["ask", "Who?"], "identity": identity(os.environ), "terminal": {}}
    assert exchange(str(folder), request, whole=0) == {}
    release.set()


@pytest.mark.parametrize("error", [OSError, RuntimeError])
def test_a_crash_leaves_the_question_to_who_asked(
    serve: Serve, error: type[Exception], capsys: pytest.CaptureFixture[str]
) -> None:
    def run(arguments: Any, terminal: Any) -> dict[str, Any]:
        raise error("broken")

    serve(run)
    assert ask_resident(["ask", "Who?"]) == Attempt()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "reply", [None, {}, {"code": "3", "operations": []}, {"code": 3, "operations": None}]
)
def test_what_is_no_answer_is_none(serve: Serve, reply: dict[str, Any] | None) -> None:
    serve(lambda arguments, terminal: reply)
    assert ask_resident(["ask", "Who?"]) == Attempt()


def test_other_settings_are_answered_where_they_are(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve()
    monkeypatch.setenv("PULLQUOTE_THRESHOLD", "0.9")
    assert ask_resident(["ask", "Who?"]) == Attempt()
    monkeypatch.delenv("PULLQUOTE_THRESHOLD")
    assert ask_resident(["ask", "Who?"]) == Attempt(3)


def test_relative_paths_count_from_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    relative = {"PULLQUOTE_HOME": "home"}
    before = identity(relative)
    monkeypatch.chdir("/")
    assert identity(relative) != before
    assert identity({"PULLQUOTE_HOME": "/home"})["folder"] == ""


def test_newer_code_ends_the_process(
    serve: Serve, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = serve()
    monkeypatch.setattr(CodeState, "is_current", lambda self: False)
    assert ask_resident(["ask", "Who?"]) == Attempt()
    thread.join(10)
    assert not thread.is_alive()
    assert not (folder / SOCKET).exists()


def test_a_file_that_changed_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "wombat_module.py").write_text("legs = 4\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    __import__("wombat_module")
    state = CodeState()
    assert state.is_current()
    (tmp_path / "wombat_module.py").write_text("legs = 4  # still\n")
    assert not state.is_current()
    del sys.modules["wombat_module"]


def test_one_process_is_enough(folder: Path) -> None:
    with only_one(str(folder)) as first, only_one(str(folder)) as second:
        assert first is not None
        assert second is None


def test_nobody_asking_ends_it(serve: Serve, folder: Path) -> None:
    thread = serve(idle=0)
    thread.join(10)
    assert not thread.is_alive()
    assert not (folder / SOCKET).exists()


def test_stop_and_status(serve: Serve) -> None:
    thread = serve()
    ask_resident(["ask", "Who?"])
    state = control(os.environ, "status")
    assert state is not None
    assert state["pid"] == os.getpid()
    assert state["answered"] == 1
    assert control(os.environ, "stop")
    thread.join(10)
    assert control(os.environ, "status") is None


def test_text_that_the_stream_cannot_hold_is_left_to_who_asked(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(lambda arguments, terminal: {"operations": [["out", "“Dig”"]], "code": 0})
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    assert ask_resident(["ask", "Who?"]) == Attempt()
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["serve"], {}),
        ([], {}),
        (["ask", "--help"], {}),
        (["ask", "Who?"], {"PULLQUOTE_MODEL": "openai:gpt"}),
        (["ask", "Who?"], {"PULLQUOTE_MODEL_URL": "http://127.0.0.1:1"}),
        (["ask", "Who?"], {"PULLQUOTE_STORE": "milvus:///x.db"}),
        (["ask", "Who?"], {"PULLQUOTE_READER": "some/model"}),
    ],
)
def test_what_is_never_handed_over(arguments: list[str], environment: dict[str, str]) -> None:
    assert not is_eligible(arguments, environment)
    assert is_eligible(["ask", "Who?"], {"PULLQUOTE_READER": "fast"})


def test_keys_are_not_told() -> None:
    assert "secret" not in str(identity({"PULLQUOTE_MODEL_API_KEY": "secret", "MY_KEY": "secret"}))


def test_the_setting_in_words_and_seconds() -> None:
    modes = ["off", "started", "on", "60", "0", "yes", ""]
    read = [mode_of({"PULLQUOTE_RESIDENT": mode}) for mode in modes]
    assert read == ["off", "started", "on", "60", "off", "off", "off"]
    assert mode_of({}) == "started"


def test_the_home_is_that_of_the_settings(tmp_path: Path) -> None:
    from rag import Settings

    found = resident_folder({"HOME": os.environ.get("HOME", ""), "PULLQUOTE_HOME": ""})
    assert Path(found) == Settings.from_environment({}).home / "resident"


@pytest.mark.parametrize(
    ("environment", "size", "width"),
    [
        ({"TERM": "xterm"}, [51, 20], 51),
        ({"TERM": "xterm", "COLUMNS": "44"}, [51, 20], 44),
        ({"TERM": "dumb"}, [51, 20], 80),
        ({"TERM": "xterm"}, None, 80),
    ],
)
def test_the_terminal_is_that_of_who_asked(
    environment: dict[str, str], size: list[int] | None, width: int
) -> None:
    operations: list[tuple[str, str | None]] = []
    terminal = {"environment": environment, "size": size, "out": True, "err": False}
    before = dict(os.environ)
    try:
        with _streams(operations, terminal):
            assert api.cli.output.stdout.is_terminal
            assert not api.cli.output.stderr.is_terminal
            assert api.cli.output.stdout.width == width
            api.cli.output.stdout.print("dig", style="bold")
    finally:
        renew_consoles()
    assert dict(os.environ) == before
    text = "".join(text or "" for _, text in operations)
    assert ("\x1b[1m" in text) == (environment["TERM"] != "dumb")


def test_asking_a_resident_process_imports_next_to_nothing(folder: Path) -> None:
    code = (
        "import sys; from api.cli import main; from api.resident.client import ask_resident; "
        "ask_resident(['ask', 'Who?']); "
        "print(sorted({'typer', 'rich', 'pydantic', 'numpy', 'asyncio', 'index', 'rag', "
        "'subprocess', 'api.cli.application'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
