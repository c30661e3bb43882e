"""Pullquote in LangChain: a retriever, a vector store and a tool.

Importing this package imports langchain-core, so nothing else here does: ask for it by name, or
through :meth:`rag.pullquote.Pullquote.as_retriever`.
"""

from __future__ import annotations

from api.langchain.retriever import PullquoteRetriever
from api.langchain.store import PullquoteVectorStore
from api.langchain.tool import PullquoteAsk

__all__ = ["PullquoteAsk", "PullquoteRetriever", "PullquoteVectorStore"]
