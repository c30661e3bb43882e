from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import ModelError
from rag.readers import open_reader
from rag.sentence_reader import SentenceReader
from rag.settings import Settings
from rag.span_reader import SpanReader
from tests.fakes import FakeEncoder


def test_the_settings_name_the_reader() -> None:
    assert isinstance(open_reader(Settings(), FakeEncoder()), SpanReader)
    assert isinstance(open_reader(Settings(reader="signals"), FakeEncoder()), SentenceReader)


def test_a_folder_without_a_reader_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=str(tmp_path)):
        open_reader(Settings(reader=str(tmp_path)), FakeEncoder())
