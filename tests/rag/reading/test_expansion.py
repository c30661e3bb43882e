"""Networks are made once, and again when what lies there is not whole or not theirs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import onnxruntime
import pytest

from index.encode.files import hash_file
from index.errors import ModelError, StorageError
from rag.reading import expansion
from rag.reading.expansion import expand_networks
from rag.reading.manifest import Manifest
from tests.rag.reading.passages import small_reader


def _made(folder: Path, models: Path) -> tuple[Path, int]:
    """The folder made, and a number that changes when it is made again."""
    made = expand_networks(Manifest.read(folder), models)
    return made, (made / "made.json").stat().st_ino


def _renamed(folder: Path, name: str) -> None:
    """Write a file's present hash into the manifest."""
    path = folder / "manifest.json"
    stored = json.loads(path.read_text())
    stored["files"][name] = hash_file(folder / name)
    path.write_text(json.dumps(stored))


def test_both_networks_are_made_and_open(tmp_path: Path) -> None:
    folder = small_reader(tmp_path / "small", layers=1)
    made, _ = _made(folder, tmp_path / "models")
    names = {each.name for each in made.iterdir()}
    assert names == {"first.onnx", "second.onnx", "second.data", "made.json"}
    session = onnxruntime.InferenceSession(str(made / "second.onnx"))
    assert [each.name for each in session.get_inputs()] == ["ids"]
    # Nothing half made is left beside it.
    assert list((tmp_path / "models").iterdir()) == [made]


def test_networks_for_an_accelerator_are_made_beside_them(tmp_path: Path) -> None:
    folder = small_reader(tmp_path / "small", layers=1)
    plain, _ = _made(folder, tmp_path / "models")
    made = expand_networks(Manifest.read(folder), tmp_path / "models", precision="float32")
    assert made != plain
    for name in ("first.onnx", "second.onnx"):
        session = onnxruntime.InferenceSession(str(made / name))
        assert "mask" in [node.name for node in session.get_inputs()]
    assert expand_networks(Manifest.read(folder), tmp_path / "models") == plain


def test_they_are_made_once(small: Path, tmp_path: Path) -> None:
    assert _made(small, tmp_path) == _made(small, tmp_path)


def test_nothing_is_read_again_once_they_are_made(small: Path, tmp_path: Path) -> None:
    manifest = Manifest.read(small)
    made = expand_networks(manifest, tmp_path)
    (small / "first.onnx.gz").unlink()
    assert expand_networks(manifest, tmp_path) == made


@pytest.mark.parametrize("damage", ["cut", "gone", "unsaid", "unreadable"])
def test_what_was_cut_off_is_made_again(small: Path, tmp_path: Path, damage: str) -> None:
    made, before = _made(small, tmp_path)
    whole = (made / "first.onnx").read_bytes()
    if damage == "cut":
        (made / "first.onnx").write_bytes(whole[:9])
    elif damage == "gone":
        (made / "first.onnx").unlink()
    elif damage == "unsaid":
        (made / "made.json").unlink()
    else:
        (made / "made.json").write_text("{")
    again, _ = _made(small, tmp_path)
    assert again == made
    assert (made / "first.onnx").read_bytes() == whole
    assert _made(small, tmp_path)[1] != before or damage in ("unsaid", "unreadable")


def test_other_sources_are_made_beside_the_first(small: Path, tmp_path: Path) -> None:
    first, before = _made(small, tmp_path)
    other = small_reader(tmp_path / "other", layers=1)
    assert _made(other, tmp_path)[0] != first
    assert _made(small, tmp_path) == (first, before)


def test_a_folder_of_other_sources_is_made_again(small: Path, tmp_path: Path) -> None:
    made, _ = _made(small, tmp_path)
    said = json.loads((made / "made.json").read_text())
    said["from"]["first.onnx.gz"] = "0" * 64
    (made / "made.json").write_text(json.dumps(said))
    _made(small, tmp_path)
    assert json.loads((made / "made.json").read_text())["from"] != said["from"]


@pytest.mark.parametrize("name", ["first.onnx.gz", "second.npz"])
def test_a_changed_source_is_refused(tmp_path: Path, name: str) -> None:
    folder = small_reader(tmp_path / "small", layers=1)
    with (folder / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelError, match=name):
        expand_networks(Manifest.read(folder), tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_what_cannot_be_unpacked_is_refused(small: Path, tmp_path: Path) -> None:
    (small / "first.onnx.gz").write_bytes(b"not packed")
    _renamed(small, "first.onnx.gz")
    with pytest.raises(ModelError, match="cannot be unpacked"):
        expand_networks(Manifest.read(small), tmp_path / "models")
    assert not list((tmp_path / "models").iterdir())


def test_a_folder_that_cannot_be_written_is_named(small: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"file.*cannot write the reader's networks"):
        expand_networks(Manifest.read(small), tmp_path / "file" / "models")


def test_what_another_process_made_meanwhile_is_taken(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = expansion._write
    manifest = Manifest.read(small)

    def raced(*arguments: object) -> None:
        monkeypatch.setattr(expansion, "_write", write)
        expand_networks(manifest, tmp_path / "models")
        raise OSError(39, "Directory not empty")

    monkeypatch.setattr(expansion, "_write", raced)
    assert (expand_networks(manifest, tmp_path / "models") / "first.onnx").exists()


def test_what_another_process_made_is_left_as_it_is(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = expansion._write
    first: list[tuple[Path, int]] = []

    def raced(*arguments: Any) -> None:
        monkeypatch.setattr(expansion, "_write", write)
        first.append(_made(small, tmp_path))
        write(*arguments)

    monkeypatch.setattr(expansion, "_write", raced)
    assert [_made(small, tmp_path)] == first
