"""The commands ``publish`` and ``follow``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli.publish import watch
from index.library import Library
from index.publication.place import FolderPlace
from index.settings import IndexSettings
from tests.api.test_cli import Cli, runner
from tests.fakes import FakeModels, article
from tests.stores import follower_store, publish_library


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line in a home that has nothing in it."""
    return runner(tmp_path / "home", monkeypatch)


def test_a_library_is_published_and_followed(
    bare: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, place = tmp_path / "source", str(tmp_path / "place")
    library = Library.open(source, IndexSettings(), FakeModels(), create=True)
    library.add([article("chips", "Chips are scarce.", language="en")])
    library.close()
    monkeypatch.setenv("PULLQUOTE_LIBRARY", str(source))
    assert "1 article, 1 passage" in bare("publish", place).stdout
    assert json.loads(bare("publish", place, "--json").stdout)["is_new"] is False
    monkeypatch.setenv("PULLQUOTE_LIBRARY", str(tmp_path / "copy"))
    assert place in bare("follow", place, "--once").stdout.replace("\n", "")
    assert "Chips" in bare("show", "chips").stdout
    removed = bare("remove", "chips", "--json")
    assert (removed.exit_code, json.loads(removed.stdout)["error"]) == (1, "LibraryReadOnly")
    checks = json.loads(bare("doctor", "--json").stdout)
    assert [check["detail"] for check in checks if check["name"] == "follows"] == [
        f"{place}, generation 2"
    ]


def test_nothing_published_is_said(bare: Cli, tmp_path: Path) -> None:
    result = bare("follow", str(tmp_path / "nowhere"), "--once")
    assert result.exit_code == 1
    assert "nothing is published" in result.stderr


def test_each_new_generation_is_printed(
    library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = FolderPlace(tmp_path / "place")
    library.add([article("chips", "Chips are scarce.")])
    publish_library(library.folder, place)
    store = follower_store(place, tmp_path / "copy")
    rounds = 0

    def pause() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            library.add([article("more", "There is more.")])
            publish_library(library.folder, place)
        elif rounds == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        watch(store, pause)
    store.close()
    assert capsys.readouterr().out.count("generation 3") == 1
