"""The command line with stores elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.errors import StorageError
from index.library import Library
from index.settings import IndexSettings
from tests.api.test_cli import Cli, runner
from tests.fakes import FakeModels, article


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line in a home that has nothing in it."""
    return runner(tmp_path / "home", monkeypatch)


def test_a_library_is_copied_and_the_copy_goes_on(bare: Cli, tmp_path: Path) -> None:
    source, target = str(tmp_path / "source"), str(tmp_path / "target")
    library = Library.open(Path(source), IndexSettings(), FakeModels(), create=True)
    library.add([article("chips", "Chips are scarce.", language="en")])
    library.close()
    result = bare("copy", source, target)
    assert (result.exit_code, result.stdout.split(";")[1].strip()) == (0, "verified")
    again = json.loads(bare("copy", source, target, "--json").stdout)
    assert again == {"articles": 1, "passages": 1, "present": 1}


def test_a_copy_that_is_not_finished_says_so(
    bare: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = str(tmp_path / "source"), str(tmp_path / "target")
    library = Library.open(Path(source), IndexSettings(), FakeModels(), create=True)
    library.add([article("chips", "Chips are scarce.", language="en")])
    library.close()

    def stop(done: int, total: int) -> None:
        raise StorageError("the disk is full")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.cli.copy._show", stop)
        assert bare("copy", source, target).exit_code == 1
    monkeypatch.setenv("PULLQUOTE_LIBRARY", target)
    doctor = bare("doctor", "--json")
    assert doctor.exit_code == 1
    (check,) = (each for each in json.loads(doctor.stdout) if each["name"] == "copy")
    assert (check["ok"], "not finished (1 of 1 articles)" in check["detail"]) == (False, True)
    assert bare("copy", source, target).exit_code == 0
    assert "copy" not in {each["name"] for each in json.loads(bare("doctor", "--json").stdout)}


def test_a_library_that_is_not_there_is_not_copied(bare: Cli, tmp_path: Path) -> None:
    result = bare("copy", str(tmp_path / "nowhere"), str(tmp_path / "target"))
    assert result.exit_code == 1
    assert "no library there" in result.stderr
    assert not (tmp_path / "target").exists()


def test_a_store_elsewhere_is_not_backed_up_here(
    bare: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULLQUOTE_STORE", "milvus+http://127.0.0.1:1/desk")
    result = bare("backup", str(tmp_path / "monday.sqlite"))
    assert result.exit_code == 2
    assert "milvus-backup" in result.stderr


def test_what_is_no_store_is_said(bare: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_STORE", "postgres://desk")
    result = bare("list")
    assert result.exit_code == 2
    assert "PULLQUOTE_STORE is no address of a store" in result.stderr
