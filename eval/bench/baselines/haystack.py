"""Haystack: its document splitter and in-memory store, with their defaults, and its embedders.

A writer that skips what is there comes after the embedder, so everything is embedded again.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.bench.baselines.baseline import extra, passage_result, peer_command
from eval.bench.process import Command
from index.article import Article
from rag.answer import SearchResult

__all__ = ["Haystack"]

_FILE = "documents.json"
_COLD_SEARCH = """
import sys
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersTextEmbedder,
)
path, model, question = sys.argv[1:]
embedder = SentenceTransformersTextEmbedder(model=model, progress_bar=False)
embedder.warm_up()
store = InMemoryDocumentStore.load_from_disk(path)
retriever = InMemoryEmbeddingRetriever(document_store=store)
vector = embedder.run(text=question)["embedding"]
for document in retriever.run(query_embedding=vector, top_k=5)["documents"]:
    print(document.content)
"""


class Haystack:
    """Haystack as a baseline; ``model`` is a sentence-transformers folder, ``folder`` where it is
    saved."""

    def __init__(self, model: Path, folder: Path) -> None:
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

        # It tells each document that it skips.
        logging.getLogger("haystack.document_stores").setLevel(logging.ERROR)
        self._model = model
        self._path = folder / _FILE
        self._splitter = DocumentSplitter()
        self._documents = SentenceTransformersDocumentEmbedder(model=str(model), progress_bar=False)
        self._questions = SentenceTransformersTextEmbedder(model=str(model), progress_bar=False)
        self._store = (
            InMemoryDocumentStore.load_from_disk(str(self._path))
            if folder.exists()
            else InMemoryDocumentStore()
        )
        self._retriever = InMemoryEmbeddingRetriever(document_store=self._store)
        self._documents.warm_up()
        self._questions.warm_up()
        self._articles: dict[str, Article] = {}

    def index(self, articles: Sequence[Article]) -> None:
        from haystack import Document
        from haystack.components.writers import DocumentWriter
        from haystack.document_stores.types import DuplicatePolicy

        self._articles = {article.id: article for article in articles}
        documents = [
            Document(content=article.text, meta={"article": article.id}) for article in articles
        ]
        pieces = self._splitter.run(documents=documents)["documents"]
        writer = DocumentWriter(self._store, policy=DuplicatePolicy.SKIP)
        writer.run(documents=self._documents.run(documents=pieces)["documents"])

    def save(self) -> None:
        self._path.parent.mkdir(exist_ok=True)
        self._store.save_to_disk(str(self._path))

    def cold_search(self, question: str) -> Command:
        return peer_command(_COLD_SEARCH, self._path, self._model, question)

    def search(
        self, question: str, *, top_k: int = 20, article_ids: Collection[str] = ()
    ) -> list[SearchResult]:
        vector = self._questions.run(text=question)["embedding"]
        condition = {"field": "meta.article", "operator": "in", "value": list(article_ids)}
        documents = self._retriever.run(
            query_embedding=vector, top_k=top_k, filters=condition if article_ids else None
        )["documents"]
        results = []
        for hit in documents:
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
