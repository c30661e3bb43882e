"""LlamaIndex: its sentence splitter and in-memory vector index, both with their defaults.

What is there is left out by refreshing the index. An ingestion pipeline with a document store, its
other way, needs a vector store that keeps texts, which this one is not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.bench.baselines.baseline import extra, passage_result, peer_command
from eval.bench.process import Command
from index.article import Article
from rag.answer import SearchResult

__all__ = ["LlamaIndex"]

_COLD_SEARCH = """
import sys
from llama_index.core import StorageContext, load_index_from_storage
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
folder, model, question = sys.argv[1:]
embedding = HuggingFaceEmbedding(model_name=model, device="cpu")
context = StorageContext.from_defaults(persist_dir=folder)
index = load_index_from_storage(context, embed_model=embedding)
for hit in index.as_retriever(similarity_top_k=5).retrieve(question):
    print(hit.node.text)
"""


class LlamaIndex:
    """LlamaIndex as a baseline; ``model`` is a sentence-transformers folder, ``folder`` where it is
    saved."""

    def __init__(self, model: Path, folder: Path) -> None:
        with extra("llama-index-embeddings-huggingface"):
            from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        with extra("llama-index-core"):
            from llama_index.core import StorageContext, load_index_from_storage

        self._model = model
        self._folder = folder
        self._embedding = HuggingFaceEmbedding(model_name=str(model), device="cpu")
        self._articles: dict[str, Article] = {}
        self._index: Any = None
        if folder.exists():
            context = StorageContext.from_defaults(persist_dir=str(folder))
            self._index = load_index_from_storage(context, embed_model=self._embedding)

    def index(self, articles: Sequence[Article]) -> None:
        from llama_index.core import Document, VectorStoreIndex

        self._articles = {article.id: article for article in articles}
        # The field is there to filter by; it would be embedded with the text.
        keys = ["article"]
        documents = [
            Document(
                text=article.text,
                id_=article.id,
                metadata={"article": article.id},
                excluded_embed_metadata_keys=keys,
                excluded_llm_metadata_keys=keys,
            )
            for article in articles
        ]
        if self._index:
            self._index.refresh_ref_docs(documents)
        else:
            self._index = VectorStoreIndex.from_documents(documents, embed_model=self._embedding)

    def save(self) -> None:
        self._index.storage_context.persist(persist_dir=str(self._folder))

    def cold_search(self, question: str) -> Command:
        return peer_command(_COLD_SEARCH, self._folder, self._model, question)

    def search(
        self, question: str, *, top_k: int = 20, article_ids: Collection[str] = ()
    ) -> list[SearchResult]:
        from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters

        condition = MetadataFilter(
            key="article", value=list(article_ids), operator=FilterOperator.IN
        )
        filters = MetadataFilters(filters=[condition]) if article_ids else None
        hits = self._index.as_retriever(similarity_top_k=top_k, filters=filters).retrieve(question)
        results = []
        for hit in hits:
            article = self._articles[hit.node.ref_doc_id]
            start = hit.node.start_char_idx or 0
            end = hit.node.end_char_idx or start + len(hit.node.text)
            results.append(passage_result(article, start, end, float(hit.score or 0.0)))
        return results

    def describe(self) -> Mapping[str, Any]:
        return {
            "name": "llamaindex",
            "splitter": "SentenceSplitter, defaults",
            "encoder": self._model.name,
            "store": "SimpleVectorStore",
        }
