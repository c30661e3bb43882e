"""What uv reads in ``pyproject.toml``: torch without CUDA."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_uv_takes_torch_without_cuda() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]
    (source,) = settings["sources"]["torch"]
    (index,) = settings["index"]
    assert source == {"index": index["name"], "marker": "sys_platform == 'linux'"}
    assert index["explicit"], "everything else is PyPI's"
    # One place for both: what `make locks` and the image take.
    assert f"TORCH ?= {index['url']}\n" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"TORCH_INDEX={index['url']}\n" in (ROOT / "deploy" / "Dockerfile").read_text()
