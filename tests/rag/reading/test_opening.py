from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index.errors import ModelError
from rag.reading.cascade import CascadeReader
from rag.reading.manifest import WEIGHTS_FOLDER
from rag.reading.opening import open_reader
from rag.settings import Settings
from tests.homes import with_models
from tests.rag.reading.passages import cut, small_reader


@pytest.mark.parametrize(("name", "twice"), [("spans", True), ("fast", False)])
def test_the_settings_name_the_reader(tmp_path: Path, name: str, twice: bool) -> None:
    reader = open_reader(Settings(home=with_models(tmp_path), reader=name, threads=1))
    assert isinstance(reader, CascadeReader)
    assert reader.looks_twice is twice


def test_a_reader_in_a_folder_is_opened(tmp_path: Path) -> None:
    folder = small_reader(tmp_path / "small", layers=1)
    settings = Settings(home=tmp_path, reader=str(folder), threads=1)
    with pytest.raises(ModelError, match=r"small/calibration\.json"):
        open_reader(settings)
    shutil.copy(WEIGHTS_FOLDER / "calibration.json", folder)
    assert open_reader(settings).read("Did it?", cut("It rained.")).evidence


@pytest.mark.parametrize("statements", [True, False])
def test_the_settings_say_whether_headings_are_quoted(tmp_path: Path, statements: bool) -> None:
    folder = small_reader(tmp_path / "small", layers=1)
    shutil.copy(WEIGHTS_FOLDER / "calibration.json", folder)
    reader = open_reader(
        Settings(home=tmp_path, reader=str(folder), threads=1, statements=statements)
    )
    evidence = reader.read("Did it?", cut("Did it\nIt rained.")).nearest
    starts = [item.sentence.start for item in evidence]
    assert (0 in starts) is not statements


def test_a_folder_without_a_reader_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=str(tmp_path)):
        open_reader(Settings(home=tmp_path, reader=str(tmp_path)))
