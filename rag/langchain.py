"""Pullquote as a LangChain retriever. Importing this module imports langchain-core."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from rag.answer import SearchResult
from rag.pullquote import Pullquote
from rag.question import Filters

__all__ = ["PullquoteRetriever"]


class PullquoteRetriever(BaseRetriever):
    """Passages as LangChain documents, best first.

    ``metadata`` holds the fields of a search result: ``document_id``, ``start_char_index`` and
    so on, so that what a chain does with the text can still be cited.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    pullquote: Pullquote
    k: int = 5
    filters: Filters = Filters()

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
    ) -> list[Document]:
        results = self.pullquote.search(query, k or self.k, self.filters)
        return [_document(result) for result in results]


def _document(result: SearchResult) -> Document:
    record = result.as_json()
    return Document(id=record["passage_id"], page_content=record.pop("text"), metadata=record)
