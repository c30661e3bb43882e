"""Ctrl-C: what is said is true, and there is no traceback."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.guard.keys import KeyRing
from index.fetch import LinkResult
from index.ingest.batch import AddReport
from index.library import Library
from rag import Pullquote
from tests.api.test_cli import runner


def _press_ctrl_c() -> None:
    # What the signal raises; a test in the background may run with the signal ignored.
    raise KeyboardInterrupt


def _terminate() -> None:
    signal.raise_signal(signal.SIGTERM)


def test_an_interruption_while_it_is_imported_shows_no_traceback() -> None:
    # The finder stands for Ctrl-C: it raises what the signal raises, at the first import of the
    # application.
    program = """
import signal, sys
# A job in the background may have been started with the signal ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
class Interruption:
    @staticmethod
    def find_spec(name, *_):
        if name == "api.cli.application":
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Interruption)
sys.argv = ["pullquote", "--version"]
from api.cli import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Interrupted.\n")


@pytest.mark.parametrize(
    ("written", "words"),
    [([], " before any was written"), (["a"], ": 1 article written")],
    ids=["nothing", "some"],
)
@pytest.mark.parametrize("source", ["articles", "https://example.org/feed.xml"])
@pytest.mark.parametrize("interrupt", [_press_ctrl_c, _terminate], ids=["Ctrl-C", "SIGTERM"])
def test_an_interruption_of_adding_says_what_was_written(
    interrupt: Callable[[], None],
    written: list[str],
    words: str,
    source: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def add(library: Library, items: object, *, report: AddReport) -> None:
        report.added += written
        interrupt()

    def add_links(pullquote: Pullquote, links: list[str], limit: int | None, show: Any) -> None:
        show(LinkResult(links[0], "added", report=AddReport(added=list(written))))
        interrupt()

    monkeypatch.setattr(Library, "add", add)
    monkeypatch.setattr(Pullquote, "add_links", add_links)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").touch()
    monkeypatch.chdir(tmp_path)
    result = runner(tmp_path / "home", monkeypatch)("add", source)
    assert result.exit_code == 130
    assert result.stderr == f"Interrupted{words}. The same command adds the rest.\n"


def test_an_interruption_of_others_claims_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(ring: KeyRing) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(KeyRing, "keys", interrupted)
    result = runner(tmp_path / "home", monkeypatch)("keys", "list")
    assert (result.exit_code, result.stderr) == (130, "Interrupted.\n")
