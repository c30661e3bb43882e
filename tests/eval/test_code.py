from __future__ import annotations

from pathlib import Path

import pytest

from eval.code import code_identity
from index.version import pullquote_version


def tree(root: Path) -> Path:
    for name in ("api/app.py", "index/words.txt", "rag/ask.py", "rag/reading/weights.npz"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return root


@pytest.mark.parametrize(
    "name", ["api/app.py", "index/words.txt", "rag/ask.py", "rag/reading/weights.npz", "rag/new.py"]
)
def test_another_source_or_weight_is_another_code(tmp_path: Path, name: str) -> None:
    before, after = tree(tmp_path / "a"), tree(tmp_path / "b")
    (after / name).write_text("something else")
    assert code_identity(before) != code_identity(after)


def test_the_same_code_elsewhere_is_the_same(tmp_path: Path) -> None:
    before, after = tree(tmp_path / "a"), tree(tmp_path / "b")
    for name in ("rag/__pycache__/ask.cpython-311.pyc", "eval/report.py", "notes.md"):
        (after / name).parent.mkdir(exist_ok=True)
        (after / name).write_text("made by the way")
    assert code_identity(before) == code_identity(after)


def test_it_begins_with_the_version() -> None:
    version, digest = code_identity().split()
    assert version == pullquote_version()
    assert len(digest) == 16
