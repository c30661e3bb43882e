from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.langchain import PullquoteVectorStore
from index.encode.encoders import ExportedModels
from rag import Pullquote, Settings
from tests.fakes import FakeModels
from tests.homes import with_models


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def real_models(home: Path) -> ExportedModels:
    """The built-in encoder, loaded once a module."""
    return ExportedModels(Settings(home=home).models_folder)


@pytest.fixture
def pullquote(tmp_path: Path) -> Iterator[Pullquote]:
    """An empty library."""
    settings = Settings(home=with_models(tmp_path))
    with Pullquote.open(settings=settings, create=True, models=FakeModels()) as pullquote:
        yield pullquote


@pytest.fixture
def store(pullquote: Pullquote) -> PullquoteVectorStore:
    return PullquoteVectorStore(pullquote)
