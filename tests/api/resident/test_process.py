"""The real process with the real models: what it answers is what is answered without it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.resident.client import control
from rag import Pullquote, Settings

SAMPLE = "china-ai-chip-curbs"
# What differs from one answer to the next: times, and the number of the answer.
_VARYING = re.compile(
    r"\d+ ms|\d+\.\d s\b|\"(?:latency_ms|retrieve|read|write|answer_id)\": [^\n]*"
)


class _Shell:
    """Runs the command line in one home."""

    def __init__(self, home: Path) -> None:
        self.environment = {**os.environ, "PULLQUOTE_HOME": str(home)}
        self.environment.pop("PULLQUOTE_RESIDENT", None)

    def __call__(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "api.cli", *arguments],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return done.returncode, _VARYING.sub("_", done.stdout), done.stderr

    def resident(self, action: str) -> Result:
        """What ``pullquote resident`` says, without a process for it."""
        return CliRunner().invoke(app, ["resident", action], env=self.environment)

    def answered(self) -> int:
        status = control(self.environment, "status")
        assert status
        return int(status["answered"])


@pytest.fixture(scope="module")
def shell(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Shell]:
    """A command line with its resident process started."""
    own = tmp_path_factory.mktemp("resident") / "home"
    shutil.copytree(home, own, symlinks=True)
    shell = _Shell(own)
    code, _, error = shell("resident", "start")
    assert not code, error
    yield shell
    shell.resident("stop")


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "What is Tencent exploring besides buying GPUs?"),
        ("search", "chip exports", "--top-k", "2", "--from", "2025-01-01"),
    ],
)
def test_it_prints_what_would_be_printed_without_it(
    shell: _Shell, arguments: tuple[str, ...]
) -> None:
    before = shell.answered()
    with_it = shell(*arguments)
    assert shell.answered() == before + 1
    assert with_it == shell(*arguments, PULLQUOTE_RESIDENT="off")


def test_misuse_is_told_as_ever(shell: _Shell) -> None:
    arguments = ("ask", "Who?", "--top-k", "0")
    result = shell(*arguments)
    assert result[0] == 2
    assert result == shell(*arguments, PULLQUOTE_RESIDENT="off")


def test_it_answers_from_the_library_that_is_there(shell: _Shell, home: Path) -> None:
    question = ("search", "Tencent chips", "--json")
    assert SAMPLE in shell(*question)[1]
    own = Path(shell.environment["PULLQUOTE_HOME"])
    with Pullquote.open(settings=Settings(home=own)) as pullquote:
        pullquote.remove([SAMPLE])
    before = shell.answered()
    assert SAMPLE not in shell(*question)[1]
    library = own / "library"
    shutil.rmtree(library)
    shutil.copytree(home / "library", library)
    assert SAMPLE in shell(*question)[1]
    assert shell.answered() == before + 2


def test_a_second_process_ends_at_once(shell: _Shell) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "api.resident", "60"],
        env=shell.environment,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0
    assert shell.answered() >= 0


def test_started_by_the_first_question_and_killed(shell: _Shell) -> None:
    assert shell.resident("stop").exit_code == 0
    assert shell.resident("status").exit_code == 1
    assert shell.resident("stop").exit_code == 1
    assert shell("search", "chips", PULLQUOTE_RESIDENT="60")[0] == 0
    # Whether that one listens already or not, there is one afterwards.
    assert shell("resident", "start")[0] == 0
    pid = int(re.findall(r"Process (\d+)", shell.resident("status").stdout)[0])
    os.kill(pid, 9)
    assert shell("search", "chips")[0] == 0
    assert shell.resident("status").exit_code == 1
