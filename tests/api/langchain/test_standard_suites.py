"""LangChain's own tests of its integrations, on libraries with the built-in encoder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import BaseTool
from langchain_tests.integration_tests import (
    RetrieversIntegrationTests,
    ToolsIntegrationTests,
    VectorStoreIntegrationTests,
)
from langchain_tests.unit_tests import ToolsUnitTests

from api.langchain import PullquoteAsk, PullquoteRetriever, PullquoteVectorStore
from index.encode.encoders import ExportedModels
from rag import Pullquote, Settings

pytestmark = pytest.mark.anyio
QUESTION = "How much will Alibaba invest in AI infrastructure?"


class _OnTheSeeds:
    """The suites read properties of the test class, and these need the library."""

    library: Pullquote

    @pytest.fixture(autouse=True)
    def _open(self, seeds: Pullquote) -> None:
        type(self).library = seeds


class TestRetriever(_OnTheSeeds, RetrieversIntegrationTests):
    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return PullquoteRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"pullquote": self.library}

    @property
    def retriever_query_example(self) -> str:
        return QUESTION


class TestVectorStore(VectorStoreIntegrationTests):
    @pytest.fixture
    def vectorstore(
        self, tmp_path: Path, real_models: ExportedModels
    ) -> Iterator[PullquoteVectorStore]:
        settings = Settings(home=tmp_path)
        with Pullquote.open(settings=settings, create=True, models=real_models) as pullquote:
            yield PullquoteVectorStore(pullquote)


class _Tool(_OnTheSeeds):
    @property
    def tool_constructor(self) -> type[BaseTool]:
        return PullquoteAsk

    @property
    def tool_constructor_params(self) -> dict[str, Any]:
        return {"pullquote": self.library}

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return {"question": QUESTION, "published_from": "2020-01-01"}


class TestToolUnit(_Tool, ToolsUnitTests):
    pass


class TestToolIntegration(_Tool, ToolsIntegrationTests):
    pass
