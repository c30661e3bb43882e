"""A LangChain retriever over :meth:`rag.pullquote.Pullquote.search`."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from api.langchain.documents import read_filters
from rag.answer import SearchResult
from rag.pullquote import Pullquote
from rag.question import Filters

__all__ = ["PullquoteRetriever"]


class PullquoteRetriever(BaseRetriever):
    """Passages as LangChain documents, best first.

    ``metadata`` holds the fields of a search result (``document_id``, ``start_char_index`` and so
    on), the offsets once more under the names that LangChain has for them (``start_index``,
    ``end_index``), and the article's own metadata, so that a chain can still cite the text.
    ``k`` and ``filters`` may be given with every ``invoke``; filters then replace the
    retriever's own. Raises what ``Pullquote.search`` does.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")

    pullquote: Pullquote
    k: int = 5
    filters: Filters = Filters()

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        filters: Filters | dict[str, object] | None = None,
    ) -> list[Document]:
        search_filters = self.filters if filters is None else read_filters(filters)
        results = self.pullquote.search(
            query, top_k=self.k if k is None else k, filters=search_filters
        )
        return [_document(result) for result in results]


def _document(result: SearchResult) -> Document:
    record = result.as_json()
    text = record.pop("text")
    span = result.passage.span
    offsets = {"start_index": span.start, "end_index": span.end}
    metadata = {**(result.article.metadata or {}), **record, **offsets, "url": result.article.url}
    return Document(id=result.passage.id, page_content=text, metadata=metadata)
