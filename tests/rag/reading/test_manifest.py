from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from index.errors import ModelError
from rag.reading.manifest import WEIGHTS_FOLDER, Manifest


def _changed(folder: Path, **changes: Any) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_the_shipped_files_are_the_ones_that_are_named() -> None:
    manifest = Manifest.read()
    assert manifest.second is not None
    assert set(manifest.files) == {"first.onnx.gz", "second.npz", "tokenizer.json"}
    for name in manifest.files:
        assert manifest.checked(name) == WEIGHTS_FOLDER / name


def test_a_changed_or_missing_file_is_refused(small: Path) -> None:
    manifest = Manifest.read(small)
    path = small / "tokenizer.json"
    assert manifest.checked(path.name) == path
    with path.open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelError, match=r"tokenizer\.json is not the file"):
        manifest.checked(path.name)
    path.unlink()
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        manifest.checked(path.name)


def test_a_file_that_is_not_named_is_refused(small: Path) -> None:
    (small / "other.bin").write_bytes(b"1")
    with pytest.raises(ModelError, match=r"other\.bin is not the file"):
        Manifest.read(small).checked("other.bin")


def test_a_folder_without_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"manifest\.json: No such file.*git checkout"):
        Manifest.read(tmp_path)


@pytest.mark.parametrize("text", ["[]", "{", '"format"', "{}", '{"format": 2}'])
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ModelError, match="no reader's manifest"):
        Manifest.read(tmp_path)


def test_another_format_is_named(small: Path) -> None:
    _changed(small, format=99)
    with pytest.raises(ModelError, match="format 99, not 2"):
        Manifest.read(small)


def test_what_it_does_not_know_is_refused(small: Path) -> None:
    _changed(small, third=None)
    with pytest.raises(ModelError, match="no reader's manifest"):
        Manifest.read(small)
