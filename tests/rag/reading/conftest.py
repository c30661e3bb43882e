from __future__ import annotations

from pathlib import Path

import pytest

from rag.reading.cascade import CascadeReader
from rag.reading.layout import Tokens
from rag.reading.manifest import WEIGHTS_FOLDER
from tests.rag.reading.passages import small_reader


@pytest.fixture(scope="session")
def tokens() -> Tokens:
    return Tokens.load(WEIGHTS_FOLDER / "tokenizer.json")


@pytest.fixture(scope="session")
def reader(reader_models: Path) -> CascadeReader:
    """The reader that comes along, looking twice."""
    return CascadeReader.load(reader_models, threads=1)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The folder of a reader of one small network."""
    return small_reader(tmp_path / "small")
