"""Haystack: its document splitter and in-memory store, with their defaults, and its embedders."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.bench.baselines.baseline import extra, passage_result
from index.article import Article
from rag.answer import SearchResult

__all__ = ["Haystack"]


class Haystack:
    """Haystack as a baseline; ``model`` is a sentence-transformers folder."""

    def __init__(self, model: Path) -> None:
        # It reports to its maker when it is imported.
        os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
        with extra("haystack-ai"):
            from haystack.components.preprocessors import DocumentSplitter
            from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
            from haystack.document_stores.in_memory import InMemoryDocumentStore
        with extra("haystack-integrations"):
            from haystack_integrations.components.embedders.sentence_transformers import (
                SentenceTransformersDocumentEmbedder,
                SentenceTransformersTextEmbedder,
            )

        self._model = model
        self._splitter = DocumentSplitter()
        self._documents = SentenceTransformersDocumentEmbedder(model=str(model), progress_bar=False)
        self._questions = SentenceTransformersTextEmbedder(model=str(model), progress_bar=False)
        self._store = InMemoryDocumentStore()
        self._retriever = InMemoryEmbeddingRetriever(document_store=self._store)
        self._documents.warm_up()
        self._questions.warm_up()
        self._articles: dict[str, Article] = {}

    def index(self, articles: Sequence[Article]) -> None:
        from haystack import Document

        self._articles = {article.id: article for article in articles}
        documents = [
            Document(content=article.text, meta={"article": article.id}) for article in articles
        ]
        pieces = self._splitter.run(documents=documents)["documents"]
        self._store.write_documents(self._documents.run(documents=pieces)["documents"])

    def search(self, question: str, *, top_k: int = 20) -> list[SearchResult]:
        vector = self._questions.run(text=question)["embedding"]
        results = []
        for hit in self._retriever.run(query_embedding=vector, top_k=top_k)["documents"]:
            start = hit.meta["split_idx_start"]
            end = start + len(hit.content or "")
            article = self._articles[hit.meta["article"]]
            results.append(passage_result(article, start, end, float(hit.score or 0.0)))
        return results

    def describe(self) -> Mapping[str, Any]:
        return {
            "name": "haystack",
            "splitter": "DocumentSplitter, defaults (200 words)",
            "encoder": self._model.name,
            "store": "InMemoryDocumentStore",
        }
